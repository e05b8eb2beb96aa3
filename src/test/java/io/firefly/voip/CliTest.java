package io.firefly.voip;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

@ExtendWith(OutputCaptureExtension.class)
class CliTest {
    @Test
    void theExchangeStartsWithoutAVerbOrWithSpringOptions() {
        assertThat(Cli.takes(new String[0])).isFalse();
        assertThat(Cli.takes(new String[] {"serve", "--firefly.sip.port=5070"})).isFalse();
        assertThat(Cli.takes(new String[] {"--server.port=9"})).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"call", "--help", "-h", "--version", "nonsense", "-x"})
    void everythingElseNeedsNoSpring(String verb) {
        assertThat(Cli.takes(new String[] {verb})).isTrue();
    }

    @Test
    void anUnknownVerbIsToldTheKnownOnes(CapturedOutput output) {
        assertThat(Cli.run(new String[] {"cal"})).isEqualTo(2);
        assertThat(output.getErr())
                .contains("no verb 'cal'")
                .contains("serve, call")
                .contains("did you mean 'call'");
        assertThat(Cli.run(new String[] {"frobnicate"})).isEqualTo(2);
        assertThat(output.getErr())
                .contains("no verb 'frobnicate'; known are serve, call, routes, simulator, speech-server"
                        + System.lineSeparator());
    }

    @Test
    void helpAndVersionGoToStdout(CapturedOutput output) {
        assertThat(Cli.run(new String[] {"--help"})).isZero();
        assertThat(Cli.run(new String[] {"--version"})).isZero();
        assertThat(output.getOut()).contains("call sip:echo@127.0.0.1").contains("firefly ");
        assertThat(Cli.run(new String[] {"call"})).isEqualTo(2);
    }
}
