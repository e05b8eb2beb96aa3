package io.firefly.voip.cdr;

import com.fasterxml.jackson.annotation.JsonInclude;
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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Appends one JSON object a line to {@code YYYY-MM-DD.jsonl}; the file may be moved away at any time. */
final class JsonLineCdrWriter implements CdrWriter {
    private static final Logger log = LoggerFactory.getLogger(JsonLineCdrWriter.class);
    private static final ObjectMapper JSON = JsonMapper.builder()
            .addModule(new JavaTimeModule())
            .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
            .serializationInclusion(JsonInclude.Include.NON_NULL)
            .build();

    private final Path directory;
    /** A write that failed half way may have left half a line: the next one begins a new line. */
    private boolean torn;

    JsonLineCdrWriter(Path directory) {
        this.directory = directory;
    }

    @Override
    public synchronized void write(CallDetailRecord detail) {
        LocalDate day = LocalDate.ofInstant(detail.endedAt(), ZoneOffset.UTC);
        Path file = directory.resolve(day + ".jsonl");
        try {
            String line = (torn ? "\n" : "") + JSON.writeValueAsString(detail) + "\n";
            Files.createDirectories(directory);
            Files.writeString(file, line, StandardCharsets.UTF_8, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
            torn = false;
        } catch (IOException e) {
            torn = true;
            log.error("detail record not kept file={} record={}: {}", file, detail, e.toString());
        }
    }
}
