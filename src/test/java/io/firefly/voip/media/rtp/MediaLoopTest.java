package io.firefly.voip.media.rtp;

import static org.assertj.core.api.Assertions.assertThat;

import io.firefly.voip.audio.G711;
import io.firefly.voip.call.CallId;
import io.firefly.voip.media.MediaListener;
import io.firefly.voip.media.MediaSession;
import io.firefly.voip.media.Negotiated;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Few legs are woken by their packets, many are looked at in slots. */
@Timeout(30)
class MediaLoopTest {
    private static final MediaListener QUIET = new MediaListener() {
        @Override
        public void dtmf(char digit, int millis) {
            // Nobody presses.
        }

        @Override
        public void timedOut() {
            // Nobody falls silent for so long.
        }
    };

    private final RtpMediaEngine engine = new RtpMediaEngine(RtpSettings.loopback(23_000, 23_199));
    private final RtpPeer peer = new RtpPeer();
    private final RtpPeer others = new RtpPeer();
    private final RtpPeer strangers = new RtpPeer();

    @AfterEach
    void close() {
        peer.close();
        others.close();
        strangers.close();
        engine.close();
        assertThat(engine.leasedPorts()).isZero();
    }

    private record Talk(MediaSession session, int port) {}

    private Talk begin(RtpPeer with) {
        MediaSession session = engine.open(CallId.next());
        Negotiated.Agreed agreed = (Negotiated.Agreed)
                session.answer(with.offer("")).toCompletableFuture().join();
        EchoRing echo = new EchoRing();
        session.connect(echo, echo);
        session.start(QUIET);
        return new Talk(
                session, Integer.parseInt(agreed.sdp().split("m=audio ", -1)[1].split(" ", -1)[0]));
    }

    /** Says a tone at the pace of a phone; how many packets that carry it have come back. */
    private int hears(int port, int frames, Runnable between) {
        int heard = 0;
        long next = System.nanoTime();
        for (int i = 0; i < frames; i++, next += 20_000_000) {
            for (long wait = next - System.nanoTime(); wait > 0; wait = next - System.nanoTime())
                LockSupport.parkNanos(wait);
            peer.say(port, RtpPeer.tone(G711.PCMU, 500, i * 160));
            between.run();
            for (RtpPeer.Heard packet : peer.drain()) if (RtpPeer.strength(packet.pcm(G711.PCMU), 500) > 7_000) heard++;
        }
        return heard;
    }

    @Test
    void aToneComesBackWhileTheOthersBecomeManyAndFewAgain() {
        Talk talk = begin(peer);
        List<Talk> many = new ArrayList<>();
        int heard = 0;
        for (int i = 0; i < 12; i++) {
            many.add(begin(others));
            heard += hears(talk.port(), 5, others::drain);
        }
        for (Talk other : many) {
            other.session().close();
            heard += hears(talk.port(), 5, others::drain);
        }

        assertThat(talk.session().statistics().packetsReceived()).isBetween(119L, 120L);
        assertThat(heard).isGreaterThan(80);
    }

    @Test
    void aFloodAtOneCallIsReadAndTheOtherHearsItself() {
        Talk talk = begin(peer);
        Talk flooded = begin(others);
        byte[] junk = RtpPeer.level(G711.PCMU, 9_000);

        int heard = hears(talk.port(), 60, () -> {
            for (int i = 0; i < 200; i++) strangers.say(flooded.port(), junk);
        });

        assertThat(talk.session().statistics().packetsReceived()).isBetween(59L, 60L);
        assertThat(heard).isGreaterThan(40);
    }
}
