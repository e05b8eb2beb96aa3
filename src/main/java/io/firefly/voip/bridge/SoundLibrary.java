package io.firefly.voip.bridge;

import io.firefly.voip.audio.AudioFormat;
import io.firefly.voip.audio.Sound;
import io.firefly.voip.audio.Tempo;
import io.firefly.voip.audio.WavFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Prompts, read and converted once and shared by all calls. A file that changed on disk is read again. Reading happens
 * on {@code sounds-*} threads, never on a call's.
 */
public final class SoundLibrary implements AutoCloseable {
    private static final int MAX_SOUNDS = 64;

    private final Map<Key, short[]> sounds = Collections.synchronizedMap(new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Key, short[]> eldest) {
            return size() > MAX_SOUNDS;
        }
    });

    private final ExecutorService reader =
            new ThreadPoolExecutor(0, 1, 10, TimeUnit.SECONDS, new LinkedBlockingQueue<>(1_000), task -> {
                Thread thread = new Thread(task, "sounds");
                thread.setDaemon(true);
                return thread;
            });

    /**
     * The samples of a file at a rate and tempo. The array is shared: read only.
     *
     * @return completes with an {@link UncheckedIOException} that names the file and what is wrong with it
     */
    public CompletionStage<short[]> sound(Path file, AudioFormat format, double tempo) {
        return CompletableFuture.supplyAsync(() -> load(file, format, tempo), reader);
    }

    private short[] load(Path file, AudioFormat format, double tempo) {
        try {
            Key key = new Key(file, Files.getLastModifiedTime(file), format, tempo);
            short[] known = sounds.get(key);
            if (known != null) return known;
            Sound sound = WavFile.read(file).as(format);
            short[] samples = tempo == 1.0 ? sound.pcm() : Tempo.stretch(sound.pcm(), format, tempo);
            sounds.put(key, samples);
            return samples;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot play " + file + ": " + e.getMessage(), e);
        }
    }

    @Override
    public void close() {
        reader.shutdownNow();
    }

    private record Key(Path file, FileTime changed, AudioFormat format, double tempo) {}
}
