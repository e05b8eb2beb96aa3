package io.firefly.voip.recording;

import io.firefly.voip.audio.AudioFormat;
import io.firefly.voip.audio.WavFile;
import io.firefly.voip.recording.RecordingProperties.Channels;
import io.firefly.voip.recording.RecordingProperties.FileFormat;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The sound files of one recording: the stereo one, the mono mix, or both. Writer thread only. */
final class RecordedSound {
    private static final long NONE = -1;

    private final List<Track> tracks = new ArrayList<>();
    private final AudioFormat format;
    private final short[] mix;

    /** @throws IOException when a file cannot be made; then none is left behind */
    RecordedSound(RecordingProperties properties, String baseName, AudioFormat format) throws IOException {
        this(properties, baseName, format, NONE);
    }

    /**
     * @param there samples of each channel in the stereo WAV file of these names, which somebody else has written
     * @throws IOException when another file cannot be made; then only that one is left
     */
    RecordedSound(RecordingProperties properties, String baseName, AudioFormat format, long there) throws IOException {
        this.format = format;
        this.mix = new short[format.samplesPerFrame()];
        makeFolder(properties.directory());
        boolean takesOver = there != NONE && properties.keepsStereoWav();
        try {
            if (takesOver) tracks.add(new Track(path(properties, baseName, 2), 2, new SoundThere(there)));
            else if (properties.channels() != Channels.MONO) tracks.add(track(properties, baseName, format, 2));
            if (properties.channels() != Channels.STEREO) tracks.add(track(properties, baseName, format, 1));
        } catch (IOException e) {
            for (Track track : tracks) {
                track.file().close();
                if (track.writes()) Files.deleteIfExists(track.path());
            }
            throw e;
        }
    }

    /** To ask whether it is there costs a tenth of being refused to make it again; this is done several times a call. */
    static void makeFolder(@Nullable Path folder) throws IOException {
        if (folder != null && !Files.isDirectory(folder)) Files.createDirectories(folder);
    }

    static Path path(RecordingProperties properties, String baseName, int channels) {
        boolean wav = properties.format() == FileFormat.WAV;
        String name = baseName + (channels == 2 ? "-stereo" : "-mono") + (wav ? ".wav" : ".raw");
        return properties.directory().resolve(name);
    }

    private static Track track(RecordingProperties properties, String baseName, AudioFormat format, int channels)
            throws IOException {
        Path path = path(properties, baseName, channels);
        try {
            SoundFile file = properties.format() == FileFormat.WAV
                    ? new WavSoundFile(new WavFile.Writer(path, format, channels))
                    : new RawSoundFile(path, channels);
            return new Track(path, channels, file);
        } catch (IOException e) {
            Files.deleteIfExists(path);
            throw e;
        }
    }

    AudioFormat format() {
        return format;
    }

    /** Whether a file wants what is written: not when the only one was there already. */
    boolean writes() {
        return tracks.stream().anyMatch(Track::writes);
    }

    /** @return false when a file has reached the 4 GB its format can hold */
    boolean write(short[] stereo, int length) throws IOException {
        for (int i = 0; i < length / 2; i++) {
            int sum = stereo[2 * i] + stereo[2 * i + 1];
            mix[i] = (short) Math.max(Short.MIN_VALUE, Math.min(Short.MAX_VALUE, sum));
        }
        for (Track track : tracks) {
            boolean taken = track.channels() == 2
                    ? track.file().write(stereo, length)
                    : track.file().write(mix, length / 2);
            if (!taken) return false;
        }
        return true;
    }

    /** Samples of one channel that were taken; after {@link #close} those that are on disk, in the shorter file. */
    long samples() {
        return tracks.stream().mapToLong(track -> track.file().samples()).min().orElse(0);
    }

    long millis() {
        return samples() / format.samplesPerMilli();
    }

    List<String> fileNames() {
        return tracks.stream()
                .map(track -> track.path().getFileName().toString())
                .toList();
    }

    /** Closes every file, also when one of them fails. */
    void close() throws IOException {
        IOException failed = null;
        for (Track track : tracks) {
            try {
                track.file().close();
            } catch (IOException e) {
                failed = e;
            }
        }
        if (failed != null) throw failed;
    }

    private record Track(Path path, int channels, SoundFile file) {
        boolean writes() {
            return !(file instanceof SoundThere);
        }
    }

    private interface SoundFile extends AutoCloseable {
        boolean write(short[] pcm, int length) throws IOException;

        long samples();

        @Override
        void close() throws IOException;
    }

    private record SoundThere(long samples) implements SoundFile {
        @Override
        public boolean write(short[] pcm, int length) {
            return true;
        }

        @Override
        public void close() {
            // Who wrote it has closed it.
        }
    }

    private record WavSoundFile(WavFile.Writer writer) implements SoundFile {
        @Override
        public boolean write(short[] pcm, int length) throws IOException {
            return writer.write(pcm, length);
        }

        @Override
        public long samples() {
            return writer.samples();
        }

        @Override
        public void close() throws IOException {
            writer.close();
        }
    }

    private static final class RawSoundFile implements SoundFile {
        private final Path path;
        private final int channels;
        private final OutputStream file;
        private long samples;

        RawSoundFile(Path path, int channels) throws IOException {
            this.path = path;
            this.channels = channels;
            this.file = new BufferedOutputStream(Files.newOutputStream(path), 16 << 10);
        }

        @Override
        public boolean write(short[] pcm, int length) throws IOException {
            for (int i = 0; i < length; i++) {
                file.write(pcm[i]);
                file.write(pcm[i] >> 8);
            }
            samples += length / channels;
            return true;
        }

        @Override
        public long samples() {
            return samples;
        }

        @Override
        public void close() throws IOException {
            try {
                file.close();
            } finally {
                samples = Files.size(path) / 2 / channels;
            }
        }
    }
}
