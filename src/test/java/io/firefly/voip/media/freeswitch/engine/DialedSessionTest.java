package io.firefly.voip.media.freeswitch.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.firefly.voip.audio.AudioFormat;
import io.firefly.voip.call.CallId;
import io.firefly.voip.call.DialedLeg;
import io.firefly.voip.call.HangupCause;
import io.firefly.voip.media.MediaListener;
import io.firefly.voip.media.MediaSession;
import io.firefly.voip.media.MediaUnavailableException;
import io.firefly.voip.media.Negotiated.Agreed;
import io.firefly.voip.media.Negotiated.Refused;
import io.firefly.voip.media.freeswitch.EventSocketException;
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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A caller whose sound FreeSWITCH carries, against a hand-written FreeSWITCH. */
class DialedSessionTest {
    static final String CALLER = sdp(5000, "8 0 101", "sendrecv");
    static final String SWITCH = sdp(20000, "8 101", "sendrecv");

    private final FakeSwitch freeSwitch = new FakeSwitch();
    private final FakeAudio.Transport transport = new FakeAudio.Transport();
    private final Strands strands = new Strands(2);
    private final List<String> told = new CopyOnWriteArrayList<>();
    private final LegDesk desk = new LegDesk(
            freeSwitch, freeSwitch, "here-5060", new LegDesk.Patience(Duration.ofSeconds(2), Duration.ofSeconds(30)));
    private final NodePool pool = new NodePool(freeSwitch);
    private FreeSwitchMediaEngine engine = engine(Duration.ZERO);

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

    @Test
    void freeSwitchsAnswerIsOurAnswer() {
        MediaSession session = open();
        var answer = session.answer(CALLER);
        Leg leg = leg(0);
        assertThat(leg.invitation.uri()).isEqualTo("sip:firefly@one:5080");
        assertThat(leg.invitation.sdpOffer()).isEqualTo(CALLER);
        leg.answer(SWITCH);
        assertThat(get(answer)).isEqualTo(new Agreed(SWITCH, "PCMA", true));
        assertThat(transport.opened.get(0).preferred).isEqualTo("PCMA");
        assertThat(session.format()).isEqualTo(AudioFormat.NARROWBAND);
    }

    @Test
    void theInviteCarriesWhatTheDialplansNeed() {
        var unused = open().answer(CALLER);
        var headers = leg(0).invitation.headers();
        assertThat(headers)
                .containsEntry(
                        "User-Agent", "drachtio-fsmrf:" + leg(0).invitation.callId())
                .containsEntry("X-esl-outbound", "127.0.0.1:8084")
                .containsEntry("X-Firefly-Call", "call-1")
                .containsEntry("X-Firefly-Media-Timeout", "60000")
                .containsEntry("X-Firefly-Exchange", "here-5060");
    }

    @ParameterizedTest
    @ValueSource(ints = {488, 606, 415})
    void aCodecThatFreeSwitchRefusesIsRefused(int status) {
        var answer = open().answer(CALLER);
        leg(0).refuse(status, "no");
        assertThat(get(answer)).isInstanceOfSatisfying(Refused.class, refused -> assertThat(refused.cause())
                .isEqualTo(HangupCause.NO_COMMON_CODEC));
        assertThat(freeSwitch.legs).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {503, 500, 408, 404, 403})
    void aNodeThatFailsIsFollowedByTheNextOne(int status) {
        var answer = open().answer(CALLER);
        leg(0).refuse(status, "no");
        Leg second = leg(1);
        assertThat(second.invitation.uri()).isEqualTo("sip:firefly@two:5080");
        second.answer(SWITCH);
        assertThat(get(answer)).isInstanceOf(Agreed.class);
        assertThat(pool.standings().get(0).calls()).isZero();
        assertThat(pool.retried()).isEqualTo(1);
    }

