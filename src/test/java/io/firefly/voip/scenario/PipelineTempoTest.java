package io.firefly.voip.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.firefly.voip.audio.Tones;
import io.firefly.voip.testing.FakeSpeechServer;
import io.firefly.voip.testing.RunningFirefly;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The tempo of the agent's voice holds for the pipeline as for every provider. */
@Tag("real-calls")
class PipelineTempoTest {
    @Test
    void twiceTheTempoIsHalfTheTimeAtTheSamePitch() throws Exception {
        try (FakeSpeechServer server = new FakeSpeechServer();
                RunningFirefly firefly = RunningFirefly.with(
                        "firefly.agent.provider", "pipeline",
                        "firefly.pipeline.base-url", server.baseUrl(),
                        "firefly.audio.ai-tempo", "2.0");
                Caller caller = Caller.connected(firefly, "chat")) {
            RtpVoice voice = caller.voice();
            await().atMost(Duration.ofSeconds(10))
                    .until(() -> RtpVoice.audibleMillis(voice.since(Long.MIN_VALUE)) > 0
                            && System.nanoTime() - voice.lastAudibleNanos() > TimeUnit.MILLISECONDS.toNanos(500));

            List<RtpVoice.Frame> heard = voice.since(Long.MIN_VALUE).stream()
                    .filter(RtpVoice.Frame::isAudible)
                    .toList();
            String greeting = String.join(
                    "",
                    server.requests(FakeSpeechServer.SPEAK).stream()
                            .map(FakeSpeechServer.Request::text)
                            .map(text -> text.replaceFirst(".*\"input\":\"", "").replaceFirst("\",.*", ""))
                            .toList());
            assertThat(RtpVoice.audibleMillis(heard))
                    .isBetween(greeting.length() * 20L - 200, greeting.length() * 20L + 200);
            assertThat(Tones.dominantHz(RtpVoice.sound(heard))).isBetween(435.0, 445.0);
            caller.hangUp();
        }
    }
}
