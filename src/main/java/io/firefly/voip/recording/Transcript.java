package io.firefly.voip.recording;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Locale;

/**
 * What was said, line by line: {@code [HH:MM:SS] CALLER: ...}, the time counted from the beginning of the recording so
 * that it finds the place in the sound. Any thread adds lines, the writer thread appends them to the file.
 */
final class Transcript {
    static final int MAX_WAITING_LINES = 1_000;
    private static final int MAX_LINE_CHARS = 4_000;

    private final Instant startedAt;
    private final Deque<String> waiting = new ArrayDeque<>();
    private int left;
    private int written;

    Transcript(Instant startedAt) {
        this.startedAt = startedAt;
    }

    void add(Instant at, String speaker, String text) {
        Duration since = Duration.between(startedAt, at);
        if (since.isNegative()) since = Duration.ZERO;
        String line = String.format(
                Locale.ROOT,
                "[%02d:%02d:%02d] %s: %s%n",
                since.toHours(),
                since.toMinutesPart(),
                since.toSecondsPart(),
                oneLine(speaker).toUpperCase(Locale.ROOT),
                oneLine(text));
        synchronized (waiting) {
            if (waiting.size() < MAX_WAITING_LINES) {
                waiting.add(line);
            } else {
                left++;
            }
        }
    }

    /**
     * Appends the lines that wait; makes no file for a call in which nothing was said. What could not be written still
     * waits.
     */
    void writeTo(Path file) throws IOException {
        StringBuilder lines = new StringBuilder();
        int taken;
        int missing;
        synchronized (waiting) {
            taken = waiting.size();
            missing = left;
            waiting.forEach(lines::append);
        }
        if (missing > 0) lines.append(String.format("(%d lines left out)%n", missing));
        if (lines.isEmpty()) return;
        append(file, StandardCharsets.UTF_8.encode(lines.toString()));
        written += taken;
        synchronized (waiting) {
            for (int i = 0; i < taken; i++) waiting.remove();
            left -= missing;
        }
    }

    /** All or nothing: of a full disk no half line stays. */
    private static void append(Path file, ByteBuffer text) throws IOException {
        RecordedSound.makeFolder(file.toAbsolutePath().getParent());
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            long before = channel.size();
            channel.position(before);
            try {
                while (text.hasRemaining()) channel.write(text);
            } catch (IOException e) {
                channel.truncate(before);
                throw e;
            }
        }
    }

    int writtenLines() {
        return written;
    }

    /** What a caller or a model says must not be able to forge a line of somebody else. */
    private static String oneLine(String text) {
        String flat = text.replaceAll("[\\p{Cntrl}\\u2028\\u2029]+", " ").strip();
        return flat.length() <= MAX_LINE_CHARS ? flat : flat.substring(0, MAX_LINE_CHARS) + "...";
    }
}
