package io.firefly.voip.media.freeswitch.engine;

import static io.firefly.voip.media.freeswitch.engine.DialedCall.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.firefly.voip.call.CallId;
import io.firefly.voip.call.HangupCause;
import io.firefly.voip.media.MediaListener;
import io.firefly.voip.media.MediaSession;
import io.firefly.voip.media.MediaUnavailableException;
import io.firefly.voip.media.Negotiated.Agreed;
import io.firefly.voip.media.Negotiated.Refused;
import io.firefly.voip.media.freeswitch.EventSocketException;
import io.firefly.voip.media.freeswitch.engine.FakeSwitch.Channel;
import io.firefly.voip.media.freeswitch.engine.FreeSwitchMediaEngine.Parts;
import io.firefly.voip.media.freeswitch.engine.FreeSwitchMediaEngine.Scope;
import io.firefly.voip.media.freeswitch.leg.LegDesk;
import io.firefly.voip.media.freeswitch.leg.Strands;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A call that FreeSWITCH handed to us. */
class HandedSessionTest {
    private final FakeSwitch freeSwitch = new FakeSwitch();
    private final FakeSwitch.Node node = freeSwitch.node("one");
    private final Channel channel = new Channel(node);
    private final FakeAudio.Transport transport = new FakeAudio.Transport();
    private final Strands strands = new Strands(1);
    private final NodePool pool = new NodePool(freeSwitch);
    private final List<String> told = new CopyOnWriteArrayList<>();
    private final CallId call = new CallId("handed-1");
    private final FreeSwitchMediaEngine engine = engine();

    @AfterEach
    void atRest() {
        engine.close();
        await().until(() -> engine.openSessions() == 0);
        assertThat(transport.open()).isZero();
        assertThat(pool.callsOn(node)).isZero();
        strands.close();
    }

    @Test
    void itsCodecIsTheChannels() {
        channel.variables.put("rtp_use_codec_name", "opus");
        assertThat(get(session().answer(""))).isEqualTo(new Agreed("", "OPUS", true));
        assertThat(freeSwitch.legs).isEmpty();
    }

    @Test
    void elseTheFirstOfTheCallersOffer() {
        assertThat(get(session().answer(DialedCall.CALLER))).isEqualTo(new Agreed("", "PCMA", true));
    }

    @Test
    void itIsJoinedBehindItsAnswer() {
        MediaSession session = session();
        get(session.answer(""));
        session.start(new Told());
        await().until(() -> transport.opened.get(0).caller != null);
        assertThat(channel.asked).first().isEqualTo("execute answer ");
        assertThat(engine.carries(channel.uuid())).isTrue();
    }

    @Test
    void aNewOfferChangesNothing() {
        MediaSession session = session();
        assertThat(get(session.answer(""))).isEqualTo(get(session.answer("")));
        assertThat(get(session.offer())).isEmpty();
        assertThat(get(session.accept(""))).isInstanceOf(Agreed.class);
    }

    @Test
    void withoutSoundItIsRefused() {
        transport.slow = true;
        var answer = session().answer("");
        transport.opened.get(0).prepared.completeExceptionally(new EventSocketException("our leg was refused: 503"));
        assertThat(get(answer)).isInstanceOfSatisfying(Refused.class, refused -> assertThat(refused.cause())
                .isEqualTo(HangupCause.MEDIA_UNAVAILABLE));
    }

    @Test
    void keysAndTheEndAreTold() {
        MediaSession session = session();
        get(session.answer(""));
        session.start(new Told());
        await().until(() -> transport.opened.get(0).caller != null);
        channel.heard().dtmf('7', 100);
        channel.heard().lost("node one is gone");
        await().until(() -> told.size() == 2);
        assertThat(told).containsExactly("key 7", "lost MEDIA_UNAVAILABLE");
    }

    @Test
    void aCallerWhoHangsUpIsToldByItsLegFirst() {
        MediaSession session = session();
        get(session.answer(""));
        session.start(new Told());
        await().until(() -> transport.opened.get(0).caller != null);
        channel.heard().hungUp(HangupCause.NORMAL, "NORMAL_CLEARING");
        session.close();
        await().during(Duration.ofMillis(400)).atMost(Duration.ofSeconds(2)).until(told::isEmpty);
    }

    @Test
    void itIsRecordedFromWhenSoundFlowsToTheEnd() {
        MediaSession session = recorded();
        assertThat(channel.asked).noneMatch(order -> order.startsWith("uuid_record"));
        transport.opened.get(0).attached.complete("joined");
        await().until(() -> channel.asked.contains("uuid_record " + channel.uuid() + " start /rec/c-stereo.wav"));
        session.close();
        await().until(() -> channel.asked.contains("uuid_record " + channel.uuid() + " stop /rec/c-stereo.wav"));
        assertThat(told).isEmpty();
    }

    @Test
    void aRefusedRecordingIsToldAndTheCallGoesOn() {
        channel.answers = (command, arguments) -> command.equals("uuid_record") ? "-ERR Cannot record session!" : "+OK";
        MediaSession session = recorded();
        transport.opened.get(0).attached.complete("joined");
        await().until(() -> told.contains("not recorded"));
        session.close();
        assertThat(told).containsExactly("not recorded");
    }

    private MediaSession recorded() {
        MediaSession session = session();
        get(session.answer(""));
        assertThat(session.recordTo(Path.of("/rec/c-stereo.wav"), () -> told.add("not recorded")))
                .isTrue();
        session.start(new Told());
        await().until(() -> transport.opened.get(0).caller != null);
        return session;
    }

    @Test
    void allOtherCallsAreTheEmbeddedEngines() {
        Assertions.assertThatThrownBy(() -> engine.open(new CallId("from-sip")))
                .isInstanceOf(MediaUnavailableException.class)
                .hasMessageContaining("the embedded engine was asked");
    }

    private MediaSession session() {
        freeSwitch.handed.put(call, channel);
        return engine.open(call);
    }

    private FreeSwitchMediaEngine engine() {
        var patience = new LegDesk.Patience(Duration.ofSeconds(2), Duration.ZERO);
        var desk = new LegDesk(freeSwitch, freeSwitch, "here", patience);
        var parts = new Parts(pool, transport, desk, strands, Duration.ZERO);
        return new FreeSwitchMediaEngine(freeSwitch, parts, NoEngine.INSTANCE, new Scope(false, true));
    }

    private final class Told implements MediaListener {
        @Override
        public void dtmf(char digit, int millis) {
            told.add("key " + digit);
        }

        @Override
        public void timedOut() {
            told.add("timed out");
        }

        @Override
        public void lost(HangupCause cause, String why) {
            told.add("lost " + cause);
        }
    }
}
