package io.firefly.voip.callcontrol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.firefly.voip.call.CallEvent;
import io.firefly.voip.call.CallId;
import io.firefly.voip.call.HangupCause;
import io.firefly.voip.callcontrol.admission.Admission;
import io.firefly.voip.tenant.Tenant;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** How many calls, for how long, and that none is forgotten. */
class CallLimitsTest extends ControllerOnTest {
    @Test
    void aCallNobodyDecidesAboutIsNotLeftWaiting() {
        controller.close();
        controller = controllerWith("100ms", 100);

        offer("offer");

        await().until(() -> controller.calls().isEmpty());
        assertThat(leg.told).containsExactly("end unavailable");
    }

    @Test
    void whoWasOnlyRungForIsNotForgotten() {
        controller.close();
        controller = controllerWith("1s", 100);
        CallId call = offer("offer");

        controller.ring(call, Duration.ofMillis(10));

        await().until(() -> controller.calls().isEmpty());
        assertThat(leg.told).containsExactly("ring", "end unavailable");
    }

    @Test
    void whoWasAnsweredAndHearsNobodyIsNotForgotten() {
        controller.close();
        controller = controllerWith("1s", 100);
        CallId call = offer("offer");

        controller.answer(call, false);
        controller.play(call, Path.of("src/test/resources/audio/tenth.wav"), 1.0);

        await().until(() -> leg.told.contains("answer answer to offer"));
        keepTicking();
        assertThat(leg.told).containsExactly("answer answer to offer", "end normal");
    }

    @Test
    void admittedTwiceACallHoldsOnePlace() {
        Tenant small = new Tenant("small", "echo", "none", new Tenant.Limits(2, Duration.ofHours(1)), false);
        CallId call = offer("offer");

        controller.admit(call, small);
        controller.admit(call, small);
        controller.end(call, HangupCause.BUSY);
        await().until(() -> controller.calls().isEmpty());

        assertThat(controller.admit(offer("offer"), small)).isEqualTo(new Admission.Admitted(1));
    }

    @Test
    void theNextCallBeyondATenantsLimitIsRefusedUntilOneEnds() {
        Tenant small = new Tenant("small", "echo", "none", new Tenant.Limits(1, Duration.ofHours(1)), false);
        CallId first = offer("offer");
        CallId second = offer("offer");

        assertThat(controller.admit(first, small)).isEqualTo(new Admission.Admitted(1));
        assertThat(controller.admit(second, small)).isInstanceOf(Admission.Refused.class);
        controller.end(first, HangupCause.BUSY);
        await().until(() -> controller.calls().size() == 1);

        assertThat(controller.admit(second, small)).isEqualTo(new Admission.Admitted(1));
    }

    @Test
    void eachLimitHasItsOwnAnswer() {
        Tenant full = tenant(new Tenant.Limits(1, 0, 0, Duration.ofHours(1)));
        controller.admit(offer("offer"), full);
        assertThat(controller.admit(offer("offer"), full))
                .isEqualTo(new Admission.Refused(HangupCause.OVER_LIMIT, "tenant full has its 1 calls already"));
        Tenant fast = new Tenant("fast", "echo", "none", new Tenant.Limits(9, 1, 0, Duration.ofHours(1)), false);
        controller.admit(offer("offer"), fast);
        assertThat(controller.admit(offer("offer"), fast))
                .isEqualTo(new Admission.Refused(HangupCause.OVER_RATE, "tenant fast may have 1 new calls per second"));
        assertThat(HangupCause.OVER_LIMIT.sipStatus()).isEqualTo(486);
        assertThat(HangupCause.OVER_RATE.sipStatus()).isEqualTo(503);
        assertThat(HangupCause.OUT_OF_MINUTES.sipStatus()).isEqualTo(480);
    }

    @Test
    void onlyAnsweredTimeCostsMinutes() {
        Tenant talker = tenant(new Tenant.Limits(9, Duration.ofHours(1)));
        CallId rung = offer("offer");
        controller.admit(rung, talker);
        controller.end(rung, HangupCause.BUSY);
        await().until(() -> controller.calls().isEmpty());
        assertThat(usage.talkedToday("full")).isEqualTo(Duration.ZERO);

        CallId answered = offer("offer");
        controller.admit(answered, talker);
        controller.echo(answered);
        await().until(() -> usage.talkedToday("full").toMillis() >= 20);
        controller.end(answered, HangupCause.BUSY);
        await().until(() -> controller.calls().isEmpty());

        Duration talked = usage.talkedToday("full");
        assertThat(talked).isPositive();
        await().during(Duration.ofMillis(50))
                .until(() -> usage.talkedToday("full").equals(talked));
    }

    private static Tenant tenant(Tenant.Limits limits) {
        return new Tenant("full", "echo", "none", limits, false);
    }

    @Test
    void aCallIsEndedAtTheLimitOfItsTenant() {
        Tenant brief = new Tenant("brief", "echo", "none", new Tenant.Limits(9, Duration.ofMillis(200)), false);
        CallId call = offer("offer");
        controller.admit(call, brief);

        controller.echo(call);

        await().until(() -> controller.calls().isEmpty());
        assertThat(leg.told).last().isEqualTo("end max-duration");
    }

    @Test
    void beyondTheNodesLimitNewCallsHear503() {
        controller.close();
        controller = controllerWith("10s", 1);
        offer("offer");

        offer("offer");

        assertThat(leg.told).containsExactly("end media-unavailable");
    }

    @Test
    void drainingRefusesNewCallsAndCompletesWithTheLastOne() {
        CallId call = offer("offer");
        controller.echo(call);
        await().until(() -> leg.told.contains("answer answer to offer"));

        CompletableFuture<Integer> drained = controller.drain().toCompletableFuture();
        offer("offer");
        assertThat(leg.told).last().isEqualTo("end draining");
        assertThat(drained).isNotDone();
        listener().hungUp();

        await().until(drained::isDone);
        assertThat(drained).isCompletedWithValue(0);
    }

    @Test
    void whatIsLeftAfterTheDrainIsEndedAndCounted() {
        controller.close();
        controller = controllerWith("10s", 100, Duration.ofMillis(100));
        controller.echo(offer("offer"));
        await().until(() -> leg.told.contains("answer answer to offer"));

        CompletableFuture<Integer> drained = controller.drain().toCompletableFuture();

        await().until(drained::isDone);
        assertThat(drained).isCompletedWithValue(1);
        assertThat(leg.told).last().isEqualTo("end draining");
    }

    @Test
    void everyCallEndsExactlyOnceHoweverManyEndIt() {
        CallId call = offer("offer");
        controller.echo(call);
        await().until(() -> leg.told.contains("answer answer to offer"));

        controller.end(call, HangupCause.BUSY);
        listener().hungUp();
        listener().lost(HangupCause.NO_ACK);

        await().until(() -> controller.calls().isEmpty());
        assertThat(details).hasSize(1);
        assertThat(events)
                .filteredOn(event -> event instanceof CallEvent.CallEnded)
                .hasSize(1);
    }
}
