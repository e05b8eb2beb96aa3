package io.firefly.voip.recording;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.firefly.voip.audio.AudioFormat;
import io.firefly.voip.audio.AudioSink;
import io.firefly.voip.audio.WavFile;
import io.firefly.voip.call.CallEvent.EndedBy;
import io.firefly.voip.call.HangupCause;
import io.firefly.voip.recording.RecordingProperties.By;
import io.firefly.voip.recording.RecordingProperties.Channels;
import io.firefly.voip.recording.RecordingProperties.FileFormat;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** Recordings whose sound somebody else writes; the test is that writer. */
@ExtendWith(OutputCaptureExtension.class)
class ForeignSoundTest {
    private static final String BASE = "20260304-050607-a1";
    private static final Recording.Summary SUMMARY = new Recording.Summary(
            null,
            null,
            null,
            "PCMA",
            SomeCall.START,
            SomeCall.START.plusSeconds(2),
            Duration.ofSeconds(2),
            HangupCause.NORMAL,
            EndedBy.CALLER);

    @TempDir
    Path folder = Path.of("injected");

    private final List<Path> asked = new ArrayList<>();
    private Runnable refused = () -> {};

    @ParameterizedTest
    @CsvSource({
        "WAV, STEREO, -stereo.wav",
        "WAV, MONO, -mono.wav",
        "WAV, BOTH, -stereo.wav -mono.wav",
        "RAW, STEREO, -stereo.raw",
        "RAW, BOTH, -stereo.raw -mono.raw",
    })
    void theirFileBecomesWhatTheSettingsWant(FileFormat format, Channels channels, String files) throws Exception {
        try (FileRecorder recorder = recorder(format, channels)) {
            Recording recording = start(recorder, true);
            write(asked.get(0), 1_600);
            recording.said(SomeCall.START.plusSeconds(1), "ai", "Hello");
            finish(recording);
        }
        List<String> sounds = Stream.of(files.split(" ")).map(end -> BASE + end).toList();
        List<String> all = new ArrayList<>(sounds);
        all.addAll(List.of(BASE + ".json", BASE + ".txt"));
        assertThat(namesIn(folder)).containsExactlyInAnyOrderElementsOf(all);
        JsonNode kept = metadata().path("kept");
        assertThat(kept.path("millis").asInt()).isEqualTo(100);
        assertThat(kept.path("sampleRateHz").asInt()).isEqualTo(16_000);
        assertThat(kept.path("files")).extracting(JsonNode::asText).containsExactlyElementsOf(sounds);
        assertThat(kept.has("failure")).isFalse();
        if (files.contains("-mono.wav")) {
            assertThat(WavFile.read(folder.resolve(BASE + "-mono.wav")).pcm())
                    .hasSize(1_600)
                    .containsOnly(7 - 3);
        }
        if (files.contains("-stereo.raw"))
            assertThat(Files.size(folder.resolve(BASE + "-stereo.raw"))).isEqualTo(6_400);
    }

    @Test
    void itsNameIsAbsoluteAndTheTapsAreDeaf() throws Exception {
        try (FileRecorder recorder = recorder(FileFormat.RAW, Channels.MONO)) {
            Recording recording = start(recorder, true);
            assertThat(asked).containsExactly(folder.toAbsolutePath().resolve(BASE + "-stereo.wav"));
            speak(recording, 100);
            write(asked.get(0), 160);
            finish(recording);
        }
    }

    @Test
    void itsWriterIsWaitedFor() throws Exception {
        try (FileRecorder recorder = recorder(FileFormat.WAV, Channels.STEREO)) {
            Recording recording = start(recorder, true);
            write(asked.get(0), 1_600);
            tellLength(asked.get(0), 0);
            CompletableFuture<?> over = recording.finish(SUMMARY).toCompletableFuture();
            assertThatThrownBy(() -> over.get(400, TimeUnit.MILLISECONDS)).hasNoCause();
            assertThat(recorder.openRecordings()).isEqualTo(1);
            tellLength(asked.get(0), 6_400);
            over.get(5, TimeUnit.SECONDS);
        }
        assertThat(metadata().at("/kept/millis").asInt()).isEqualTo(100);
    }

    @Test
    void aWriterThatDiedLeavesWhatIsThere() throws Exception {
        try (FileRecorder recorder = recorder(FileFormat.WAV, Channels.MONO)) {
            Recording recording = start(recorder, true);
            write(asked.get(0), 1_600);
            tellLength(asked.get(0), 0);
            finish(recording);
        }
        assertThat(metadata().at("/kept/millis").asInt()).isEqualTo(100);
        assertThat(metadata().at("/kept/failure").asText()).contains("not closed");
        assertThat(namesIn(folder)).contains(BASE + "-stereo.wav", BASE + "-mono.wav");
    }

