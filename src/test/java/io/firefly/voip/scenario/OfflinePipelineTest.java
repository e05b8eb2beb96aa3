package io.firefly.voip.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.firefly.voip.FireflyApplication;
import io.firefly.voip.agent.VoiceAgent;
import io.firefly.voip.agent.pipeline.http.Waves;
import io.firefly.voip.audio.AudioFormat;
import io.firefly.voip.audio.Sound;
import io.firefly.voip.testing.RunningFirefly;
import io.firefly.voip.testing.Tool;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * A conversation without a network, a key or a person: espeak-ng calls and says digits, the three shipped routes take
 * them to {@code firefly speech-server}, pocketsphinx understands them, espeak-ng answers.
 */
@Tag("real-calls")
class OfflinePipelineTest {
    private static Process server;
    private static String baseUrl;
    private static RunningFirefly firefly;

    @BeforeAll
    static void start() throws IOException {
        Tool.needs("espeak-ng");
        Tool.needs("pocketsphinx_continuous");
        server = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        FireflyApplication.class.getName(),
                        "speech-server",
                        "--port",
                        "0",
                        "--voice",
                        "en-us+klatt2")
                .redirectErrorStream(true)
                .start();
        baseUrl = toldBaseUrl();
        firefly = RunningFirefly.with("firefly.agent.provider", "pipeline", "firefly.pipeline.base-url", baseUrl);
    }

    private static String toldBaseUrl() throws IOException {
        BufferedReader lines =
                new BufferedReader(new InputStreamReader(server.getInputStream(), StandardCharsets.UTF_8));
        String line = lines.readLine();
        while (line != null && !line.startsWith("speech-server at ")) line = lines.readLine();
        assertThat(line).as("speech-server says where it is").isNotNull();
        return String.valueOf(line).split("[ ;]", -1)[2];
    }

    @AfterAll
    static void stop() {
        if (firefly != null) firefly.close();
        if (server != null) server.destroyForcibly();
    }

    /** What espeak-ng says when it is the caller; at the rate of a telephone. */
    private static Sound spoken(String text) throws Exception {
        HttpResponse<byte[]> wav = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create(baseUrl + "/audio/speech"))
                                .POST(BodyPublishers.ofString("{\"input\":\"" + text + "\",\"speed\":0.87}"))
                                .build(),
                        BodyHandlers.ofByteArray());
        assertThat(wav.statusCode()).isEqualTo(200);
        return Waves.read(wav.body(), 8_000).as(AudioFormat.NARROWBAND);
    }

    @Test
    void aSequenceOfSpokenDigitsIsUnderstoodAndAnsweredBySpeech() throws Exception {
        Sound digits = spoken("four, two, three, five, zero, nine.");
        Sound goodbye = spoken("goodbye");
        try (Caller caller = Caller.connected(firefly, "chat")) {
            RtpVoice voice = caller.voice();
            awaitQuietAfter(voice, System.nanoTime(), 500);

            voice.say(digits);
            long silent = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(digits.durationMillis());
            awaitQuietAfter(voice, silent, 1_500);
            long firstSound = voice.since(silent).stream()
                    .filter(RtpVoice.Frame::isAudible)
                    .findFirst()
                    .orElseThrow()
                    .nanos();
            assertThat(Duration.ofNanos(firstSound - silent))
                    .as("from the end of the caller's sound to the answer's first")
                    .isLessThan(Duration.ofSeconds(6));

            voice.say(goodbye);
            assertThat(caller.hearsBye(20_000)).as("hangs up after its goodbye").isTrue();
        }
        await().atMost(Duration.ofSeconds(5))
                .until(() -> firefly.bean(VoiceAgent.class).openSessions() == 0);
        assertThat(transcript())
                .contains("CALLER: four two three five zero nine")
                .contains("AI: You said four two three five zero nine. What else?")
                .contains("CALLER: goodbye")
                .contains("AI: Goodbye, and thank you for calling.");
    }

    private static void awaitQuietAfter(RtpVoice voice, long since, long audibleMillis) {
        await().atMost(Duration.ofSeconds(20))
                .pollInterval(Duration.ofMillis(10))
                .until(() -> RtpVoice.audibleMillis(voice.since(since)) >= audibleMillis
                        && System.nanoTime() - voice.lastAudibleNanos() > TimeUnit.MILLISECONDS.toNanos(700));
    }

    private static String transcript() throws IOException {
        try (Stream<Path> files = Files.walk(firefly.data().resolve("recordings"))) {
            Path file = files.filter(path -> path.toString().endsWith(".txt"))
                    .findFirst()
                    .orElseThrow();
            return Files.readString(file);
        }
    }
}
