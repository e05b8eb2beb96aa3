package io.firefly.voip.agent.pipeline;

import io.firefly.voip.agent.Utterance;
import io.firefly.voip.agent.Utterance.Speaker;
import io.firefly.voip.agent.pipeline.Listening.Moment;
import io.firefly.voip.agent.pipeline.Reply.Purpose;
import io.firefly.voip.agent.pipeline.VoiceBackend.Turn;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes down what the agent said, and where the time of a turn went. Agent's thread. */
final class TurnBook {
    private static final Logger log = LoggerFactory.getLogger(TurnBook.class);

    private final PipelineSession.Setting setting;
    private long droppedSamples;

    TurnBook(PipelineSession.Setting setting) {
        this.setting = setting;
    }

    /** @param answered the caller's words, to which it was the answer */
    void over(Reply finished, boolean interrupted, CallersWords.Taken answered) {
        String said = finished.voice().heard();
        if (!said.isEmpty()) setting.stage().said(new Utterance(Speaker.AI, said));
        droppedSamples += finished.voice().droppedSamples();
        if (finished.purpose() != Purpose.ANSWER) return;
        Moment from = answered.moment();
        Turn turn = new Turn(
                answered.text(),
                said,
                interrupted,
                from == null ? null : since(from, from.noticed()),
                from == null ? null : since(from, from.written()),
                from == null ? null : since(from, finished.firstTextNanos()),
                from == null ? null : since(from, finished.firstSoundNanos()));
        setting.hook(backend -> backend.turn(setting.brief(), turn));
        log.info(
                "turn call={} endpointingMillis={} transcribedMillis={} firstTextMillis={} firstSoundMillis={}"
                        + " sentences={} interrupted={}",
                setting.brief().callId(),
                millis(turn.endpointing()),
                millis(turn.transcribed()),
                millis(turn.firstText()),
                millis(turn.firstSound()),
                finished.voice().sentences(),
                interrupted);
    }

    private static @Nullable Duration since(Moment from, long nanos) {
        return nanos == 0 ? null : Duration.ofNanos(nanos - from.silentSince());
    }

    private static String millis(@Nullable Duration duration) {
        return duration == null ? "-" : String.valueOf(duration.toMillis());
    }

    long droppedSamples() {
        return droppedSamples;
    }
}
