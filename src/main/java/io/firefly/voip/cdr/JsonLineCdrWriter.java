package io.firefly.voip.cdr;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayDeque;
import java.util.Deque;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Appends one JSON object a line to {@code YYYY-MM-DD.jsonl}; the file may be moved away at any time. When that fails
 * the line goes to a file of the same name in the folder {@code <directory>-spool} beside, and when that fails too it
 * waits in memory for the next call. The log names the call only, never the numbers.
 */
final class JsonLineCdrWriter implements CdrWriter {
    static final int MAX_WAITING = 10_000;

    private static final Logger log = LoggerFactory.getLogger(JsonLineCdrWriter.class);
    private static final ObjectMapper JSON = JsonMapper.builder()
            .addModule(new JavaTimeModule())
            .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
            .serializationInclusion(JsonInclude.Include.NON_NULL)
            .build();

    private final Folder folder;
    private final Folder spool;
    private final Deque<Line> waiting = new ArrayDeque<>();

    JsonLineCdrWriter(Path directory) {
        folder = new Folder(directory);
        spool = new Folder(directory.resolveSibling(directory.getFileName() + "-spool"));
    }

    private record Line(String callId, String fileName, String json) {}

    @Override
    public synchronized void write(CallDetailRecord detail) {
        try {
            String day = LocalDate.ofInstant(detail.endedAt(), ZoneOffset.UTC).toString();
            waiting.add(new Line(detail.callId(), day + ".jsonl", JSON.writeValueAsString(detail)));
        } catch (JsonProcessingException e) {
            log.error("detail record lost call={}: {}", detail.callId(), e.toString());
            return;
        }
        while (!waiting.isEmpty() && isKept(waiting.peek())) waiting.remove();
        if (waiting.size() > MAX_WAITING) {
            log.error(
                    "detail record lost call={}: {} are waiting",
                    waiting.remove().callId(),
                    MAX_WAITING);
        }
    }

    private boolean isKept(Line line) {
        try {
            folder.append(line);
            return true;
        } catch (IOException e) {
            return isSpooled(line, e);
        }
    }

    private boolean isSpooled(Line line, IOException cause) {
        try {
            spool.append(line);
            log.error("detail record spooled call={} folder={}: {}", line.callId(), spool.path, cause.toString());
            return true;
        } catch (IOException e) {
            log.error("detail record waits call={} waiting={}: {}", line.callId(), waiting.size(), e.toString());
            return false;
        }
    }

    private static final class Folder {
        private final Path path;
        /** A write that failed half way may have left half a line: the next one begins a new line. */
        private boolean torn;

        Folder(Path path) {
            this.path = path;
        }

        void append(Line line) throws IOException {
            String text = (torn ? "\n" : "") + line.json() + "\n";
            if (!Files.isDirectory(path)) Files.createDirectories(path);
            torn = true;
            Files.writeString(
                    path.resolve(line.fileName()),
                    text,
                    StandardCharsets.UTF_8,
                    StandardOpenOption.CREATE,
                    StandardOpenOption.APPEND);
            torn = false;
        }
    }
}
