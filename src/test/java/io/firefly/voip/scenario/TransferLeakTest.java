package io.firefly.voip.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.firefly.voip.call.Call;
import io.firefly.voip.call.HangupCause;
import io.firefly.voip.call.LegDialer;
import io.firefly.voip.callcontrol.CallController;
import io.firefly.voip.callcontrol.transfer.TransferOutcome;
import io.firefly.voip.freeswitch.Engine;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * Fifty calls at once that are transferred, by REFER and by a call of ours, while somebody hangs up before, meanwhile and
 * afterwards; afterwards the exchange holds what it held before, and every transfer had an outcome.
 */
@Tag("real-calls")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TransferLeakTest {
    private static final long SEED = 20_260_101;
    private static final int CALLS = 50;

    private final List<CompletableFuture<TransferOutcome>> outcomes = new ArrayList<>();
    private Engine engine = Engine.EMBEDDED;
    private Desks desks;
    private ScriptedCalls calls;

    /** What the caller's telephone does with a REFER. */
    private enum Telephone {
        GOES_THERE,
        FINDS_IT_BUSY,
        DECLINES,
        TAKES_IT_AND_HANGS_UP,
        HANGS_UP_UNASKED,
        IS_GONE
    }

    /** Who carries the media; an exchange of its own for each. */
    Engine engine() throws Exception {
        return Engine.EMBEDDED;
    }

    @BeforeAll
    void start() throws Exception {
        engine = engine();
        desks = new Desks();
        String directory = """
                default:
                  targets:
                    - {name: desk, to: "sip:desk@pbx.example", by: refer, patience: 1s}
                    - {name: sales, to: "sip:sales@127.0.0.1:%d", patience: 1s}
                """.formatted(desks.port());
        calls = ScriptedCalls.with(
                engine,
                "steps: []",
                List.of("firefly.media.rtp.timeout", "2s", "firefly.sip.limits.burst", "10000"),
                "directory.yaml",
                directory);
    }

    @AfterAll
    void stop() {
        if (calls != null) calls.close();
        if (desks != null) desks.close();
        engine.close();
    }

    @Test
    void fiftyTransfersAtOnceLeaveNothingBehind() throws Exception {
        Baseline.inParallel(24, transfers(new Random(1), 24));
        awaitRest();
        Baseline before = Baseline.now();

        Baseline.inParallel(CALLS, transfers(new Random(SEED), CALLS));

        awaitRest();
        assertThat(desks.called()).isGreaterThan(CALLS / 3);
        assertThat(outcomes).allMatch(CompletableFuture::isDone);
        assertThat(outcomes.stream().map(outcome -> outcome.join().reason()).distinct())
                .contains("", "busy");
        before.awaitNoMore();
    }

    private void awaitRest() {
        Rest.awaitRest(calls.firefly(), 15);
        await().atMost(Duration.ofSeconds(15))
                .until(() -> calls.firefly().bean(LegDialer.class).openLegs() == 0);
        await().atMost(Duration.ofSeconds(15)).until(() -> engine.channels() == 0);
    }

    private List<Callable<Void>> transfers(Random random, int count) {
        List<Callable<Void>> all = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Telephone telephone = Telephone.values()[i / 2 % Telephone.values().length];
            boolean weHangUp = random.nextInt(4) == 0;
            int before = random.nextInt(400);
            int meanwhile = random.nextInt(2_500);
            boolean byRefer = i % 2 == 0;
            all.add(() ->
                    byRefer ? referred(telephone, weHangUp, before, meanwhile) : bridged(weHangUp, before, meanwhile));
        }
        return all;
    }

    private Void bridged(boolean weHangUp, int before, int meanwhile) throws Exception {
        try (Caller caller = Caller.connected(calls.firefly(), "chat")) {
            caller.listenFor(before);
            transfer(caller, "sales");
            caller.listenFor(meanwhile);
            end(caller, weHangUp);
        }
        return null;
    }

    private Void referred(Telephone telephone, boolean weHangUp, int before, int meanwhile) throws Exception {
        try (Caller caller = Caller.connected(calls.firefly(), "chat")) {
            caller.listenFor(before);
            transfer(caller, "desk");
            if (telephone != Telephone.HANGS_UP_UNASKED) {
                String refer = caller.await("REFER ");
                if (weHangUp) endByUs(caller);
                if (telephone == Telephone.IS_GONE) return null;
                caller.respond(refer, telephone == Telephone.DECLINES ? "603 Decline" : "202 Accepted");
            }
            if (telephone == Telephone.GOES_THERE) caller.notifyReferral("200 OK");
            if (telephone == Telephone.FINDS_IT_BUSY) caller.notifyReferral("486 Busy Here");
            if (telephone != Telephone.TAKES_IT_AND_HANGS_UP) caller.listenFor(meanwhile);
            end(caller, weHangUp);
        }
        return null;
    }

    private void transfer(Caller caller, String target) {
        Call call = find(caller);
        if (call == null) return;
        CompletableFuture<TransferOutcome> outcome = calls.firefly()
                .bean(CallController.class)
                .transfer(call.id(), target)
                .toCompletableFuture();
        synchronized (outcomes) {
            outcomes.add(outcome);
        }
    }

    private void end(Caller caller, boolean byUs) throws Exception {
        if (byUs) {
            endByUs(caller);
            assertThat(caller.hearsBye(8_000)).isTrue();
        } else {
            caller.hangUpUnlessHungUp();
        }
    }

    private void endByUs(Caller caller) {
        Call call = find(caller);
        if (call != null) calls.firefly().bean(CallController.class).end(call.id(), HangupCause.SERVER_ERROR);
    }

    private Call find(Caller caller) {
        return calls.firefly().bean(CallController.class).calls().stream()
                .filter(one -> one.networkCallId().equals(caller.callId()))
                .findFirst()
                .orElse(null);
    }
}
