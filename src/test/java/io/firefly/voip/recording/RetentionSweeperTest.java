package io.firefly.voip.recording;

import static org.assertj.core.api.Assertions.assertThat;

import io.firefly.voip.audio.AudioFormat;
import io.firefly.voip.recording.RecordingProperties.By;
import io.firefly.voip.recording.RecordingProperties.Channels;
import io.firefly.voip.recording.RecordingProperties.FileFormat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RetentionSweeperTest {
    private static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");
    private static final Map<String, Duration> DAYS = Map.of("week", Duration.ofDays(7), "month", Duration.ofDays(30));

    @TempDir
    Path folder = Path.of("injected");

    @Test
    void aTenantsRecordingsAreDeletedWhenTheirTimeIsOver() throws IOException {
        call("20261101-120000-a1", "week", NOW.minus(Duration.ofDays(20)));
        call("20261115-120000-a2", "week", NOW.minus(Duration.ofDays(6)));
        call("20261101-120000-a3", "month", NOW.minus(Duration.ofDays(20)));
        call("x_20261001-120000-a4", "month", NOW.minus(Duration.ofDays(31)));
        call("20251001-120000-a5", "keeps", NOW.minus(Duration.ofDays(400)));

        assertThat(sweeper(DAYS).sweep()).isEqualTo(2);

        assertThat(names())
                .noneMatch(name -> name.contains("-a1") || name.contains("-a4"))
                .hasSize(3 * 4);
    }

    @Test
    void aCallThatBeganLongAgoIsOldFromItsEndOn() throws IOException {
        call("20261113-110000-a1", "week", NOW.minus(Duration.ofDays(6)));

        assertThat(sweeper(DAYS).sweep()).isZero();
    }

    @Test
    void whatTheFolderHoldsBesidesIsNotTouched() throws IOException {
        call("20251001-120000-a1", "week", NOW.minus(Duration.ofDays(400)));
        for (String name : List.of(
                "notes.txt",
                "20251001-120000.wav",
                "20251001-120000-a1.wav.bak",
                "20251001-120000-a1-left.wav",
                "20259901-120000-a1.json")) {
            Files.writeString(folder.resolve(name), "mine");
        }
        Files.createDirectory(folder.resolve("20251001-120000-a9.json"));
        Files.createSymbolicLink(folder.resolve("20251001-120000-a8.txt"), folder.resolve("notes.txt"));

        assertThat(sweeper(DAYS).sweep()).isEqualTo(1);
        assertThat(names()).hasSize(7);
    }

    @Test
    void aRecordingOfNobodyIsKeptAsLongAsTheRetentionSays() throws IOException {
        sound("20261001-120000-a1", NOW.minus(Duration.ofDays(31)));
        sound("20261101-120000-a2", NOW.minus(Duration.ofDays(20)));
        // Metadata that a crash left behind, and half a file.
        Files.writeString(folder.resolve("20261101-120000-a2.json"), "{\"callId\":");

        assertThat(sweeper(DAYS).sweep()).isEqualTo(1);
        assertThat(names()).containsExactly("20261101-120000-a2-stereo.wav", "20261101-120000-a2.json");
    }

    @Test
    void aRunningCallIsNeverTouched() throws Exception {
        var properties = new RecordingProperties(
                true, FileFormat.WAV, Channels.BOTH, folder, "", true, 10, Duration.ofHours(1), By.FIREFLY);
        Clock longAgo = Clock.fixed(NOW.minus(Duration.ofDays(400)), ZoneOffset.UTC);
        try (FileRecorder recorder = new FileRecorder(properties, longAgo)) {
            recorder.start(SomeCall.named("a1"), AudioFormat.NARROWBAND);
            Awaitility.await().until(() -> names().size() >= 3);
            for (String name : names()) age(folder.resolve(name), NOW.minus(Duration.ofDays(400)));
            Retention any = retention(DAYS);

            assertThat(new RetentionSweeper(folder, any, recorder::isOpen, Clock.fixed(NOW, ZoneOffset.UTC)).sweep())
                    .isZero();
        }
    }

    @Test
    void withoutRetentionNobodyLooks() throws IOException {
        call("20251001-120000-a1", "week", NOW.minus(Duration.ofDays(400)));

        assertThat(new RetentionSweeper(folder, Retention.NONE, name -> false, Clock.systemUTC()).sweep())
                .isZero();
        assertThat(sweeper(Map.of()).sweep()).isZero();
        assertThat(names()).hasSize(4);
    }

    @Test
    void aFolderThatIsNotThereYetIsNoTrouble() throws IOException {
        assertThat(new RetentionSweeper(
                                folder.resolve("none"),
                                retention(DAYS),
                                name -> false,
                                Clock.fixed(NOW, ZoneOffset.UTC))
                        .sweep())
                .isZero();
    }

    private RetentionSweeper sweeper(Map<String, Duration> days) {
        return new RetentionSweeper(folder, retention(days), name -> false, Clock.fixed(NOW, ZoneOffset.UTC));
    }

    private static Retention retention(Map<String, Duration> days) {
        return new Retention() {
            @Override
            public @Nullable Duration of(@Nullable String tenant) {
                return tenant == null ? days.get("month") : days.get(tenant);
            }

            @Override
            public @Nullable Duration shortest() {
                return days.values().stream().min(Duration::compareTo).orElse(null);
            }
        };
    }

    private void call(String name, String tenant, Instant ended) throws IOException {
        sound(name, NOW);
        Files.writeString(folder.resolve(name + "-mono.raw"), "sound");
        Files.writeString(folder.resolve(name + ".txt"), "words");
        Files.writeString(
                folder.resolve(name + ".json"),
                "{\"ending\": {\"tenant\": \"%s\", \"endedAt\": \"%s\"}}".formatted(tenant, ended));
    }

    private void sound(String name, Instant written) throws IOException {
        Path file = folder.resolve(name + "-stereo.wav");
        Files.writeString(file, "sound");
        age(file, written);
    }

    private static void age(Path file, Instant written) throws IOException {
        Files.setLastModifiedTime(file, FileTime.from(written));
    }

    private List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }
}
