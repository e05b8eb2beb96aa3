package io.firefly.voip.callcontrol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.firefly.voip.call.CallId;
import io.firefly.voip.call.CallLeg.Referred;
import io.firefly.voip.call.DialedLeg;
import io.firefly.voip.call.HangupCause;
import io.firefly.voip.callcontrol.transfer.TransferOutcome;
import io.firefly.voip.testing.SilentMedia;
import java.util.Arrays;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A caller who talks with an agent is connected with somebody else, or is not, and talks on. */
class TransferTest extends ControllerOnTest {
    private static final TransferOutcome CONNECTED = new TransferOutcome(true, "");

    private CallId call = new CallId("none");
    private SilentMedia.Session caller;

    @BeforeEach
    void talking() {
        directory.replace("""
                default:
                  targets:
                    - {name: sales, to: "sip:sales@pbx.example", by: bridge}
                    - {name: desk, to: "sip:desk@pbx.example", by: refer}
                """, "directory.yaml");
        call = offer("offer");
        controller.connectAgent(call, RECEPTION);
        await().until(() -> agent.told.contains("begin"));
        caller = Objects.requireNonNull(media.last);
    }

    @Test
    void bothHearEachOtherTheAgentLeavesAndTheRecordSaysWhoHasTheCaller() {
        CompletableFuture<TransferOutcome> outcome = transfer("sales");
        DialedLeg.Listener party = dialled();
        assertThat(dialer.invitations.get(0).uri()).isEqualTo("sip:sales@pbx.example");
        assertThat(dialer.invitations.get(0).headers()).containsEntry("From", "<sip:+49301@example.test>");
        SilentMedia.Session theirs = Objects.requireNonNull(media.last);

        party.progress(180, null);
        awaitHeard("the ringing is heard", () -> isSound(media.tick(caller, FRAME)));
        assertThat(agent.told).doesNotContain("close");
        party.answered("their sdp");

        await().until(outcome::isDone);
        assertThat(outcome).isCompletedWithValue(CONNECTED);
        await().until(() -> agent.told.contains("close"));
        awaitHeard("what the caller says", () -> {
            media.tick(caller, loud(500));
            return media.tick(theirs, FRAME)[0] == 500;
        });
        awaitHeard("what the party says", () -> {
            media.tick(theirs, loud(700));
            return media.tick(caller, FRAME)[0] == 700;
        });
        listener().hungUp();
        await().until(() -> details.size() == 1);
        assertThat(dialer.told).containsExactly("end normal");
        assertThat(details.get(0).transferredTo()).isEqualTo("sales");
    }

    @Test
    void theCallEndsWhenThePartyHangsUp() {
        CompletableFuture<TransferOutcome> outcome = transfer("sales");
        DialedLeg.Listener party = dialled();
        party.answered("their sdp");
        await().until(outcome::isDone);

        dialer.over();
        party.hungUp(16);

        await().until(() -> controller.calls().isEmpty());
        assertThat(leg.told).contains("end normal");
        assertThat(details.get(0).endedBy()).isEqualTo("network");
    }

    @Test
    void aBusyPartyIsAnAnswerAndTheAgentGoesOn() {
        CompletableFuture<TransferOutcome> outcome = transfer("sales");
        DialedLeg.Listener party = dialled();
        dialer.over();
        party.refused(486, "Busy Here");

        await().until(outcome::isDone);
        assertThat(outcome).isCompletedWithValue(TransferOutcome.failed("busy"));
        assertThat(outcome.join().toJson()).isEqualTo("{\"status\":\"failed\",\"reason\":\"busy\"}");
        assertThat(agent.told).doesNotContain("close");
        assertThat(media.openSessions()).isEqualTo(1);

        CompletableFuture<TransferOutcome> again = transfer("sales");
        awaitHeard("INVITE", () -> {
            media.tick(caller, FRAME);
            return dialer.invitations.size() == 2;
        });
        controller.end(call, HangupCause.SERVER_ERROR);
        await().until(again::isDone);
        assertThat(again.join().connected()).isFalse();
    }

