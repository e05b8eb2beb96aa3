package io.firefly.voip.phone;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.firefly.voip.audio.WavFile;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

@ExtendWith(OutputCaptureExtension.class)
class CallCommandTest {
    @TempDir
    Path folder = Path.of("injected");

    @Test
    void theResultIsJsonOnStdoutAndTheLadderOnStderr(CapturedOutput output) throws Exception {
        Path record = folder.resolve("heard.wav");
        try (FakeUas uas = FakeUas.echoing(20)) {
            int exit = CallCommand.run(
                    new String[] {uas.uri(), "--seconds", "1", "--record", record.toString(), "-o", "json"});

            assertThat(exit).isZero();
            JsonNode report = new ObjectMapper().readTree(output.getOut());
            assertThat(report.at("/outcome").asText()).isEqualTo("OK");
            assertThat(report.at("/exitCode").asInt()).isZero();
            assertThat(report.at("/roundTripMillis").asDouble()).isBetween(15.0, 60.0);
            assertThat(report.at("/rtp/received").asInt()).isGreaterThan(40);
            assertThat(report.at("/heard/millis").asInt()).isGreaterThan(800);
            assertThat(report.at("/ladder/0/message").asText()).startsWith("INVITE");
            assertThat(output.getErr()).contains("->  INVITE").contains("<-  200 OK");
            assertThat(WavFile.read(record).durationMillis())
                    .isEqualTo(report.at("/heard/millis").asLong());
        }
    }

    @Test
    void forPeopleTheLastLineIsTheVerdict(CapturedOutput output) throws Exception {
        try (FakeUas uas = FakeUas.echoing(20)) {
            assertThat(CallCommand.run(new String[] {uas.uri(), "--seconds", "1", "--codec", "pcma"}))
                    .isZero();
        }
        assertThat(output.getOut()).contains("round trip", "codec PCMA").endsWith("OK: answered and heard\n");
    }

    @ParameterizedTest
    @CsvSource({
        "'', Missing required parameter",
        "tel:+1, is not like sip:",
        "sip:a@b --seconds 0, --seconds 0",
        "sip:a@b --seconds x, x",
        "sip:a@b --codec opus, pcma or pcmu",
        "sip:a@b --transport tls, udp or tcp",
        "sip:a@b -o xml, text or json",
        "sip:a@b --dtmf 12x, --dtmf 12x",
        "sip:a@b --play nowhere.wav, no such file",
        "sip:a@b --play pom.xml, no RIFF header",
        "sip:a@b --password x, --password without --user",
        "sip:a@b --header NoColon, Name: value",
        "sip:a@b --header Via:x, the call sets this one itself",
        "sip:a@b --from <x>, --from",
        "sip:a@b --nonsense, Unknown option"
    })
    void aWrongCommandLineIsToldAndExitsWithTwo(String line, String said, CapturedOutput output) {
        String[] words = Arrays.stream(line.split(" ", -1))
                .filter(word -> !word.isEmpty())
                .toArray(String[]::new);
        assertThat(CallCommand.run(words)).isEqualTo(2);
        assertThat(output.getErr()).contains(said);
    }

    @Test
    void helpNamesEveryExitCode(CapturedOutput output) {
        assertThat(CallCommand.run(new String[] {"--help"})).isZero();
        assertThat(output.getOut()).startsWith("Examples:");
        for (Outcome outcome : Outcome.values()) {
            assertThat(output.getOut()).containsPattern("(?m)^  " + outcome.exitCode() + " ");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"udp", "tcp"})
    void sippIsCalledAndEchoes(String transport, CapturedOutput output) throws Exception {
        Assumptions.assumeTrue(isInstalled("sipp"), "skipped: sipp is not installed (apt-get install sip-tester)");
        int port = freePort();
        Process sipp = new ProcessBuilder(
                        "sipp",
                        "-sn",
                        "uas",
                        "-rtp_echo",
                        "-i",
                        "127.0.0.1",
                        "-mi",
                        "127.0.0.1",
                        "-nostdin",
                        "-p",
                        String.valueOf(port),
                        "-mp",
                        String.valueOf(freePort()),
                        "-t",
                        transport.equals("tcp") ? "t1" : "u1")
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("sipp.log").toFile())
                .start();
        try {
            int exit = 4;
            for (int tries = 0; tries < 20 && exit == 4; tries++) {
                exit = CallCommand.run(
                        new String[] {"sip:echo@127.0.0.1:" + port, "--seconds", "1", "--transport", transport});
                if (exit == 4)
                    assertThat(sipp.waitFor(200, TimeUnit.MILLISECONDS)).isFalse();
            }
            assertThat(exit).isZero();
            assertThat(output.getOut())
                    .contains("codec PCMU")
                    .contains(" 0 lost")
                    .doesNotContain("no echo");
        } finally {
            sipp.destroyForcibly().waitFor(5, TimeUnit.SECONDS);
        }
    }

    private static boolean isInstalled(String tool) {
        return Arrays.stream(System.getenv("PATH").split(":", -1))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, tool)));
    }

    private static int freePort() throws IOException {
        try (DatagramSocket probe = new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))) {
            return probe.getLocalPort();
        }
    }
}
