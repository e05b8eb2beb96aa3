package io.firefly.voip.ops;

import io.firefly.voip.camel.reload.RouteLibrary;
import io.firefly.voip.ops.Readiness.State;
import java.util.LinkedHashMap;
import java.util.Map;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** {@code /health}: this process lives. {@code /ready}: it takes new calls. Full or draining is not dead. */
@RestController
class HealthController {
    private final Readiness readiness;
    private final RouteLibrary routes;
    private final MediaNodes nodes;

    HealthController(Readiness readiness, RouteLibrary routes, MediaNodes nodes) {
        this.nodes = nodes;
        this.readiness = readiness;
        this.routes = routes;
    }

    @GetMapping("/health")
    Map<String, Object> health() {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("status", "UP");
        body.put("calls", readiness.callsNow());
        body.put("routes", routesNow());
        if (!nodes.states().isEmpty()) body.put("freeswitch", nodes.states());
        return body;
    }

    private Map<String, Object> routesNow() {
        Map<String, Object> now = new LinkedHashMap<>();
        now.put("loaded", routes.routes().size());
        routes.version().ifPresent(version -> {
            now.put("version", version.id());
            now.put("since", version.since());
            now.put("rolledBack", version.rolledBack());
        });
        routes.lastResult().ifPresent(last -> {
            now.put("lastAttempt", last.at());
            now.put("lastOutcome", last.outcome());
        });
        return now;
    }

    @GetMapping("/ready")
    ResponseEntity<State> ready() {
        State state = readiness.state();
        return ResponseEntity.status(state.ready() ? 200 : 503).body(state);
    }
}
