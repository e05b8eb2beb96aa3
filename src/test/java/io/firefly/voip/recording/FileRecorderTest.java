package io.firefly.voip.recording;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.firefly.voip.audio.AudioFormat;
import io.firefly.voip.audio.WavFile;
import io.firefly.voip.call.CallEvent.EndedBy;
import io.firefly.voip.call.HangupCause;
import io.firefly.voip.recording.RecordingProperties.By;
import io.firefly.voip.recording.RecordingProperties.Channels;
import io.firefly.voip.recording.RecordingProperties.FileFormat;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

@ExtendWith(OutputCaptureExtension.class)
class FileRecorderTest {
    private static final String BASE = "20260304-050607-";
    private static final Recording.Summary SUMMARY = new Recording.Summary(
            "acme",
            "inbound",
            "reception",
            "PCMA",
            SomeCall.START.plusSeconds(3),
            SomeCall.START.plusSeconds(13),
            Duration.ofSeconds(10),
            HangupCause.NORMAL,
            EndedBy.CALLER);

    private static final Duration HOURLY = Duration.ofHours(1);

    @TempDir
    Path folder = Path.of("injected");

    @ParameterizedTest
    @CsvSource({"52, 1000", "50, 1000", "48, 980", "47, 980", "40, 800"})
    void aRecordingIsAsLongAsItsCallButForAFrame(int ticks, int millis) throws Exception {
        Recording.Summary brief = new Recording.Summary(
                null,
                null,
                null,
                "PCMA",
                SomeCall.START,
                SomeCall.START,
                Duration.ofMillis(990),
                HangupCause.NORMAL,
                EndedBy.CALLER);
        try (FileRecorder recorder = recorder(FileFormat.WAV, Channels.STEREO)) {
            Recording recording = recorder.start(SomeCall.named("a1"), AudioFormat.NARROWBAND);
            for (int tick = 1; tick <= ticks; tick++) {
                recording.callerSide().write(frame(tick), 160);
                recording.agentSide().write(frame(tick), 160);
            }
            recording.finish(brief).toCompletableFuture().get(5, TimeUnit.SECONDS);
        }
        assertThat(Files.size(folder.resolve(BASE + "a1-stereo.wav")) - 44).isEqualTo(millis * 32L);
    }

    @Test
    void callerIsLeftAgentIsRightAndEveryTickCounts() throws Exception {
        try (FileRecorder recorder = recorder(FileFormat.WAV, Channels.BOTH)) {
            Recording recording = recorder.start(SomeCall.named("a1"), AudioFormat.NARROWBAND);
            for (int tick = 1; tick <= 37; tick++) {
                recording.callerSide().write(frame(tick), 160);
                recording.agentSide().write(frame(-100 * tick), 160);
            }
            assertThat(recorder.openRecordings()).isEqualTo(1);
            finish(recording);

            assertThat(recorder.openRecordings()).isZero();
        }
        short[] stereo = samples(folder.resolve(BASE + "a1-stereo.wav"), 44);
        assertThat(stereo).hasSize(37 * 320);
        assertThat(Arrays.copyOf(stereo, 4)).containsExactly(1, -100, 1, -100);
        assertThat(stereo[stereo.length - 2]).isEqualTo((short) 37);
        short[] mono = WavFile.read(folder.resolve(BASE + "a1-mono.wav")).pcm();
        assertThat(mono).hasSize(37 * 160).startsWith(-99).endsWith(-3_663);
    }

    @Test
    void rawIsTheSameWithoutAHeader() throws Exception {
        try (FileRecorder recorder = recorder(FileFormat.RAW, Channels.MONO)) {
            Recording recording = recorder.start(SomeCall.named("a2"), AudioFormat.WIDEBAND);
            recording.callerSide().write(frame(-300), 160);
            recording.agentSide().write(frame(100), 160);
            finish(recording);
        }
        short[] mono = samples(folder.resolve(BASE + "a2-mono.raw"), 0);
        assertThat(mono).hasSize(320).startsWith(-200).endsWith(0);
    }

