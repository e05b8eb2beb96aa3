package io.firefly.voip.cdr;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

@ExtendWith(OutputCaptureExtension.class)
class JsonLineCdrWriterTest {
    @TempDir
    Path folder = Path.of("injected");

    @Test
    void everyCallIsOneLineInTheFileOfItsDay() throws Exception {
        CdrWriter writer = new JsonLineCdrWriter(folder.resolve("made/cdr"));

        writer.write(record("a", "2026-03-04T23:59:59Z"));
        writer.write(record("b", "2026-03-05T00:00:01Z"));
        writer.write(record("c\n\"", "2026-03-05T00:00:02Z"));

        assertThat(Files.readAllLines(folder.resolve("made/cdr/2026-03-04.jsonl")))
                .hasSize(1);
        List<String> lines = Files.readAllLines(folder.resolve("made/cdr/2026-03-05.jsonl"));
        assertThat(lines).hasSize(2);
        JsonNode first = new ObjectMapper().readTree(lines.get(0));
        assertThat(first.at("/callId").asText()).isEqualTo("b");
        assertThat(first.at("/endedAt").asText()).isEqualTo("2026-03-05T00:00:01Z");
        assertThat(first.at("/talkMillis").asLong()).isEqualTo(9_000);
        assertThat(first.has("tenant")).isFalse();
        assertThat(new ObjectMapper().readTree(lines.get(1)).at("/callId").asText())
                .isEqualTo("c\n\"");
    }

    @Test
    void callsThatEndTogetherDoNotMixTheirLines() throws Exception {
        CdrWriter writer = new JsonLineCdrWriter(folder);

        IntStream.range(0, 200).parallel().forEach(i -> writer.write(record("call" + i, "2026-03-05T00:00:01Z")));

        List<String> lines = Files.readAllLines(folder.resolve("2026-03-05.jsonl"));
        assertThat(lines).hasSize(200).allMatch(line -> line.startsWith("{\"callId\":\"call") && line.endsWith("}"));
    }

    @Test
    void aRecordThatCannotBeKeptIsInTheLog(CapturedOutput output) throws Exception {
        Path inTheWay = Files.writeString(folder.resolve("file"), "");
        new JsonLineCdrWriter(inTheWay.resolve("cdr")).write(record("lost1", "2026-03-05T00:00:01Z"));
        assertThat(output.getAll()).contains("detail record not kept").contains("callId=lost1");
    }

    @Test
    void afterAFailureTheNextRecordHasItsOwnLine() throws Exception {
        CdrWriter writer = new JsonLineCdrWriter(folder);
        Path file = Files.createDirectory(folder.resolve("2026-03-05.jsonl"));
        writer.write(record("lost2", "2026-03-05T00:00:01Z"));
        Files.delete(file);
        Files.writeString(file, "{\"callId\":\"half");

        writer.write(record("next", "2026-03-05T00:00:01Z"));

        assertThat(Files.readAllLines(file).get(1)).startsWith("{\"callId\":\"next\"");
    }

    private static CallDetailRecord record(String id, String endedAt) {
        Instant end = Instant.parse(endedAt);
        return new CallDetailRecord(
                id,
                "net",
                "+15550100",
                "4711",
                null,
                null,
                null,
                null,
                null,
                "PCMA",
                end.minusSeconds(10),
                end.minusSeconds(9),
                end,
                1_000,
                9_000,
                "normal",
                "caller");
    }
}
