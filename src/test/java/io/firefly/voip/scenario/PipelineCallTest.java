package io.firefly.voip.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.firefly.voip.agent.VoiceAgent;
import io.firefly.voip.audio.AudioFormat;
import io.firefly.voip.audio.Sound;
import io.firefly.voip.audio.Tones;
import io.firefly.voip.audio.WavFile;
import io.firefly.voip.testing.FakeSpeechServer;
import io.firefly.voip.testing.RunningFirefly;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A caller talks with the pipeline: SIP, RTP, the three shipped routes and three HTTP endpoints. */
@Tag("real-calls")
class PipelineCallTest {
    private static RunningFirefly firefly;
    private static FakeSpeechServer server;
    private static Sound speech;

    @BeforeAll
    static void start() throws IOException {
        server = new FakeSpeechServer();
        firefly = RunningFirefly.with(
                "firefly.agent.provider", "pipeline",
                "firefly.pipeline.base-url", server.baseUrl(),
                "firefly.pipeline.api-key", "sk-of-a-test",
                "firefly.pipeline.transcribe.price-per-minute", "0.006",
                "firefly.pipeline.generate.prices.[gpt-4.1-mini].text-in", "0.4",
                "firefly.pipeline.generate.prices.[gpt-4.1-mini].text-out", "1.6",
                "firefly.pipeline.speak.price-per-million-characters", "15");
        Sound caller = WavFile.read(Path.of("audio/caller.wav"));
        int firstSentence = 3_000 * caller.format().samplesPerMilli();
        speech = new Sound(caller.format(), Arrays.copyOf(caller.pcm(), firstSentence));
    }

    @AfterAll
    static void stop() {
        if (firefly != null) firefly.close();
        server.close();
    }

    @Test
    void aCallerIsGreetedUnderstoodAnsweredAndHearsTheGoodbyeToItsEnd() throws Exception {
        server.hears("three four").hears("that is all");
        try (Caller caller = Caller.connected(firefly, "chat")) {
            RtpVoice voice = caller.voice();
            awaitQuietAfter(voice, System.nanoTime(), 700);

            long asked = System.nanoTime();
            voice.say(speech);
            awaitQuietAfter(voice, asked, "You said three four. What else?".length() * 30L);
            assertThat(server.requests(FakeSpeechServer.SPEAK))
                    .extracting(FakeSpeechServer.Request::text)
                    .as("sentence by sentence")
                    .anyMatch(text -> text.contains("\"You said three four.\""))
                    .anyMatch(text -> text.contains("\"What else?\""));

            server.answers(
                    FakeSpeechServer.text("Goodbye then. "),
                    FakeSpeechServer.tool("call_1", "hang_up", "{\"reason\":"),
                    FakeSpeechServer.tool("call_1", "", "\"done\"}"));
            long goodbye = System.nanoTime();
            voice.say(speech);

            assertThat(caller.hearsBye(10_000)).isTrue();
            long heard = RtpVoice.audibleMillis(voice.since(goodbye));
            assertThat(heard)
                    .as("the goodbye is heard to its end")
                    .isGreaterThan((long) "Goodbye then.".length() * FakeSpeechServer.MILLIS_PER_CHARACTER - 100);
            assertThat(voice.lastAudibleNanos()).as("then BYE").isLessThan(caller.byeNanos());
        }
        await().atMost(Duration.ofSeconds(5))
                .until(() -> firefly.bean(VoiceAgent.class).openSessions() == 0);
        assertThat(server.requests(FakeSpeechServer.TRANSCRIBE).get(0).authorization())
                .isEqualTo("Bearer sk-of-a-test");
        assertThat(written("recordings", ".txt")).contains("CALLER: three four", "AI: You said three four. What else?");
        assertThat(written("cdr", ".jsonl"))
                .containsPattern(
                        "\"agentCost\":\\{\"inputTokens\":22,\"cachedTokens\":0,\"outputTokens\":14,\"usd\":0\\.00");
        assertThat(firefly.bean(MeterRegistry.class)
                        .get("firefly.agent.cost")
                        .functionCounter()
                        .count())
                .isBetween(0.001, 0.01);
    }

    @Test
    void aStageThatFailsIsHeardAndTheConversationGoesOn() throws Exception {
        try (Caller caller = Caller.connected(firefly, "chat")) {
            RtpVoice voice = caller.voice();
            awaitQuietAfter(voice, System.nanoTime(), 700);
            server.fails(FakeSpeechServer.TRANSCRIBE, 2);

            long asked = System.nanoTime();
            voice.say(speech);
            long sorry = WavFile.read(Path.of("audio/sorry-repeat.wav")).durationMillis();
            awaitQuietAfter(voice, asked, sorry / 2);
            assertThat(dominantHz(voice.since(asked)))
                    .as("the prompt \"Sorry, could you say that again?\", not the agent's tone")
                    .matches(hz -> hz < 430 || hz > 450);

            server.hears("three four");
            long again = System.nanoTime();
            voice.say(speech);
            awaitQuietAfter(voice, again, "You said three four. What else?".length() * 30L);
            assertThat(dominantHz(voice.since(again))).isBetween(430.0, 450.0);
            caller.hangUp();
        }
    }

    @Test
    void whoInterruptsHearsSilenceAtOnce() throws Exception {
        server.hears("tell me").hears("stop");
        server.answers(FakeSpeechServer.text("This is a very long story that goes on and on. ".repeat(5)));
        try (Caller caller = Caller.connected(firefly, "chat")) {
            RtpVoice voice = caller.voice();
            awaitQuietAfter(voice, System.nanoTime(), 700);
            long asked = System.nanoTime();
            voice.say(speech);
            await().atMost(Duration.ofSeconds(15)).until(() -> RtpVoice.audibleMillis(voice.since(asked)) > 1_500);

            long interrupted = System.nanoTime();
            voice.say(Tones.source(AudioFormat.NARROWBAND, 300, -12));
            await().atMost(Duration.ofSeconds(5))
                    .until(() -> System.nanoTime() - voice.lastAudibleNanos() > TimeUnit.MILLISECONDS.toNanos(300));
            long millis = TimeUnit.NANOSECONDS.toMillis(voice.lastAudibleNanos() - interrupted);
            voice.hush();

            assertThat(millis)
                    .as("250 ms of speech are meant, then at most 200 until the caller hears nothing")
                    .isLessThan(450);
            caller.hangUp();
        }
    }

    private static double dominantHz(List<RtpVoice.Frame> frames) {
        return Tones.dominantHz(
                RtpVoice.sound(frames.stream().filter(RtpVoice.Frame::isAudible).toList()));
    }

    private static void awaitQuietAfter(RtpVoice voice, long since, long audibleMillis) {
        await().atMost(Duration.ofSeconds(10))
                .pollInterval(Duration.ofMillis(10))
                .until(() -> RtpVoice.audibleMillis(voice.since(since)) >= audibleMillis
                        && System.nanoTime() - voice.lastAudibleNanos() > TimeUnit.MILLISECONDS.toNanos(500));
    }

    private static String written(String folder, String ending) throws IOException {
        try (Stream<Path> files = Files.walk(firefly.data().resolve(folder))) {
            StringBuilder all = new StringBuilder();
            for (Path file :
                    files.filter(path -> path.toString().endsWith(ending)).toList()) all.append(Files.readString(file));
            return all.toString();
        }
    }
}