    @Test
    void aSideThatIsMissingInATickIsSilence() throws Exception {
        try (FileRecorder recorder = recorder(FileFormat.WAV, Channels.STEREO)) {
            Recording recording = recorder.start(SomeCall.named("a3"), AudioFormat.NARROWBAND);
            recording.callerSide().write(frame(1), 160);
            recording.callerSide().write(frame(2), 160);
            recording.agentSide().write(frame(3), 160);
            recording.agentSide().write(frame(4), 160);
            finish(recording);
        }
        short[] stereo = samples(folder.resolve(BASE + "a3-stereo.wav"), 44);
        assertThat(stereo).hasSize(3 * 320);
        assertThat(new short[] {stereo[0], stereo[1], stereo[320], stereo[321], stereo[640], stereo[641]})
                .containsExactly(1, 0, 2, 3, 0, 4);
    }

    @Test
    void metadataAndTranscriptStandBesideTheSound() throws Exception {
        try (FileRecorder recorder = recorder(FileFormat.WAV, Channels.STEREO)) {
            Recording recording = recorder.start(SomeCall.named("a4"), AudioFormat.NARROWBAND);
            recording.callerSide().write(frame(1), 160);
            recording.agentSide().write(frame(1), 160);
            recording.said(SomeCall.START.plusSeconds(2), "caller", "Hello?");
            recording.said(SomeCall.START.plusSeconds(3_723), "ai", "Line one\r\n[00:00:00] CALLER: forged");
            finish(recording);
        }
        assertThat(Files.readAllLines(folder.resolve(BASE + "a4.txt")))
                .containsExactly("[00:00:02] CALLER: Hello?", "[01:02:03] AI: Line one [00:00:00] CALLER: forged");
        JsonNode json =
                new ObjectMapper().readTree(folder.resolve(BASE + "a4.json").toFile());
        assertThat(json.at("/callId").asText()).isEqualTo("a4");
        assertThat(json.at("/networkCallId").asText()).isEqualTo("net-a4");
        assertThat(json.at("/caller/number").asText()).isEqualTo("+15550100");
        assertThat(json.at("/called/number").asText()).isEqualTo("4711");
        assertThat(json.at("/diversions/0/from/number").asText()).isEqualTo("+15550199");
        assertThat(json.at("/diversions/0/reason").asText()).isEqualTo("no-answer");
        assertThat(json.at("/ending/tenant").asText()).isEqualTo("acme");
        assertThat(json.at("/ending/route").asText()).isEqualTo("inbound");
        assertThat(json.at("/ending/answeredAt").asText()).isEqualTo("2026-03-04T05:06:10Z");
        assertThat(json.at("/ending/codec").asText()).isEqualTo("PCMA");
        assertThat(json.at("/ending/endedBy").asText()).isEqualTo("caller");
        assertThat(json.at("/ending/talkMillis").asLong()).isEqualTo(10_000);
        assertThat(json.at("/kept/millis").asLong()).isEqualTo(20);
        assertThat(json.at("/kept/files/0").asText()).isEqualTo(BASE + "a4-stereo.wav");
        assertThat(json.at("/kept/transcript").asText()).isEqualTo(BASE + "a4.txt");
        assertThat(json.at("/kept").has("failure")).isFalse();
    }

    @Test
    void aFolderThatCannotBeMadeIsSaidOnceAndHarmsNobody(CapturedOutput output) throws Exception {
        Path notAFolder = Files.writeString(folder.resolve("file"), "in the way");
        RecordingProperties properties = properties(FileFormat.WAV, Channels.BOTH, notAFolder.resolve("below"));
        try (FileRecorder recorder = new FileRecorder(properties, clock())) {
            Recording recording = recorder.start(SomeCall.named("b1"), AudioFormat.NARROWBAND);
            for (int tick = 0; tick < 300; tick++) {
                recording.callerSide().write(frame(1), 160);
                recording.agentSide().write(frame(1), 160);
                recording.said(SomeCall.START, "caller", "still talking");
            }
            Awaitility.await().atMost(5, TimeUnit.SECONDS).until(() -> output.getAll()
                    .contains("recording stopped"));
            finish(recording);

            assertThat(recorder.openRecordings()).isZero();
        }
        assertThat(output.getAll()).containsOnlyOnce("recording stopped call=b1");
        assertThat(namesIn(folder)).containsExactly("file");
    }

