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
    void aRecordThatCannotBeKeptIsSpooledAndTheLogNamesTheCallOnly(CapturedOutput output) throws Exception {
        Path inTheWay = Files.writeString(folder.resolve("cdr"), "");
        new JsonLineCdrWriter(inTheWay).write(record("lost1", "2026-03-05T00:00:01Z"));
        assertThat(Files.readString(folder.resolve("cdr-spool/2026-03-05.jsonl")))
                .contains("\"callId\":\"lost1\"")
                .contains("+15550100");
        assertThat(output.getAll()).contains("spooled call=lost1").doesNotContain("15550100");
    }

    @Test
    void aRecordThatFindsNoPlaceAtAllWaitsForTheNext(CapturedOutput output) throws Exception {
        Path inTheWay = Files.writeString(folder.resolve("file"), "");
        CdrWriter writer = new JsonLineCdrWriter(inTheWay.resolve("cdr"));
        writer.write(record("waits", "2026-03-05T00:00:01Z"));
        assertThat(output.getAll()).contains("waits call=waits").doesNotContain("15550100");
        Files.delete(inTheWay);

        writer.write(record("next", "2026-03-05T00:00:02Z"));

        assertThat(Files.readString(folder.resolve("file/cdr/2026-03-05.jsonl"))
                        .strip()
                        .split("\n", -1))
                .hasSize(2)
                .satisfies(lines -> assertThat(lines[0]).contains("\"callId\":\"waits\""), lines -> assertThat(lines[1])
                        .contains("\"callId\":\"next\""));
    }

    @Test
    void afterAFailureTheNextRecordHasItsOwnLine() throws Exception {
        CdrWriter writer = new JsonLineCdrWriter(folder.resolve("cdr"));
        Path file = Files.createDirectories(folder.resolve("cdr/2026-03-05.jsonl"));
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
                "caller",
                null,
                null);
    }
}
