package io.firefly.voip.audio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WavFileTest {
    @TempDir
    Path folder = Path.of("injected");

    @Test
    void whatWasWrittenIsRead() throws IOException {
        short[] tone = Tones.sine(AudioFormat.WIDEBAND, 440, -6, 300);
        Path file = folder.resolve("tone.wav");

        try (WavFile.Writer writer = new WavFile.Writer(file, AudioFormat.WIDEBAND, 1)) {
            assertThat(writer.write(tone, tone.length)).isTrue();
            assertThat(writer.samples()).isEqualTo(tone.length);
        }
        Sound read = WavFile.read(file);

        assertThat(read.format()).isEqualTo(AudioFormat.WIDEBAND);
        assertThat(read.pcm()).isEqualTo(tone);
        assertThat(read.durationMillis()).isEqualTo(300);
        assertThat(Files.size(file)).isEqualTo(44 + 2L * tone.length);
    }

    @Test
    void stereoIsMixedDown() throws IOException {
        Path file = folder.resolve("stereo.wav");
        try (WavFile.Writer writer = new WavFile.Writer(file, AudioFormat.NARROWBAND, 2)) {
            writer.write(new short[] {100, 300, -32_768, -32_768, 7, -7}, 6);
        }
        assertThat(WavFile.read(file).pcm()).containsExactly(200, -32_768, 0);
    }

    @Test
    void onAFullDiskWhatFoundRoomIsPlayable() throws IOException {
        Path file = folder.resolve("full.wav");
        FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        WavFile.Writer writer =
                new WavFile.Writer(new FullDisk(channel, 20_003), AudioFormat.NARROWBAND, 2, Integer.MAX_VALUE);
        short[] pcm = new short[30_000];
        for (int i = 0; i < pcm.length; i++) pcm[i] = (short) (i / 2);
        assertThatThrownBy(() -> writer.write(pcm, pcm.length)).hasMessageContaining("No space left");
        assertThatThrownBy(writer::close).hasMessageContaining("No space left");

        short[] read = WavFile.read(file).pcm();
        assertThat(read).hasSize((20_003 - 44) / 4);
        for (int i = 0; i < read.length; i++) assertThat(read[i]).isEqualTo((short) i);
        assertThat(writer.samples()).isEqualTo(read.length);
        int told = ByteBuffer.wrap(Files.readAllBytes(file))
                .order(ByteOrder.LITTLE_ENDIAN)
                .getInt(40);
        assertThat(told).as("players read this, not the length of the file").isEqualTo(4 * read.length);
    }

    @ParameterizedTest
    @CsvSource({"1, 8, 0x80, 0", "1, 8, 0xFF, 32512", "1, 8, 0x00, -32768", "6, 8, 0xAA, 32256", "7, 8, 0x80, 32124"})
    void oneByteEncodingsAreExpanded(int encoding, int bits, String code, short value) throws IOException {
        Path file = write(wav(encoding, 1, 8_000, bits, new byte[] {(byte) (int) Integer.decode(code)}));
        assertThat(WavFile.read(file).pcm()).containsExactly(value);
    }

    @ParameterizedTest
    @CsvSource({
        "3, 1, 8000, 32, encoding 3 with 32 bit",
        "1, 1, 8000, 24, encoding 1 with 24 bit",
        "17, 1, 8000, 4, encoding 17 with 4 bit",
        "1, 6, 8000, 16, 6 channels",
        "1, 0, 8000, 16, 0 channels",
        "1, 1, 44100, 16, 44100 Hz",
        "1, 1, 96000, 16, 96000 Hz",
        "1, 1, -1, 16, -1 Hz"
    })
    void anotherFormatIsRefusedWithWhatIsAllowed(int encoding, int channels, int rate, int bits, String found)
            throws IOException {
        Path file = write(wav(encoding, channels, rate, bits, new byte[64]));
        assertThatThrownBy(() -> WavFile.read(file))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(file.toString())
                .hasMessageContaining(found)
                .hasMessageContaining("allowed are PCM of 16");
    }

    @Test
    void brokenFilesAreRefusedAndNeverCrash() throws IOException {
        byte[] good = wav(1, 1, 8_000, 16, new byte[320]);
        for (int length = 0; length < good.length; length++) {
            Path file = write(Arrays.copyOf(good, length));
            assertThatThrownBy(() -> WavFile.read(file)).isInstanceOf(IOException.class);
        }
        assertThatThrownBy(() -> WavFile.read(write("<html>not found</html>".getBytes(StandardCharsets.UTF_8))))
                .hasMessageContaining("no RIFF header");
        assertThatThrownBy(() -> WavFile.read(folder.resolve("nowhere.wav"))).isInstanceOf(IOException.class);
    }

    @Test
    void anyDamagedByteGivesASoundOrAnIoException() throws IOException {
        byte[] good = wav(1, 1, 8_000, 16, new byte[32]);
        for (int at = 0; at < good.length; at++) {
            for (int value : new int[] {0, 1, 0x7F, 0x80, 0xFF}) {
                byte[] damaged = good.clone();
                damaged[at] = (byte) value;
                assertThat(isSoundOrIoException(write(damaged)))
                        .as("byte %d = %d", at, value)
                        .isTrue();
            }
        }
    }

    @Test
    void aStreamedFileWithoutASizeIsReadToItsEnd() throws IOException {
        byte[] streamed = wav(1, 1, 8_000, 16, new byte[320]);
        ByteBuffer.wrap(streamed).order(ByteOrder.LITTLE_ENDIAN).putInt(40, -1);
        assertThat(WavFile.read(write(streamed)).pcm()).hasSize(160);
    }

    @Test
    void aCrashCostsAtMostFiveSeconds() throws IOException {
        Path file = folder.resolve("crashed.wav");
        short[] second = new short[8_000];
        try (WavFile.Writer writer = new WavFile.Writer(file, AudioFormat.NARROWBAND, 1)) {
            for (int i = 0; i < 12; i++) writer.write(second, second.length);

            assertThat(WavFile.read(Files.copy(file, folder.resolve("copy.wav")))
                            .durationMillis())
                    .isEqualTo(10_000);
        }
        assertThat(WavFile.read(file).durationMillis()).isEqualTo(12_000);
    }

    @Test
    void aFullFileStaysCorrectAndTakesNoMore() throws IOException {
        Path file = folder.resolve("full.wav");
        try (WavFile.Writer writer = new WavFile.Writer(file, AudioFormat.NARROWBAND, 1, 640)) {
            assertThat(writer.write(new short[160], 160)).isTrue();
            assertThat(writer.write(new short[160], 160)).isTrue();
            assertThat(writer.write(new short[160], 160)).isFalse();
            assertThat(writer.write(new short[1], 1)).isFalse();
            assertThat(writer.isFull()).isTrue();
        }
        assertThat(WavFile.read(file).pcm()).hasSize(320);
    }

    @Test
    void closingTwiceIsOnce() throws IOException {
        WavFile.Writer writer = new WavFile.Writer(folder.resolve("twice.wav"), AudioFormat.NARROWBAND, 1);
        writer.close();
        writer.close();
        assertThat(WavFile.read(folder.resolve("twice.wav")).pcm()).isEmpty();
    }

    @Test
    void theHeaderHasTheSizesOfTheFormat() throws IOException {
        Path file = folder.resolve("header.wav");
        try (WavFile.Writer writer = new WavFile.Writer(file, AudioFormat.NARROWBAND, 2)) {
            writer.write(new short[16_000], 16_000);
        }
        try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "r")) {
            byte[] header = new byte[44];
            bytes.readFully(header);
            ByteBuffer fields = ByteBuffer.wrap(header).order(ByteOrder.LITTLE_ENDIAN);
            assertThat(fields.getInt(4)).isEqualTo(36 + 32_000);
            assertThat(fields.getShort(32)).isEqualTo((short) 4);
            assertThat(fields.getInt(28)).isEqualTo(32_000);
        }
    }

    private static boolean isSoundOrIoException(Path file) {
        try {
            return WavFile.read(file).pcm().length <= 64;
        } catch (IOException refused) {
            return refused.toString().contains(file.toString());
        }
    }

    private Path write(byte[] bytes) throws IOException {
        return Files.write(folder.resolve("made.wav"), bytes);
    }

    private static byte[] wav(int encoding, int channels, int rate, int bits, byte[] sound) {
        ByteBuffer file = ByteBuffer.allocate(44 + sound.length).order(ByteOrder.LITTLE_ENDIAN);
        file.put("RIFF".getBytes(StandardCharsets.US_ASCII)).putInt(36 + sound.length);
        file.put("WAVEfmt ".getBytes(StandardCharsets.US_ASCII)).putInt(16);
        file.putShort((short) encoding).putShort((short) channels).putInt(rate).putInt(rate * channels * bits / 8);
        file.putShort((short) (channels * bits / 8)).putShort((short) bits);
        file.put("data".getBytes(StandardCharsets.US_ASCII))
                .putInt(sound.length)
                .put(sound);
        return file.array();
    }
}