    @Test
    void aFileThatNobodyWroteIsSaidInLogAndMetadata(CapturedOutput output) throws Exception {
        try (FileRecorder recorder = recorder(FileFormat.WAV, Channels.STEREO)) {
            finish(start(recorder, true));
            assertThat(recorder.openRecordings()).isZero();
        }
        assertThat(output.getAll()).containsOnlyOnce("recording stopped call=a1");
        assertThat(metadata().at("/kept/failure").asText()).contains("-stereo.wav: not there");
        assertThat(metadata().at("/kept/millis").asInt()).isZero();
        assertThat(metadata().at("/ending/talkMillis").asInt()).isEqualTo(2_000);
    }

    @Test
    void somethingElseIsNotTakenForSound() throws Exception {
        try (FileRecorder recorder = recorder(FileFormat.WAV, Channels.BOTH)) {
            Recording recording = start(recorder, true);
            Files.writeString(asked.get(0), "no sound at all, a text in its place");
            finish(recording);
        }
        assertThat(metadata().at("/kept/failure").asText()).contains("not a WAV file");
    }

    @Test
    void whoCannotWriteLeavesItToUsAndThatIsSaidOnce(CapturedOutput output) throws Exception {
        try (FileRecorder recorder = recorder(FileFormat.WAV, Channels.STEREO)) {
            Recording recording = start(recorder, false);
            recording.callerSide().write(new short[160], 160);
            recording.agentSide().write(new short[160], 160);
            finish(recording);
            finish(start(recorder, false));
        }
        assertThat(output.getAll()).containsOnlyOnce("firefly.recording.by is freeswitch");
        assertThat(namesIn(folder)).contains(BASE + "-stereo.wav");
    }

    @Test
    void nobodyIsAskedWhenWeRecord() throws Exception {
        try (FileRecorder recorder =
                new FileRecorder(properties(FileFormat.WAV, Channels.STEREO, By.FIREFLY, folder), clock())) {
            finish(start(recorder, true));
        }
        assertThat(asked).isEmpty();
    }

    @Test
    void aFolderThatNoCommandCanNameIsRefused() {
        assertThatThrownBy(
                        () -> properties(FileFormat.WAV, Channels.STEREO, By.FREESWITCH, folder.resolve("two words")))
                .hasMessageContaining("firefly.recording.directory")
                .hasMessageContaining("two words");
    }

    @ParameterizedTest
    @CsvSource({"WAV, STEREO, -stereo.wav", "WAV, BOTH, -stereo.wav -mono.wav", "RAW, MONO, -mono.raw"})
    void whoRefusesLateIsReplacedByOurTapsInTheSameFiles(FileFormat format, Channels channels, String files)
            throws Exception {
        try (FileRecorder recorder = recorder(format, channels)) {
            Recording recording = start(recorder, true);
            speak(recording, 10);
            await().pollDelay(Duration.ofMillis(200)).until(() -> true);
            refused.run();
            refused.run();
            speak(recording, 50);
            finish(recording);
        }
        List<String> sounds = Stream.of(files.split(" ")).map(end -> BASE + end).toList();
        assertThat(namesIn(folder)).containsAll(sounds).hasSize(sounds.size() + 1);
        JsonNode kept = metadata().path("kept");
        assertThat(kept.path("files")).extracting(JsonNode::asText).containsExactlyElementsOf(sounds);
        assertThat(kept.has("failure")).isFalse();
        assertThat(kept.path("millis").asInt()).as("with what was missed").isBetween(1_180, 1_900);
    }

    /** Frames of both sides. */
    private static void speak(Recording recording, int frames) {
        AudioSink caller = recording.callerSide();
        AudioSink agent = recording.agentSide();
        for (int i = 0; i < frames; i++) {
            caller.write(new short[160], 160);
            agent.write(new short[160], 160);
        }
    }

    private Recording start(FileRecorder recorder, boolean can) {
        return recorder.start(SomeCall.named("a1"), AudioFormat.NARROWBAND, (path, whenRefused) -> {
            asked.add(path);
            refused = whenRefused;
            return can;
        });
    }

    private static void write(Path file, int samples) throws IOException {
        Files.createDirectories(file.getParent());
        short[] pcm = new short[2 * samples];
        for (int i = 0; i < samples; i++) {
            pcm[2 * i] = 7;
            pcm[2 * i + 1] = -3;
        }
        try (WavFile.Writer writer = new WavFile.Writer(file, AudioFormat.WIDEBAND, 2)) {
            writer.write(pcm, pcm.length);
        }
    }

    private static void tellLength(Path file, int bytes) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            ByteBuffer length = ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN);
            channel.write(length.putInt(bytes).flip(), 40);
        }
    }

    private FileRecorder recorder(FileFormat format, Channels channels) {
        return new FileRecorder(properties(format, channels, By.FREESWITCH, folder), clock());
    }

    private static RecordingProperties properties(FileFormat format, Channels channels, By by, Path directory) {
        return new RecordingProperties(true, format, channels, directory, "", true, 100, Duration.ofHours(1), by);
    }

    private static Clock clock() {
        return Clock.fixed(SomeCall.START, ZoneOffset.UTC);
    }

    private static void finish(Recording recording) throws Exception {
        recording.finish(SUMMARY).toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    private JsonNode metadata() throws IOException {
        return new ObjectMapper().readTree(folder.resolve(BASE + ".json").toFile());
    }

    private static List<String> namesIn(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }
}
