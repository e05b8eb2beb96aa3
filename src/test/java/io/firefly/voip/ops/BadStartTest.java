package io.firefly.voip.ops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.firefly.voip.testing.RunningFirefly;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** A start that cannot succeed ends at once, with a sentence that names the place and the fix. */
@ExtendWith(OutputCaptureExtension.class)
class BadStartTest {
    private static void refuses(CapturedOutput printed, String sentence, String... settings) {
        assertThatThrownBy(() -> RunningFirefly.with(settings).close()).isInstanceOf(RuntimeException.class);
        assertThat(printed.getErr() + printed.getOut()).contains(sentence).doesNotContain("\tat ");
    }

    @Test
    void aMisspeltGroupOfSettingsIsNamed(CapturedOutput printed) {
        refuses(printed, "unknown settings [firefly.sipp.port", "firefly.sipp.port", "5060");
    }

    @Test
    void aMisspeltSettingIsNamed(CapturedOutput printed) {
        refuses(printed, "firefly.sip.prot", "firefly.sip.prot", "5060");
    }

    @Test
    void aTakenSipPortIsNamedWithItsSetting(CapturedOutput printed) throws Exception {
        try (DatagramSocket other = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            refuses(printed, "is another process there?", "firefly.sip.port", String.valueOf(other.getLocalPort()));
        }
    }

    @Test
    void thePasswordEverybodyKnowsIsRefusedInProduction(CapturedOutput printed) {
        refuses(
                printed,
                "still has the password everybody knows",
                "spring.profiles.active",
                "prod",
                "firefly.registrar.development-subscriber.user",
                "linphone",
                "firefly.registrar.development-subscriber.password",
                "test123");
    }

    @Test
    void hawtioWithoutAPasswordIsRefusedInProduction(CapturedOutput printed) {
        refuses(
                printed,
                "set firefly.management.password",
                "spring.profiles.active",
                "prod",
                "firefly.management.hawtio",
                "true");
    }

    @Test
    void openAiWithoutAKeyIsRefused(CapturedOutput printed) {
        refuses(printed, "needs a key", "firefly.agent.provider", "openai");
    }

    @Test
    void aDataFolderInUseIsNamed(@TempDir Path folder, CapturedOutput printed) throws IOException {
        try (FileChannel database = FileChannel.open(
                        folder.resolve("firefly.mv.db"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock lock = database.lock()) {
            assertThat(lock.isValid()).isTrue();
            refuses(printed, "(firefly.data.directory)", "firefly.data.directory", folder.toString());
        }
    }

    @Test
    void aMistakeInTheTenantsIsShownWithItsLine(@TempDir Path routes, CapturedOutput printed) throws IOException {
        Files.writeString(routes.resolve("tenants.yaml"), "tenants:\n  - id: acme\n    calflow: chat\n");
        refuses(printed, "tenants.yaml:3:5  unknown field 'calflow'", "firefly.routes.directory", routes.toString());
    }
}
