package io.firefly.voip.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import io.firefly.voip.audio.AudioFormat;
import io.firefly.voip.audio.Sound;
import io.firefly.voip.audio.WavFile;
import io.firefly.voip.testing.RunningFirefly;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A provider nobody knows the address of; the rest of what may fail is in {@link FailureMatrixTest}. */
@Tag("real-calls")
class LostProviderTest {
    @Test
    void whenTheProvidersNameIsUnknownTheCallerHearsTheApologyAndThenBye() throws IOException {
        try (RunningFirefly firefly = RunningFirefly.with(
                        "firefly.agent.provider", "openai",
                        "firefly.openai.api-key", "any",
                        "firefly.openai.base-url", "wss://provider.invalid/v1");
                Caller caller = Caller.connected(firefly, "chat")) {
            assertThat(caller.hearsBye(30_000)).isTrue();
            Sound apology = WavFile.read(Path.of("audio/apology.wav")).as(AudioFormat.NARROWBAND);
            Sound heard = RtpVoice.sound(caller.voice().since(Long.MIN_VALUE));
            assertThat(ChatCallTest.likeness(heard, apology)).isGreaterThan(0.9);
        }
    }
}