    @Test
    void twoFailuresAreEnough() {
        freeSwitch.node("three");
        var answer = open().answer(CALLER);
        leg(0).refuse(503, "full");
        leg(1).refuse(503, "full too");
        assertThat(get(answer)).isInstanceOfSatisfying(Refused.class, refused -> {
            assertThat(refused.cause()).isEqualTo(HangupCause.MEDIA_UNAVAILABLE);
            assertThat(refused.reason()).contains("full too");
        });
        assertThat(freeSwitch.legs).hasSize(2);
    }

    @Test
    void withoutAnotherNodeTheFirstRefusalStands() {
        freeSwitch.nodes.get(1).up = false;
        var answer = open().answer(CALLER);
        leg(0).refuse(503, "full");
        assertThat(get(answer)).isInstanceOfSatisfying(Refused.class, refused -> assertThat(refused.reason())
                .contains("one")
                .contains("503 full"));
    }

    @Test
    void aNodeWhoseEventSocketSaysNothingIsGivenUp() {
        var answer = open().answer(CALLER);
        leg(0).waiter().completeExceptionally(new EventSocketException("no channel within 4s"));
        leg(0).listener.answered(SWITCH);
        leg(1).answer(SWITCH);
        assertThat(get(answer)).isInstanceOf(Agreed.class);
        assertThat(leg(0).ended).isNotNull();
    }

    @Test
    void soundThatCannotBePreparedGivesTheNodeUp() {
        transport.slow = true;
        var answer = open().answer(CALLER);
        leg(0).answer(SWITCH);
        transport.slow = false;
        transport.opened.get(0).prepared.completeExceptionally(new EventSocketException("our leg was refused: 503"));
        leg(1).answer(SWITCH);
        assertThat(get(answer)).isInstanceOf(Agreed.class);
    }

    @Test
    void nothingUpIsSaidBeforeAnythingIsDialled() {
        freeSwitch.nodes.get(0).up = false;
        freeSwitch.nodes.get(1).draining = true;
        assertThatThrownBy(this::open)
                .isInstanceOf(MediaUnavailableException.class)
                .hasMessageContaining("one: no event socket")
                .hasMessageContaining("two: draining");
        assertThat(pool.refused()).isEqualTo(1);
    }

    @Test
    void callsGoToTheNodeWithTheSmallestShareInUse() {
        freeSwitch.nodes.get(0).sessions = 50;
        freeSwitch.nodes.get(1).sessions = 60;
        freeSwitch.nodes.get(1).maxSessions = 200;
        for (int i = 0; i < 3; i++) engine.open(CallId.next());
        assertThat(pool.standings().get(1).calls()).isEqualTo(3);
    }

    @Test
    void equalNodesTakeTurns() {
        for (int i = 0; i < 6; i++) engine.open(CallId.next());
        assertThat(pool.standings()).allMatch(standing -> standing.calls() == 3);
    }

    @Test
    void aFullNodeTakesNoCall() {
        freeSwitch.nodes.get(0).sessions = 100;
        engine.open(CallId.next());
        assertThat(pool.standings().get(1).calls()).isEqualTo(1);
    }

    @Test
    void anAnswerWithoutSoundIsNoAnswer() {
        var answer = open().answer(CALLER);
        leg(0).answer(SWITCH.replace("m=audio 20000", "m=audio 0"));
        assertThat(get(answer)).isInstanceOfSatisfying(Refused.class, refused -> assertThat(refused.cause())
                .isEqualTo(HangupCause.NO_COMMON_CODEC));
    }

    @Test
    void holdIsAReInvite() {
        MediaSession session = talking();
        var held = session.answer(sdp(5000, "8 0 101", "sendonly"));
        reply(0, new DialedLeg.Reply(200, sdp(20000, "8 101", "recvonly")));
        assertThat(get(held)).isEqualTo(new Agreed(sdp(20000, "8 101", "recvonly"), "PCMA", false));
        var back = session.answer(CALLER);
        reply(1, new DialedLeg.Reply(200, SWITCH));
        assertThat(get(back)).isEqualTo(new Agreed(SWITCH, "PCMA", true));
    }

