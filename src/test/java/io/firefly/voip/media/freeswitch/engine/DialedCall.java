package io.firefly.voip.media.freeswitch.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.firefly.voip.call.CallId;
import io.firefly.voip.call.DialedLeg;
import io.firefly.voip.call.HangupCause;
import io.firefly.voip.media.MediaListener;
import io.firefly.voip.media.MediaSession;
import io.firefly.voip.media.Negotiated.Agreed;
import io.firefly.voip.media.freeswitch.engine.FakeSwitch.Channel;
import io.firefly.voip.media.freeswitch.engine.FakeSwitch.Leg;
import io.firefly.voip.media.freeswitch.engine.FreeSwitchMediaEngine.Parts;
import io.firefly.voip.media.freeswitch.engine.FreeSwitchMediaEngine.Scope;
import io.firefly.voip.media.freeswitch.leg.LegDesk;
import io.firefly.voip.media.freeswitch.leg.Strands;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A call whose sound FreeSWITCH carries, against a hand-written FreeSWITCH, and what it held when it is over. */
abstract class DialedCall {
    static final String CALLER = sdp(5000, "8 0 101", "sendrecv");
    static final String SWITCH = sdp(20000, "8 101", "sendrecv");

    final FakeSwitch freeSwitch = new FakeSwitch();
    final FakeAudio.Transport transport = new FakeAudio.Transport();
    final Strands strands = new Strands(2);
    final List<String> told = new CopyOnWriteArrayList<>();
    final LegDesk desk = new LegDesk(
            freeSwitch, freeSwitch, "here-5060", new LegDesk.Patience(Duration.ofSeconds(2), Duration.ofSeconds(30)));
    final NodePool pool = new NodePool(freeSwitch);
    FreeSwitchMediaEngine engine = engine(Duration.ZERO);

    @BeforeEach
    void twoNodes() {
        freeSwitch.node("one");
        freeSwitch.node("two");
    }

    /** Whatever happened, nothing is left over. */
    @AfterEach
    void atRest() {
        engine.close();
        await().until(() -> engine.openSessions() == 0);
        assertThat(transport.open()).isZero();
        assertThat(desk.openLegs()).isZero();
        assertThat(freeSwitch.openLegs()).isZero();
        assertThat(pool.standings()).allMatch(standing -> standing.calls() == 0);
        strands.close();
    }

    void afterTheGrace() {
        CompletableFuture<Boolean> past = new CompletableFuture<>();
        strands.of(new CallId("call-1")).after(Duration.ofMillis(400), () -> past.complete(true));
        get(past);
    }

    FreeSwitchMediaEngine engine(Duration silence) {
        var parts = new Parts(pool, transport, desk, strands, silence);
        return new FreeSwitchMediaEngine(freeSwitch, parts, NoEngine.INSTANCE, new Scope(true, true));
    }

    MediaSession open() {
        return engine.open(new CallId("call-1"));
    }

    /** Negotiated, joined, started. */
    MediaSession talking() {
        MediaSession session = open();
        var answer = session.answer(CALLER);
        leg(0).answer(SWITCH);
        assertThat(get(answer)).isInstanceOf(Agreed.class);
        session.start(new Told());
        await().until(() -> transport.opened.get(0).whenLost != null);
        return session;
    }

    Leg leg(int index) {
        await().until(() -> freeSwitch.legs.size() > index);
        return freeSwitch.leg(index);
    }

    Channel channel(int index) {
        return (Channel) get(leg(index).waiter());
    }

    void reply(int index, DialedLeg.Reply reply) {
        await().until(() -> leg(0).replies.size() > index);
        leg(0).replies.get(index).complete(reply);
    }

    static <T> T get(CompletionStage<T> stage) {
        try {
            return stage.toCompletableFuture().get(3, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    static String sdp(int port, String formats, String direction) {
        return "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio " + port + " RTP/AVP "
                + formats + "\r\na=rtpmap:101 telephone-event/8000\r\na=" + direction + "\r\n";
    }

    final class Told implements MediaListener {
        @Override
        public void dtmf(char digit, int millis) {
            told.add("key " + digit + " " + millis);
        }

        @Override
        public void timedOut() {
            told.add("timed out");
        }

        @Override
        public void lost(HangupCause cause, String why) {
            told.add("lost " + cause + " " + why);
        }
    }
}
