package io.firefly.voip.callcontrol;

import io.firefly.voip.agent.AgentBrief.AgentProfile;
import io.firefly.voip.call.CallId;
import io.firefly.voip.call.HangupCause;
import io.firefly.voip.call.IncomingCall;
import io.firefly.voip.callcontrol.admission.Admission;
import io.firefly.voip.callcontrol.transfer.TransferOutcome;
import io.firefly.voip.tenant.Tenant;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletionStage;

/**
 * What may be asked of a call, in the words of the {@code call:} and {@code agent:} steps.
 *
 * <p>Every method accepts the order and returns at once. Orders of one call are carried out one after the other on the
 * call's own thread: {@code play} is over when the file was heard, so an {@code end} behind it does not cut it. An
 * order for a call that is gone does nothing; an order that fails ends the call with the fitting cause. Any thread.
 */
public interface CallOrders {
    /** Makes an incoming call ours; its routes at {@code call:incoming} decide what happens. */
    void offer(IncomingCall incoming);

    /** Counts the call against its tenant's and this node's limits and remembers whose it is. */
    Admission admit(CallId call, Tenant tenant);

    /** 180, then waits for {@code delay} (0 to 30 s) before the next order. */
    void ring(CallId call, Duration delay);

    /** 200 with our SDP; sound flows from here on, and is recorded when the tenant or {@code record} says so. */
    void answer(CallId call, boolean record);

    /** Plays a WAV file at a tempo (0.1 to 5.0, pitch kept). The next order waits for its end. */
    void play(CallId call, Path file, double tempo);

    /** The caller hears themselves. */
    void echo(CallId call);

    /** Connects a voice agent. Its provider is dialled at once, also while an earlier order still rings. */
    void connectAgent(CallId call, AgentProfile profile);

    /** Digits to the caller (RFC 4733). */
    void sendDtmf(CallId call, String digits);

    /**
     * Connects the caller with somebody of their tenant's directory, by that name alone. Orders behind it are carried out
     * only when that did not work.
     *
     * @return how it went, never exceptionally; the call may be over by then
     */
    CompletionStage<TransferOutcome> transfer(CallId call, String target);

    /** What an agent may learn of the caller; empty when the call is over. Answers at once. */
    Map<String, Object> caller(CallId call);

    /** Final response before the answer, BYE after it, once every earlier order is done. */
    void end(CallId call, HangupCause cause);

    /** Lets the agent say its goodbye, waits until it was heard, then BYE. */
    void endAfterGoodbye(CallId call);

    /** Names the flow that serves the call, for its records. */
    void noteCallflow(CallId call, String callflow);
}