    @Test
    void aRefusedReInviteLeavesTheOldSession() {
        MediaSession session = talking();
        var changed = session.answer(sdp(5000, "0", "sendrecv"));
        reply(0, new DialedLeg.Reply(488, null));
        assertThat(get(changed)).isInstanceOf(Refused.class);
        assertThat(leg(0).ended).isNull();
        assertThat(told).isEmpty();
    }

    @Test
    void anOfferWithoutSoundOrCodecNeverReachesFreeSwitch() {
        MediaSession session = talking();
        String fax = sdp(5000, "8", "sendrecv").replace("m=audio 5000 RTP/AVP 8", "m=image 5000 udptl t38");
        assertThat(get(session.answer(fax))).isInstanceOf(Refused.class);
        assertThat(get(session.answer(sdp(5000, "3 18 101", "sendrecv")))).isInstanceOf(Refused.class);
        assertThat(leg(0).reoffers).isEmpty();
    }

    @Test
    void freeSwitchMayOffer() {
        MediaSession session = open();
        var offer = session.offer();
        assertThat(leg(0).invitation.sdpOffer()).isNull();
        leg(0).listener.answered(SWITCH);
        assertThat(get(offer)).isEqualTo(SWITCH);
        leg(0).waiter().completeExceptionally(new EventSocketException("no channel within 4s"));
        freeSwitch.awaited.clear();
        var agreed = session.accept(sdp(5000, "8 101", "sendrecv"));
        await().until(() -> !leg(0).acknowledged.isEmpty());
        leg(0).appear();
        assertThat(get(agreed)).isEqualTo(new Agreed(SWITCH, "PCMA", true));
        assertThat(leg(0).acknowledged).containsExactly(sdp(5000, "8 101", "sendrecv"));
        await().until(() -> transport.opened.get(0).caller != null);
    }

    @Test
    void theCallerIsNotShownFreeSwitchsSecondWay() {
        String secure = "m=audio 20002 RTP/SAVP 8 101\r\na=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:abc\r\n";
        String two = SWITCH.replace("m=audio", secure + "m=audio");
        MediaSession session = open();
        var offer = session.offer();
        leg(0).answer(two);
        assertThat(get(offer)).isEqualTo(SWITCH);
        get(session.accept(CALLER));
        assertThat(leg(0).acknowledged.get(0)).contains("m=audio 0 RTP/SAVP 8\r\nm=audio 5000 RTP/AVP");
        var held = session.answer(CALLER);
        reply(0, new DialedLeg.Reply(200, two.replace("m=audio 20002", "m=audio 0")));
        assertThat(leg(0).reoffers.get(0)).contains("m=audio 0 RTP/SAVP 8\r\nm=audio 5000 RTP/AVP");
        assertThat(get(held)).isEqualTo(new Agreed(SWITCH, "PCMA", true));
    }

    @Test
    void freeSwitchsRefreshIsAnsweredHere() {
        talking();
        String refreshed = SWITCH.replace("o=- 1 1", "o=- 1 2");
        assertThat(get(leg(0).listener.reoffered(refreshed))).isEqualTo(CALLER);
        assertThat(leg(0).listener.reoffered(SWITCH.replace("20000", "30000")).toCompletableFuture())
                .succeedsWithin(Duration.ofSeconds(2))
                .isNull();
    }

    @Test
    void keysAreToldOnce() {
        talking();
        channel(0).heard().dtmf('5', 120);
        await().until(() -> told.contains("key 5 120"));
    }

