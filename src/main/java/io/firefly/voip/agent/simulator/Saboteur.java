package io.firefly.voip.agent.simulator;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.firefly.voip.agent.simulator.protocol.ProtocolError;
import io.firefly.voip.agent.simulator.protocol.ServerEvents;
import io.firefly.voip.agent.simulator.script.Fault;
import io.firefly.voip.agent.simulator.script.Victim;
import io.firefly.voip.agent.simulator.wire.Clock;
import io.firefly.voip.agent.simulator.wire.FrameLog;
import io.firefly.voip.agent.simulator.wire.Line;
import io.firefly.voip.agent.simulator.wire.Wire;

/** Does to one session what its script, or somebody at the control desk, wants done to it. */
final class Saboteur implements Victim {
    private static final int CUT = 1006;

    private final RealtimeSession session;
    private final Ways ways;
    private final ServerEvents events;

    Saboteur(RealtimeSession session, Ways ways, ServerEvents events) {
        this.session = session;
        this.ways = ways;
        this.events = events;
    }

    /** What lies between session and client. */
    record Ways(Line line, Wire wire, Clock clock, FrameLog log) {}

    /** Does it in due time. */
    void commit(Fault fault) {
        ways.clock().after(fault.afterMillis(), () -> commitNow(fault));
    }

    void commitNow(Fault fault) {
        ways.log().fault(fault.told());
        fault.deed().accept(this);
    }

    @Override
    public void close(int code, String reason) {
        session.close();
        if (code == CUT) {
            ways.line().cut();
        } else {
            ways.line().close(code, reason);
        }
    }

    @Override
    public void stall(long millis) {
        ways.wire().stall(millis);
    }

    @Override
    public void deaf(long millis) {
        ways.line().read(false);
        ways.clock().after(millis, () -> ways.line().read(true));
    }

    @Override
    public void error(String code, String message) {
        events.error(ProtocolError.of(code, message, null), null);
    }

    @Override
    public void fail(String code, String message) {
        session.failResponse(code, message);
    }

    @Override
    public void send(String frame) {
        ways.wire().pass(frame);
    }

    @Override
    public void oversize(int bytes) {
        ObjectNode event = events.event("simulator.oversized");
        events.send(event.put("padding", "x".repeat(bytes)));
    }

    @Override
    public void repeat(String type) {
        ways.wire().repeat(type);
    }

    @Override
    public void hold(String type, long millis) {
        ways.wire().hold(type, millis);
    }

    @Override
    public void drop(String type) {
        ways.wire().drop(type);
    }

    @Override
    public void expire() {
        session.expire();
    }
}
