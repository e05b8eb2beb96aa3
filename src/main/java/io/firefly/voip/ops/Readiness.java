package io.firefly.voip.ops;

import io.firefly.voip.callcontrol.CallController;
import io.firefly.voip.camel.reload.RouteLibrary;
import io.firefly.voip.sip.SipFront;
import java.util.ArrayList;
import java.util.List;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/** Whether this process takes new calls, and if not, why. */
@Component
public class Readiness {
    private final CallController calls;
    private final SipFront sip;
    private final RouteLibrary routes;
    private final MediaNodes nodes;

    Readiness(CallController calls, SipFront sip, RouteLibrary routes, MediaNodes nodes) {
        this.nodes = nodes;
        this.calls = calls;
        this.sip = sip;
        this.routes = routes;
    }

    /** The routes are loaded: what no route takes hears 405 from here on, and no longer 503. */
    @EventListener(ApplicationReadyEvent.class)
    void openTheDoor() {
        sip.ready();
    }

    /** @param reasons what stands in the way; empty when ready */
    record State(boolean ready, List<String> reasons, int calls) {}

    /** For routes: {@code ${bean:readiness?method=isReady}}. */
    public boolean isReady() {
        return state().ready();
    }

    State state() {
        List<String> reasons = new ArrayList<>();
        if (calls.isDraining()) reasons.add("draining: new calls hear 503");
        if (sip.ports().isEmpty()) reasons.add("the SIP port is not open");
        if (routes.routes().isEmpty()) reasons.add("no route is loaded");
        if (nodes.areMissing()) reasons.add("no FreeSWITCH takes calls, see /health");
        return new State(reasons.isEmpty(), reasons, callsNow());
    }

    int callsNow() {
        return calls.calls().size();
    }
}