    @Test
    void keysAreSentByFreeSwitch() {
        MediaSession session = talking();
        session.sendDtmf("12#");
        await().until(() ->
                channel(0).asked.contains("uuid_send_dtmf " + channel(0).uuid() + " 12#@100"));
        assertThatThrownBy(() -> session.sendDtmf("1;2")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void freeSwitchsWordIsBelievedBeforeTheBye() {
        talking();
        leg(0).listener.hungUp(16);
        channel(0).heard().hungUp(HangupCause.MAX_DURATION, "ALLOTTED_TIMEOUT");
        await().until(() -> !told.isEmpty());
        assertThat(told).containsExactly("lost MAX_DURATION FreeSWITCH hung up: ALLOTTED_TIMEOUT");
    }

    @ParameterizedTest
    @CsvSource({"16, NORMAL", "0, NORMAL", "41, MEDIA_UNAVAILABLE", "88, NO_COMMON_CODEC", "102, MEDIA_TIMEOUT"})
    void aByeAloneIsEnough(int q850, HangupCause cause) {
        talking();
        leg(0).listener.hungUp(q850);
        await().until(() -> !told.isEmpty());
        assertThat(told.get(0)).startsWith("lost " + cause + " FreeSWITCH ended the leg: BYE");
    }

    @Test
    void aMediaTimeoutIsATimeout() {
        talking();
        channel(0).heard().hungUp(HangupCause.MEDIA_TIMEOUT, "MEDIA_TIMEOUT");
        await().until(() -> told.contains("timed out"));
    }

    @Test
    void aNodesDeathEndsItsCallsAtOnce() {
        talking();
        channel(0).heard().lost("node one is gone");
        await().atMost(Duration.ofMillis(250)).until(() -> !told.isEmpty());
        assertThat(told).containsExactly("lost MEDIA_UNAVAILABLE node one is gone");
    }

    @Test
    void theEndIsToldOnce() {
        talking();
        channel(0).heard().hungUp(HangupCause.NORMAL, "NORMAL_CLEARING");
        channel(0).heard().lost("gone as well");
        leg(0).listener.hungUp(41);
        transport.opened.get(0).whenLost.run();
        afterTheGrace();
        assertThat(told).containsExactly("lost NORMAL FreeSWITCH hung up: NORMAL_CLEARING");
    }

    @Test
    void aBrokenWayOfSoundEndsTheCall() {
        talking();
        transport.opened.get(0).whenLost.run();
        await().until(() -> !told.isEmpty());
        assertThat(told.get(0)).startsWith("lost MEDIA_UNAVAILABLE");
    }

    @Test
    void aChannelThatCannotBeJoinedEndsTheCall() {
        talking();
        transport.opened.get(0).attached.completeExceptionally(new EventSocketException("-ERR no media"));
        await().until(() -> !told.isEmpty());
        assertThat(told.get(0)).contains("cannot be joined").contains("-ERR no media");
    }

    @Test
    void whatEndedWhileItRangIsToldAtTheStart() {
        MediaSession session = open();
        var answer = session.answer(CALLER);
        Channel channel = leg(0).answer(SWITCH);
        get(answer);
        channel.heard().lost("node one is gone");
        session.start(new Told());
        await().until(() -> !told.isEmpty());
        assertThat(told).containsExactly("lost MEDIA_UNAVAILABLE node one is gone");
    }

    @Test
    void hangingUpBeforeTheAnswerCancelsTheLeg() {
        MediaSession session = open();
        var answer = session.answer(CALLER);
        Leg leg = leg(0);
        session.close();
        assertThat(get(answer)).isInstanceOfSatisfying(Refused.class, refused -> assertThat(refused.cause())
                .isEqualTo(HangupCause.CANCELLED));
        assertThat(leg.ended).isNotNull();
        leg.answer(SWITCH);
        assertThat(freeSwitch.legs).hasSize(1);
        assertThat(freeSwitch.forgotten).contains(leg.invitation.callId());
    }

    @Test
    void hangingUpBetweenTheAnswerAndTheChannelLeavesNothing() {
        MediaSession session = open();
        var answer = session.answer(CALLER);
        leg(0).listener.answered(SWITCH);
        session.close();
        await().until(() -> leg(0).ended != null);
        leg(0).appear();
        assertThat(get(answer)).isInstanceOf(Refused.class);
    }

    @Test
    void hangingUpBeforeTheSoundIsPreparedLeavesNothing() {
        transport.slow = true;
        MediaSession session = open();
        var answer = session.answer(CALLER);
        leg(0).answer(SWITCH);
        session.close();
        await().until(() -> transport.opened.get(0).closed);
        transport.opened.get(0).prepared.complete(AudioFormat.NARROWBAND);
        assertThat(get(answer)).isInstanceOf(Refused.class);
    }

    @Test
    void closingTwiceIsAllowedAndNothingIsToldAfterwards() {
        MediaSession session = talking();
        session.close();
        session.close();
        channel(0).heard().dtmf('1', 100);
        channel(0).heard().hungUp(HangupCause.NORMAL, "NORMAL_CLEARING");
        leg(0).listener.hungUp(16);
        afterTheGrace();
        assertThat(told).isEmpty();
        assertThat(leg(0).ended).isEqualTo(HangupCause.NORMAL);
    }

    @Test
    void aNodeThatHangsUpBeforeItsChannelIsSeenIsFollowedByTheNextOne() {
        var answer = open().answer(CALLER);
        leg(0).listener.answered(SWITCH);
        leg(0).listener.hungUp(41);
        leg(1).answer(SWITCH);
        assertThat(get(answer)).isInstanceOf(Agreed.class);
    }

    @Test
    void aSilentCallerIsMissed() {
        engine = engine(Duration.ofMillis(600));
        talking();
        channel(0).answers = (command, arguments) -> command.equals("uuid_getvar") ? "25" : "+OK";
        await().atMost(Duration.ofSeconds(5)).until(() -> told.contains("timed out"));
        assertThat(told).containsExactly("timed out");
    }

    @Test
    void aCallerOnHoldIsNot() {
        engine = engine(Duration.ofMillis(300));
        MediaSession session = talking();
        channel(0).answers = (command, arguments) -> command.equals("uuid_getvar") ? "25" : "+OK";
        var held = session.answer(sdp(5000, "8 101", "sendonly"));
        reply(0, new DialedLeg.Reply(200, sdp(20000, "8 101", "recvonly")));
        get(held);
        await().during(Duration.ofMillis(900)).atMost(Duration.ofSeconds(2)).until(told::isEmpty);
    }

    @Test
    void soundMustBeNegotiatedBeforeItStarts() {
        MediaSession session = open();
        assertThatThrownBy(() -> session.start(new Told())).isInstanceOf(IllegalStateException.class);
    }

    private void afterTheGrace() {
        CompletableFuture<Boolean> past = new CompletableFuture<>();
        strands.of(new CallId("call-1")).after(Duration.ofMillis(400), () -> past.complete(true));
        get(past);
    }

    private FreeSwitchMediaEngine engine(Duration silence) {
        var parts = new Parts(pool, transport, desk, strands, silence);
        return new FreeSwitchMediaEngine(freeSwitch, parts, NoEngine.INSTANCE, new Scope(true, true));
    }

    private MediaSession open() {
        return engine.open(new CallId("call-1"));
    }

    /** Negotiated, joined, started. */
    private MediaSession talking() {
        MediaSession session = open();
        var answer = session.answer(CALLER);
        leg(0).answer(SWITCH);
        assertThat(get(answer)).isInstanceOf(Agreed.class);
        session.start(new Told());
        await().until(() -> transport.opened.get(0).whenLost != null);
        return session;
    }

    private Leg leg(int index) {
        await().until(() -> freeSwitch.legs.size() > index);
        return freeSwitch.leg(index);
    }

    private Channel channel(int index) {
        return (Channel) get(leg(index).waiter());
    }

    private void reply(int index, DialedLeg.Reply reply) {
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

    private final class Told implements MediaListener {
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
