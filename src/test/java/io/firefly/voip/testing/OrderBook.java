package io.firefly.voip.testing;

import io.firefly.voip.agent.AgentBrief.AgentProfile;
import io.firefly.voip.call.CallId;
import io.firefly.voip.call.HangupCause;
import io.firefly.voip.call.IncomingCall;
import io.firefly.voip.callcontrol.CallOrders;
import io.firefly.voip.callcontrol.admission.Admission;
import io.firefly.voip.callcontrol.transfer.TransferOutcome;
import io.firefly.voip.tenant.Tenant;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;

/** Writes down what is ordered of calls, in words, and admits whom the test lets in. */
public final class OrderBook implements CallOrders {
    private final List<String> orders = new CopyOnWriteArrayList<>();
    private volatile Admission admission = new Admission.Admitted(1);

    public List<String> orders() {
        return orders;
    }

    public void refuseWith(HangupCause cause, String reason) {
        admission = new Admission.Refused(cause, reason);
    }

    @Override
    public void offer(IncomingCall incoming) {
        orders.add("offer " + incoming.id());
    }

    @Override
    public Admission admit(CallId call, Tenant tenant) {
        orders.add("admit " + tenant.id());
        return admission;
    }

    @Override
    public void ring(CallId call, Duration delay) {
        orders.add("ring " + delay.toMillis() + "ms");
    }

    @Override
    public void answer(CallId call, boolean record) {
        orders.add(record ? "answer and record" : "answer");
    }

    @Override
    public void play(CallId call, Path file, double tempo) {
        orders.add("play " + file.getFileName() + " at " + tempo);
    }

    @Override
    public void echo(CallId call) {
        orders.add("echo");
    }

    @Override
    public void connectAgent(CallId call, AgentProfile profile) {
        orders.add("agent " + profile.name());
    }

    @Override
    public void sendDtmf(CallId call, String digits) {
        orders.add("dtmf " + digits);
    }

    @Override
    public CompletionStage<TransferOutcome> transfer(CallId call, String target) {
        orders.add("transfer " + target);
        return CompletableFuture.completedFuture(TransferOutcome.failed("busy"));
    }

    @Override
    public Map<String, Object> caller(CallId call) {
        return Map.of("number", "+15550100");
    }

    @Override
    public void end(CallId call, HangupCause cause) {
        orders.add("end " + cause.label());
    }

    @Override
    public void endAfterGoodbye(CallId call) {
        orders.add("end after goodbye");
    }

    @Override
    public void noteCallflow(CallId call, String callflow) {
        orders.add("flow " + callflow);
    }
}
