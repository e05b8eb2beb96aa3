package io.firefly.voip.media.freeswitch.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.firefly.voip.audio.AudioFormat;
import io.firefly.voip.call.CallId;
import io.firefly.voip.call.DialedLeg;
import io.firefly.voip.call.HangupCause;
import io.firefly.voip.media.MediaSession;
import io.firefly.voip.media.MediaUnavailableException;
import io.firefly.voip.media.Negotiated.Agreed;
import io.firefly.voip.media.Negotiated.Refused;
import io.firefly.voip.media.freeswitch.EventSocketException;
import io.firefly.voip.media.freeswitch.engine.FakeSwitch.Leg;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How such a call begins, and what is negotiated later. */
class DialedSessionTest extends DialedCall {
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
}
