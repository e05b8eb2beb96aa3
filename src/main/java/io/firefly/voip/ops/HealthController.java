package io.firefly.voip.ops;

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

    HealthController(Readiness readiness) {
        this.readiness = readiness;
    }

    @GetMapping("/health")
    Map<String, Object> health() {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("status", "UP");
        body.put("calls", readiness.callsNow());
        return body;
    }

    @GetMapping("/ready")
    ResponseEntity<State> ready() {
        State state = readiness.state();
        return ResponseEntity.status(state.ready() ? 200 : 503).body(state);
    }
}
