package io.firefly.voip.ops.jmx;

import io.firefly.voip.callcontrol.CallController;
import io.firefly.voip.sip.SipFront;
import java.util.Map;
import java.util.TreeMap;

/** This process as an MBean. */
final class Node implements NodeMXBean {
    private final CallController calls;
    private final SipFront front;
    private final Audit audit;

    Node(CallController calls, SipFront front, Audit audit) {
        this.calls = calls;
        this.front = front;
        this.audit = audit;
    }

    @Override
    public int getCalls() {
        return calls.calls().size();
    }

    @Override
    public Map<String, Integer> getCallsByState() {
        Map<String, Integer> byState = new TreeMap<>();
        calls.calls().forEach(call -> byState.merge(call.state().name(), 1, Integer::sum));
        return byState;
    }

    @Override
    public int getDialogs() {
        return front.rememberedLegs();
    }

    @Override
    public boolean isDraining() {
        return calls.isDraining();
    }

    @Override
    public Map<String, Integer> getSipPorts() {
        return front.ports();
    }

    @Override
    public void drain(String reason) {
        audit.note("drain the node", reason);
        calls.refuseNewCalls();
    }

    @Override
    public void undrain(String reason) {
        audit.note("undrain the node", reason);
        calls.takeNewCalls();
    }
}
