package io.firefly.voip.media.freeswitch.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.firefly.voip.audio.AudioFormat;
import io.firefly.voip.call.DialedLeg;
import io.firefly.voip.call.HangupCause;
import io.firefly.voip.media.MediaSession;
import io.firefly.voip.media.Negotiated.Agreed;
import io.firefly.voip.media.Negotiated.Refused;
import io.firefly.voip.media.freeswitch.EventSocketException;
import io.firefly.voip.media.freeswitch.engine.FakeSwitch.Channel;
import io.firefly.voip.media.freeswitch.engine.FakeSwitch.Leg;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What happens in such a call, and how it ends: in every state, from every side. */
class DialedEndingTest extends DialedCall {
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
        transport.opened.get(0).breaks();
        afterTheGrace();
        assertThat(told).containsExactly("lost NORMAL FreeSWITCH hung up: NORMAL_CLEARING");
    }

    @Test
    void aBrokenWayOfSoundEndsTheCall() {
        talking();
        transport.opened.get(0).breaks();
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
}
