package io.firefly.voip.recording;

import io.firefly.voip.audio.AudioFormat;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.ShortBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The stereo WAV file of one call that whoever carries the sound writes, and what the settings want made of it once its
 * writer has closed it. Writer thread only.
 */
final class ForeignSound {
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(3);
    private static final int HEADER_BYTES = 4_096;
    /** The rings of other calls wait meanwhile. */
    private static final int BYTES_A_ROUND = 4 << 20;

    private static final int RIFF = 0x4646_4952;
    private static final int WAVE = 0x4556_4157;
    private static final int FORMAT = 0x2074_6D66;
    private static final int DATA = 0x6174_6164;

    private final RecordingProperties properties;
    private final String baseName;
    private final Path path;
    private long askedNanos;
    private boolean asked;
    private boolean complete;
    private long at;
    private long end;

    ForeignSound(RecordingProperties properties, String baseName) {
        this.properties = properties;
        this.baseName = baseName;
        this.path = RecordedSound.path(properties.stereoWav(), baseName, 2);
    }

    Path path() {
        return path;
    }

    /**
     * The call is over: what it left, to be filled by {@link #copy}.
     *
     * @param last true when nobody will ask again
     * @return null while its writer is at it
     * @throws IOException when it is not here, or something else
     */
    @Nullable
    RecordedSound arrived(boolean last) throws IOException {
        if (!asked) askedNanos = System.nanoTime();
        asked = true;
        boolean patient = !last && System.nanoTime() - askedNanos < PATIENCE_NANOS;
        try (FileChannel file = FileChannel.open(path)) {
            Header header = Header.of(file, path);
            complete = header != null && header.end() == file.size();
            if (patient && !complete) return null;
            if (header == null) throw new IOException(path + ": no sound in it");
            at = header.start();
            end = complete ? header.end() : file.size();
            return new RecordedSound(properties, baseName, header.format(), (end - at) / 4);
        } catch (NoSuchFileException e) {
            if (patient) return null;
            throw new IOException(path + ": not there; is it the same folder where the sound is recorded?", e);
        }
    }

    /** @return false when there is more to copy, in another round */
    boolean copy(RecordedSound sound, boolean last) throws IOException {
        if (sound.writes()) {
            long most = last ? end : Math.min(end, at + BYTES_A_ROUND);
            try (FileChannel file = FileChannel.open(path)) {
                file.position(at);
                copy(file, most, sound);
            }
            if (at + 4 <= end) return false;
            sound.close();
        }
        if (!complete) throw new IOException(path + ": it was not closed, its end may be missing");
        if (!properties.keepsStereoWav()) Files.deleteIfExists(path);
        return true;
    }

    private void copy(FileChannel file, long most, RecordedSound sound) throws IOException {
        short[] stereo = new short[2 * sound.format().samplesPerFrame()];
        ByteBuffer bytes = ByteBuffer.allocate(2 * stereo.length).order(ByteOrder.LITTLE_ENDIAN);
        while (at + 4 <= most) {
            bytes.clear().limit((int) Math.min(bytes.capacity(), (end - at) / 4 * 4));
            while (bytes.hasRemaining()) if (file.read(bytes) < 0) throw new IOException(path + ": became shorter");
            ShortBuffer samples = bytes.flip().asShortBuffer();
            int length = samples.remaining();
            samples.get(stereo, 0, length);
            if (!sound.write(stereo, length)) throw new IOException("the file is full: 4 GB");
            at += 2L * length;
        }
    }

    /** Where the sound is. {@code end} as its writer said, which is right only when it has closed the file. */
    private record Header(AudioFormat format, long start, long end) {
        static @Nullable Header of(FileChannel file, Path path) throws IOException {
            ByteBuffer bytes = ByteBuffer.allocate(HEADER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
            int read;
            do read = file.read(bytes);
            while (read > 0);
            bytes.flip();
            if (bytes.remaining() < 12) return null;
            if (bytes.getInt(0) != RIFF || bytes.getInt(8) != WAVE) throw new IOException(path + ": not a WAV file");
            AudioFormat format = null;
            for (long at = 12; at + 8 <= bytes.limit(); ) {
                int chunk = (int) at;
                long length = bytes.getInt(chunk + 4) & 0xFFFF_FFFFL;
                if (bytes.getInt(chunk) == FORMAT && at + 24 <= bytes.limit()) format = format(bytes, chunk + 8, path);
                if (bytes.getInt(chunk) == DATA && format != null) return new Header(format, at + 8, at + 8 + length);
                at += 8 + length + (length & 1);
            }
            return null;
        }

        private static AudioFormat format(ByteBuffer bytes, int at, Path path) throws IOException {
            boolean stereo = bytes.getShort(at) == 1 && bytes.getShort(at + 2) == 2 && bytes.getShort(at + 14) == 16;
            int rate = bytes.getInt(at + 4);
            if (!stereo || rate < 8_000 || rate > 48_000 || rate % 1_000 != 0)
                throw new IOException(path + ": not stereo PCM of 16 bit at 8000 to 48000 Hz");
            return new AudioFormat(rate);
        }
    }
}
