package io.firefly.voip.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import io.firefly.voip.call.Call;
import io.firefly.voip.call.HangupCause;
import io.firefly.voip.callcontrol.CallController;
import io.firefly.voip.freeswitch.Engine;
import io.firefly.voip.testing.RunningFirefly;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Calls that end in every state and in every way; afterwards the exchange holds what it held before. */
@Tag("real-calls")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LeakTest {
    private static final long SEED = 20_260_101;
    private static final int CALLS_PER_ENDING = 5;
    /** 64*T1, after which an INVITE whose 200 nobody acknowledges is given up (RFC 3261 13.3.1.4). */
    private static final int NO_ACK_MILLIS = 32_000;

    private static RunningFirefly firefly;

    /** The slow ones first: their 32 s pass while the others run. */
    private enum Ending {
        NEVER_ACKNOWLEDGED,
        GONE_WITHOUT_ACK,
        GONE_WHILE_RINGING,
        GONE_WHILE_TALKING,
        CANCELLED_AT_ONCE,
        CANCELLED_WHILE_RINGING,
        BYE_WITHOUT_ACK,
        BYE_RIGHT_AFTER_ACK,
        BYE_WHILE_TALKING,
        ENDED_BY_US_WHILE_RINGING,
        ENDED_BY_US_WHILE_TALKING
    }

    private Engine engine = Engine.EMBEDDED;

    /** Who carries the media; an exchange of its own for each. */
    Engine engine() throws Exception {
        return Engine.EMBEDDED;
    }

    @BeforeAll
    void start() throws Exception {
        engine = engine();
        firefly = RunningFirefly.with(engine, "firefly.routing.ring-delay", "500ms", "firefly.media.rtp.timeout", "3s");
    }

    @AfterAll
    void stop() {
        if (firefly != null) firefly.close();
        engine.close();
    }

    @Test
    void callsThatEndInEveryStateLeaveNothingBehind() throws Exception {
        // More than the route threads, and one that times out, so that all pools have the size they will have.
        inParallel(warmUps());
        Rest.awaitRest(firefly, 10);
        Baseline before = Baseline.now();

        inParallel(calls());

        Rest.awaitRest(firefly, 15);
        before.awaitNoMore();
    }

    private static List<Callable<Void>> warmUps() {
        List<Callable<Void>> all = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            String user = List.of("echo", "welcome", "chat").get(i % 3);
            all.add(() -> talk(user, Ending.BYE_WHILE_TALKING, 300));
        }
        all.add(() -> talk("echo", Ending.GONE_WHILE_TALKING, 100));
        return all;
    }

    private static List<Callable<Void>> calls() {
        Random random = new Random(SEED);
        List<Callable<Void>> all = new ArrayList<>();
        for (Ending ending : Ending.values()) {
            for (int i = 0; i < CALLS_PER_ENDING; i++) {
                boolean rings = ending.name().endsWith("RINGING");
                String user = (rings ? List.of("chat", "welcome") : List.of("chat", "echo", "welcome"))
                        .get(i % (rings ? 2 : 3));
                int millis = random.nextInt(rings ? 400 : 2_000);
                all.add(() -> talk(user, ending, millis));
            }
        }
        return all;
    }

    private static void inParallel(List<Callable<Void>> calls) throws Exception {
        Baseline.inParallel(14, calls);
    }

    private static Void talk(String user, Ending ending, int millis) throws Exception {
        try (Caller caller = new Caller(firefly, user)) {
            caller.invite();
            switch (ending) {
                case CANCELLED_AT_ONCE -> cancelledAtOnce(caller);
                case GONE_WHILE_RINGING, CANCELLED_WHILE_RINGING, ENDED_BY_US_WHILE_RINGING ->
                    whileRinging(caller, ending, millis);
                case NEVER_ACKNOWLEDGED, GONE_WITHOUT_ACK, BYE_WITHOUT_ACK -> withoutAck(caller, ending, millis);
                default -> whileTalking(caller, ending, millis);
            }
        }
        return null;
    }

    /** The 200 may cross the CANCEL on its way: then it is a call, and ended as one (RFC 3261 9.1). */
    private static void cancelledAtOnce(Caller caller) throws Exception {
        caller.await("SIP/2.0 100");
        caller.cancel();
        String last = caller.awaitFinal("INVITE");
        if (!last.startsWith("SIP/2.0 200")) return;
        caller.ack();
        caller.hangUp();
    }

    private static void whileRinging(Caller caller, Ending ending, int millis) throws Exception {
        caller.await("SIP/2.0 180");
        caller.listenFor(millis);
        if (ending == Ending.GONE_WHILE_RINGING) return;
        if (ending == Ending.CANCELLED_WHILE_RINGING) caller.cancel();
        else endByUs(caller);
        String last = caller.awaitFinal("INVITE");
        if (!last.startsWith("SIP/2.0 200")) return;
        caller.ack();
        caller.hangUpUnlessHungUp();
    }

    private static void withoutAck(Caller caller, Ending ending, int millis) throws Exception {
        caller.await("SIP/2.0 200");
        if (ending == Ending.NEVER_ACKNOWLEDGED)
            assertThat(caller.hearsBye(NO_ACK_MILLIS + 4_000))
                    .as("BYE after 64*T1")
                    .isTrue();
        if (ending != Ending.BYE_WITHOUT_ACK) return;
        caller.listenFor(millis);
        caller.hangUp();
    }

    private static void whileTalking(Caller caller, Ending ending, int millis) throws Exception {
        caller.await("SIP/2.0 200");
        caller.ack();
        if (ending == Ending.BYE_RIGHT_AFTER_ACK) {
            caller.hangUp();
            return;
        }
        caller.voice().start();
        caller.listenFor(millis);
        if (ending == Ending.GONE_WHILE_TALKING) return;
        if (ending == Ending.BYE_WHILE_TALKING) {
            caller.hangUp();
            return;
        }
        endByUs(caller);
        assertThat(caller.hearsBye(5_000)).isTrue();
    }

    /** As {@code call:end?cause=server-error} does. */
    private static void endByUs(Caller caller) {
        CallController controller = firefly.bean(CallController.class);
        Call call = controller.calls().stream()
                .filter(one -> one.networkCallId().equals(caller.callId()))
                .findFirst()
                .orElseThrow(() ->
                        new AssertionError("no call of " + caller.callId() + " in " + Map.copyOf(Rest.held(firefly))));
        controller.end(call.id(), HangupCause.SERVER_ERROR);
    }
}
