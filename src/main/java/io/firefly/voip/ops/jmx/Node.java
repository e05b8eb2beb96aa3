package io.firefly.voip.ops.jmx;

import io.firefly.voip.callcontrol.CallController;
import io.firefly.voip.media.freeswitch.SwitchNode;
import io.firefly.voip.sip.SipFront;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** This process as an MBean. */
final class Node implements NodeMXBean {
    private final CallController calls;
    private final SipFront front;
    private final List<SwitchNode> switches;
    private final Audit audit;

    Node(CallController calls, SipFront front, List<SwitchNode> switches, Audit audit) {
        this.calls = calls;
        this.front = front;
        this.switches = switches;
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
    public List<SwitchState> getFreeSwitchNodes() {
        return switches.stream().map(Node::state).toList();
    }

    private static SwitchState state(SwitchNode node) {
        SwitchNode.Health now = node.health();
        return new SwitchState(
                node.name(),
                now.up(),
                now.draining(),
                now.sessions(),
                now.since().toString(),
                now.note());
    }

    @Override
    public void drainFreeSwitch(String name, String reason) {
        SwitchNode node = named(name);
        audit.note("drain FreeSWITCH " + node.name(), reason);
        node.drain(true);
    }

    @Override
    public void undrainFreeSwitch(String name, String reason) {
        SwitchNode node = named(name);
        audit.note("undrain FreeSWITCH " + node.name(), reason);
        node.drain(false);
    }

    private SwitchNode named(String name) {
        return switches.stream()
                .filter(node -> node.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no FreeSWITCH is named so; there are "
                        + switches.stream().map(SwitchNode::name).toList()));
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
