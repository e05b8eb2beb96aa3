package io.firefly.voip.agent.pipeline.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.firefly.voip.audio.AudioFormat;
import io.firefly.voip.audio.Sound;
import io.firefly.voip.audio.Tones;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class WavesTest {
    private static final Sound TONE = new Sound(AudioFormat.WIDEBAND, Tones.sine(AudioFormat.WIDEBAND, 440, -6, 200));

    @Test
    void whatIsWrittenIsRead() throws IOException {
        Sound read = Waves.read(Waves.write(TONE), 8_000);

        assertThat(read.format()).isEqualTo(TONE.format());
        assertThat(read.pcm()).isEqualTo(TONE.pcm());
    }

    @Test
    void aStreamedHeaderThatDoesNotKnowItsLengthIsRead() throws IOException {
        byte[] wav = Waves.write(TONE);
        ByteBuffer.wrap(wav).order(ByteOrder.LITTLE_ENDIAN).putInt(4, -1).putInt(40, -1);

        assertThat(Waves.read(wav, 8_000).pcm()).isEqualTo(TONE.pcm());
    }

    @Test
    void bareSamplesHaveTheRateOfTheSettings() throws IOException {
        byte[] wav = Waves.write(TONE);

        Sound read = Waves.read(Arrays.copyOfRange(wav, 44, wav.length), 24_000);

        assertThat(read.format().sampleRateHz()).isEqualTo(24_000);
        assertThat(read.pcm()).isEqualTo(TONE.pcm());
    }

    @Test
    void ofSeveralChannelsTheFirstIsTaken() throws IOException {
        byte[] wav = Waves.write(TONE);
        ByteBuffer.wrap(wav).order(ByteOrder.LITTLE_ENDIAN).putShort(22, (short) 2);

        assertThat(Waves.read(wav, 8_000).pcm()).hasSize(TONE.pcm().length / 2);
    }

    @Test
    void whatIsNoSpeechIsNamed() {
        byte[] float32 = Waves.write(TONE);
        ByteBuffer.wrap(float32)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putShort(20, (short) 3)
                .putShort(34, (short) 32);
        byte[] cd = Waves.write(TONE);
        ByteBuffer.wrap(cd).order(ByteOrder.LITTLE_ENDIAN).putInt(24, 44_100);

        assertThatThrownBy(() -> Waves.read(new byte[0], 8_000)).hasMessage("the speech is empty");
        assertThatThrownBy(() -> Waves.read("{\"error\":1}".getBytes(StandardCharsets.US_ASCII), 8_000))
                .hasMessageContaining("neither WAV nor PCM");
        assertThatThrownBy(() -> Waves.read(float32, 8_000)).hasMessageContaining("format 3, 32 bit");
        assertThatThrownBy(() -> Waves.read(cd, 8_000)).hasMessageContaining("44100 Hz");
        assertThatThrownBy(() -> Waves.read("RIFF".getBytes(StandardCharsets.US_ASCII), 8_000))
                .hasMessage("the WAV file has no data");
    }

    @Test
    void aDamagedFileIsAnIOExceptionAndNothingElse() {
        Random random = new Random(7);
        byte[] good = Waves.write(TONE);
        for (int i = 0; i < 2_000; i++) {
            byte[] bad = Arrays.copyOf(good, random.nextInt(60));
            for (int k = 0; k < 4 && bad.length > 4; k++)
                bad[4 + random.nextInt(bad.length - 4)] = (byte) random.nextInt();
            try {
                assertThat(Waves.read(bad, 8_000).pcm().length).isLessThan(60);
            } catch (IOException expected) {
                assertThat(expected.getMessage()).isNotBlank();
            }
        }
    }
}