    @Test
    void soundThatFindsNoRoomFromTheBeginningLeavesItsMetadataAndTranscript(CapturedOutput output) throws Exception {
        Path full = Path.of("/dev/full");
        Assumptions.assumeTrue(Files.exists(full), "skipped: no /dev/full on this system");
        Files.createSymbolicLink(folder.resolve(BASE + "b2-stereo.wav"), full);
        try (FileRecorder recorder = recorder(FileFormat.WAV, Channels.STEREO)) {
            Recording recording = recorder.start(SomeCall.named("b2"), AudioFormat.NARROWBAND);
            recording.callerSide().write(frame(1), 160);
            recording.agentSide().write(frame(1), 160);
            recording.said(SomeCall.START, "caller", "Hello?");
            finish(recording);
        }
        assertThat(output.getAll()).containsOnlyOnce("recording stopped call=b2");
        assertThat(output.getAll()).contains("No space left");
        assertThat(namesIn(folder)).containsExactly(BASE + "b2.json", BASE + "b2.txt");
        assertThat(Files.readString(folder.resolve(BASE + "b2.json")))
                .contains("No space left")
                .contains("+15550100")
                .contains("b2.txt");
    }

    @Test
    void aFolderThatCanBeMadeOnlyLaterGetsMetadataAndTranscript(CapturedOutput output) throws Exception {
        Path inTheWay = Files.writeString(folder.resolve("file"), "in the way");
        RecordingProperties properties = properties(FileFormat.WAV, Channels.BOTH, inTheWay.resolve("below"));
        try (FileRecorder recorder = new FileRecorder(properties, clock())) {
            Recording recording = recorder.start(SomeCall.named("b4"), AudioFormat.NARROWBAND);
            recording.said(SomeCall.START, "caller", "Hello?");
            Awaitility.await().atMost(5, TimeUnit.SECONDS).until(() -> output.getAll()
                    .contains("recording stopped"));
            Files.delete(inTheWay);
            finish(recording);
        }
        assertThat(namesIn(inTheWay.resolve("below"))).containsExactly(BASE + "b4.json", BASE + "b4.txt");
    }

    @Test
    void roomForTheMetadataIsReservedWhileTheCallGoesOn() throws Exception {
        try (FileRecorder recorder = recorder(FileFormat.WAV, Channels.STEREO)) {
            Recording recording = recorder.start(SomeCall.named("b5"), AudioFormat.NARROWBAND);
            Path reserved = folder.resolve(BASE + "b5.json.part");
            Awaitility.await()
                    .atMost(5, TimeUnit.SECONDS)
                    .until(() -> Files.exists(reserved) && Files.size(reserved) >= 4_096);
            assertThat(new ObjectMapper()
                            .readTree(reserved.toFile())
                            .at("/caller/number")
                            .asText())
                    .isEqualTo("+15550100");
            finish(recording);
            assertThat(reserved).doesNotExist();
            assertThat(Files.readString(folder.resolve(BASE + "b5.json"))).endsWith("}");
        }
    }

    @Test
    void aDiskThatFillsUpEndsTheRecordingNotTheCall(CapturedOutput output) throws Exception {
        Path full = Path.of("/dev/full");
        Assumptions.assumeTrue(Files.exists(full), "skipped: no /dev/full on this system");
        Files.createSymbolicLink(folder.resolve(BASE + "b3-mono.raw"), full);
        try (FileRecorder recorder = recorder(FileFormat.RAW, Channels.MONO)) {
            Recording recording = recorder.start(SomeCall.named("b3"), AudioFormat.NARROWBAND);
            for (int tick = 0; tick < 90; tick++) {
                recording.callerSide().write(frame(1), 160);
                recording.agentSide().write(frame(1), 160);
            }
            Awaitility.await().atMost(5, TimeUnit.SECONDS).until(() -> output.getAll()
                    .contains("recording stopped"));
            recording.callerSide().write(frame(1), 160);
            recording.agentSide().write(frame(1), 160);
            finish(recording);
        }
        assertThat(output.getAll()).containsOnlyOnce("recording stopped call=b3");
        JsonNode json =
                new ObjectMapper().readTree(folder.resolve(BASE + "b3.json").toFile());
        assertThat(json.at("/kept/failure").asText()).contains("No space left");
    }