    @Test
    void aCallerWhoHangsUpWhileItRingsTakesTheOtherCallWithThem() {
        CompletableFuture<TransferOutcome> outcome = transfer("sales");
        DialedLeg.Listener party = dialled();

        listener().hungUp();

        await().until(() -> dialer.told.contains("end normal"));
        await().until(outcome::isDone);
        party.answered("too late");
        await().until(() -> controller.calls().isEmpty());
        assertThat(media.openSessions()).isZero();
        assertThat(details.get(0).transferredTo()).isNull();
    }

    @Test
    void onlyNamesOfTheDirectoryLeadAnywhere() {
        assertThat(transfer("+4930123456").join().reason()).isEqualTo("there is nobody of that name");
        assertThat(transfer("sip:x@evil.example").join().connected()).isFalse();
        assertThat(dialer.invitations).isEmpty();
    }

    @Test
    void oneTransferAtATime() {
        CompletableFuture<TransferOutcome> first = transfer("sales");
        DialedLeg.Listener ringing = dialled();

        CompletableFuture<TransferOutcome> second = transfer("desk");

        assertThat(leg.told).noneMatch(word -> word.startsWith("refer"));
        dialer.over();
        ringing.refused(404, "Not Found");
        await().until(first::isDone);
        awaitHeard("the second waits for the first", () -> {
            media.tick(caller, FRAME);
            return leg.told.contains("refer sip:desk@pbx.example");
        });
        leg.referred.complete(new Referred(false, 603));
        await().until(second::isDone);
        assertThat(second.join().reason()).isEqualTo("the caller's telephone does not take it");
    }

    @Test
    void aReferralThatWorkedEndsTheCallWithByeAndOneThatDidNotLeavesTheAgent() {
        CompletableFuture<TransferOutcome> outcome = transfer("desk");
        awaitHeard("REFER", () -> {
            media.tick(caller, FRAME);
            return leg.told.contains("refer sip:desk@pbx.example");
        });
        assertThat(agent.told).doesNotContain("close");

        leg.referred.complete(new Referred(true, 200));

        await().until(() -> controller.calls().isEmpty());
        assertThat(outcome.join()).isEqualTo(CONNECTED);
        assertThat(leg.told).endsWith("end normal");
        assertThat(details.get(0).transferredTo()).isEqualTo("desk");
        assertThat(details.get(0).endedBy()).isEqualTo("us");
    }

    @Test
    void whatTheTargetSaidOfAReferralReachesTheAgent() {
        CompletableFuture<TransferOutcome> outcome = transfer("desk");
        awaitHeard("REFER", () -> {
            media.tick(caller, FRAME);
            return leg.told.contains("refer sip:desk@pbx.example");
        });

        leg.referred.complete(new Referred(true, 480));

        await().until(outcome::isDone);
        assertThat(outcome.join().reason()).isEqualTo("no answer");
        assertThat(agent.told).doesNotContain("close");
        assertThat(leg.told).doesNotContain("end normal");
    }

    private CompletableFuture<TransferOutcome> transfer(String name) {
        return controller.transfer(call, name).toCompletableFuture();
    }

    /** The agent says nothing, so that one tick of the media clock is its silence. */
    private DialedLeg.Listener dialled() {
        awaitHeard("INVITE", () -> {
            media.tick(caller, FRAME);
            return dialer.listener != null;
        });
        return Objects.requireNonNull(dialer.listener);
    }

    private static void awaitHeard(String what, java.util.concurrent.Callable<Boolean> heard) {
        await(what).pollInterval(java.time.Duration.ofMillis(5)).until(heard);
    }

    private static boolean isSound(short[] frame) {
        for (short sample : frame) if (sample != 0) return true;
        return false;
    }

    private static short[] loud(int sample) {
        short[] frame = new short[160];
        Arrays.fill(frame, (short) sample);
        return frame;
    }
}
