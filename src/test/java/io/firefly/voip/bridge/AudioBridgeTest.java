package io.firefly.voip.bridge;

import static org.assertj.core.api.Assertions.assertThat;

import io.firefly.voip.audio.AudioFormat;
import io.firefly.voip.audio.AudioSink;
import io.firefly.voip.audio.AudioSource;
import io.firefly.voip.media.MediaListener;
import io.firefly.voip.media.MediaSession;
import io.firefly.voip.media.MediaStatistics;
import io.firefly.voip.media.Negotiated;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

class AudioBridgeTest {
    private static final int FRAME = 160;

    private final List<Short> recorded = new ArrayList<>();
    private final List<Short> heard = new ArrayList<>();
    private final AudioBridge bridge =
            new AudioBridge(AudioFormat.NARROWBAND, (pcm, length) -> recorded.add(pcm[0]), AudioSink.NOWHERE, 1.0);

    private void hear(short[] pcm, int length) {
        heard.add(pcm[0]);
    }

    private static short[] level(int level) {
        short[] pcm = new short[FRAME];
        Arrays.fill(pcm, (short) level);
        return pcm;
    }

    @Test
    void theAgentHearsWhatArrivesAndTheRecordingWhatWasHeard() {
        OnArrival media = new OnArrival();
        bridge.connectAgent(this::hear);
        bridge.join(media);
        media.ears.write(level(1), FRAME);
        media.ears.write(level(2), 80);
        media.fromCaller.write(level(3), FRAME);
        assertThat(heard).containsExactly((short) 1, (short) 2);
        assertThat(recorded).containsExactly((short) 3);
    }

    @Test
    void withAnEngineThatKnowsNoArrivalTheAgentHearsTheTick() {
        OnTick media = new OnTick();
        bridge.join(media);
        bridge.connectAgent(this::hear);
        media.fromCaller.write(level(3), FRAME);
        assertThat(heard).containsExactly((short) 3);
        assertThat(recorded).containsExactly((short) 3);
    }

    @Test
    void aBargeInThrowsAwayWhatTheMediaSideStillKeeps() {
        List<String> discarded = new ArrayList<>();
        bridge.mouth().interrupt();
        bridge.join(new OnTick() {
            @Override
            public void discardUnheard() {
                discarded.add("once");
            }
        });
        bridge.mouth().say("item", level(1), FRAME);
        assertThat(discarded).isEmpty();
        bridge.mouth().interrupt();
        assertThat(discarded).containsExactly("once");
    }

    @Test
    void onHoldTheAgentHearsSilence() {
        OnArrival media = new OnArrival();
        bridge.join(media);
        bridge.connectAgent(this::hear);
        bridge.hold(true);
        media.ears.write(level(1), FRAME);
        bridge.hold(false);
        media.ears.write(level(2), FRAME);
        assertThat(heard).containsExactly((short) 0, (short) 2);
    }

    @Test
    void echoAndHushMakeTheAgentDeaf() {
        OnArrival media = new OnArrival();
        bridge.join(media);
        bridge.connectAgent(this::hear);
        bridge.echo();
        media.ears.write(level(1), FRAME);
        media.fromCaller.write(level(3), FRAME);
        short[] back = new short[FRAME];
        assertThat(media.toCaller.read(back, FRAME)).isEqualTo(FRAME);
        assertThat(back).containsOnly(3);
        bridge.connectAgent(this::hear);
        bridge.hush();
        media.ears.write(level(1), FRAME);
        media.fromCaller.write(level(3), FRAME);
        assertThat(heard).isEmpty();
    }

    private static final class OnArrival extends OnTick {
        private AudioSink ears = AudioSink.NOWHERE;

        @Override
        public boolean hearOnArrival(AudioSink newEars) {
            ears = newEars;
            return true;
        }
    }

    /** As much of a session as a bridge sees. */
    private static class OnTick implements MediaSession {
        AudioSink fromCaller = AudioSink.NOWHERE;
        AudioSource toCaller = AudioSource.SILENCE;

        @Override
        public void connect(AudioSink sink, AudioSource source) {
            fromCaller = sink;
            toCaller = source;
        }

        @Override
        public CompletionStage<Negotiated> answer(String sdpOffer) {
            return new CompletableFuture<>();
        }

        @Override
        public CompletionStage<String> offer() {
            return new CompletableFuture<>();
        }

        @Override
        public CompletionStage<Negotiated> accept(String sdpAnswer) {
            return new CompletableFuture<>();
        }

        @Override
        public void start(MediaListener listener) {}

        @Override
        public AudioFormat format() {
            return AudioFormat.NARROWBAND;
        }

        @Override
        public void sendDtmf(String digits) {}

        @Override
        public MediaStatistics statistics() {
            return new MediaStatistics("PCMA", 0, 0, 0, 0, 0, 0, 0, 0);
        }

        @Override
        public void close() {}
    }
}