    @Test
    void closingTheRecorderClosesCallsThatStillRun() throws Exception {
        FileRecorder recorder = recorder(FileFormat.WAV, Channels.STEREO);
        Recording recording = recorder.start(SomeCall.named("c1"), AudioFormat.NARROWBAND);
        recording.callerSide().write(frame(1), 160);
        recording.agentSide().write(frame(1), 160);

        recorder.close();
        recorder.close();

        assertThat(recorder.openRecordings()).isZero();
        assertThat(WavFile.read(folder.resolve(BASE + "c1-stereo.wav")).durationMillis())
                .isEqualTo(20);
        finish(recording);
        finish(recorder.start(SomeCall.named("c2"), AudioFormat.NARROWBAND));
        assertThat(namesIn(folder)).containsExactly(BASE + "c1-stereo.wav", BASE + "c1.json");
    }

    @Test
    void oneCallMoreThanAllowedIsNotRecordedAndStillEnds(CapturedOutput output) throws Exception {
        RecordingProperties one = new RecordingProperties(
                true, FileFormat.WAV, Channels.STEREO, folder, "", false, 1, HOURLY, By.FIREFLY);
        try (FileRecorder recorder = new FileRecorder(one, clock())) {
            recorder.start(SomeCall.named("d1"), AudioFormat.NARROWBAND);
            Recording second = recorder.start(SomeCall.named("d2"), AudioFormat.NARROWBAND);
            second.callerSide().write(frame(1), 160);
            finish(second);
            assertThat(recorder.openRecordings()).isEqualTo(1);
        }
        assertThat(output.getAll()).contains("not recorded call=d2");
    }

    @Test
    void switchedOffNothingIsKept() throws Exception {
        RecordingProperties off = new RecordingProperties(
                false, FileFormat.WAV, Channels.STEREO, folder, "", true, 10, HOURLY, By.FIREFLY);
        try (FileRecorder recorder = new FileRecorder(off, clock())) {
            finish(recorder.start(SomeCall.named("e1"), AudioFormat.NARROWBAND));
            assertThat(recorder.openRecordings()).isZero();
        }
        assertThat(namesIn(folder)).isEmpty();
    }

    @Test
    void settingsThatCannotWorkNameTheirKey() {
        assertThatThrownBy(() -> new RecordingProperties(
                        true, FileFormat.WAV, Channels.MONO, folder, "../x", true, 10, HOURLY, By.FIREFLY))
                .hasMessageContaining("firefly.recording.prefix");
        assertThatThrownBy(() -> new RecordingProperties(
                        true, FileFormat.WAV, Channels.MONO, folder, "", true, 0, HOURLY, By.FIREFLY))
                .hasMessageContaining("firefly.recording.max-open");
    }

    private FileRecorder recorder(FileFormat format, Channels channels) {
        return new FileRecorder(properties(format, channels, folder), clock());
    }

    private static RecordingProperties properties(FileFormat format, Channels channels, Path directory) {
        return new RecordingProperties(true, format, channels, directory, "", true, 100, HOURLY, By.FIREFLY);
    }

    private static Clock clock() {
        return Clock.fixed(SomeCall.START, ZoneOffset.UTC);
    }

    private static void finish(Recording recording) throws Exception {
        recording.finish(SUMMARY);
        recording.finish(SUMMARY).toCompletableFuture().get(5, TimeUnit.SECONDS);
    }

    private static short[] frame(int value) {
        short[] frame = new short[160];
        Arrays.fill(frame, (short) value);
        return frame;
    }

    private static short[] samples(Path file, int header) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
        short[] samples = new short[(bytes.limit() - header) / 2];
        bytes.position(header).asShortBuffer().get(samples);
        return samples;
    }

    private static List<String> namesIn(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }
}
