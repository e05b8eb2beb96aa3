package io.firefly.voip.audio;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ShippedSoundsTest {
    @ParameterizedTest
    @CsvSource({
        "welcome, 6000, 8000",
        "count, 7000, 9000",
        "apology, 3000, 5000",
        "sorry-repeat, 1500, 2500",
        "one-moment, 1000, 2000",
        "caller, 18000, 24000"
    })
    void speaksAtOnceIsNotTooLoudAndEndsWithoutSilence(String name, long shortest, long longest) throws IOException {
        Sound sound = WavFile.read(Path.of("audio", name + ".wav"));

        int peak = 0;
        for (short sample : sound.pcm()) peak = Math.max(peak, Math.abs(sample));
        int tenth = sound.format().samplesPerMilli() * 100;

        assertThat(sound.format()).isEqualTo(AudioFormat.NARROWBAND);
        assertThat(sound.durationMillis()).isBetween(shortest, longest);
        assertThat(20 * Math.log10(peak / 32_768.0)).isBetween(-4.0, -2.5);
        assertThat(LevelMeter.measure(sound.pcm(), 0, tenth)).isGreaterThan(-60);
        assertThat(LevelMeter.measure(sound.pcm(), sound.pcm().length - tenth, tenth))
                .isGreaterThan(-60);
    }
}
