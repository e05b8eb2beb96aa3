package io.firefly.voip.console;

import io.firefly.voip.routes.RouteExplainer;
import io.firefly.voip.routes.RouteExplainer.BusyException;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Map;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** What would become of a call, by the routes that serve now. It shows tenants and lines of routes: for who may write. */
@RestController
@RequestMapping("/api/routes")
class ExplainController {
    private static final String ERROR = "error";
    private final RouteExplainer explainer;
    private final WriteGuard guard;

    ExplainController(RouteExplainer explainer, WriteGuard guard) {
        this.explainer = explainer;
        this.guard = guard;
    }

    @PostMapping(path = "/explain", consumes = MediaType.APPLICATION_JSON_VALUE)
    ResponseEntity<?> explain(@RequestBody String question, HttpServletRequest request) {
        String objection = guard.objection(request);
        if (objection != null) {
            if (!guard.wantsToken()) return ResponseEntity.status(403).body(Map.of(ERROR, objection));
            return ResponseEntity.status(401)
                    .header(HttpHeaders.WWW_AUTHENTICATE, "Bearer")
                    .body(Map.of(ERROR, objection));
        }
        try {
            return ResponseEntity.ok(explainer.explain(RouteExplainer.question(question)));
        } catch (IllegalArgumentException e) {
            return ResponseEntity.badRequest().body(Map.of(ERROR, String.valueOf(e.getMessage())));
        } catch (BusyException e) {
            return ResponseEntity.status(503)
                    .header(HttpHeaders.RETRY_AFTER, "2")
                    .body(Map.of(ERROR, String.valueOf(e.getMessage())));
        } catch (IllegalStateException e) {
            return ResponseEntity.unprocessableEntity().body(Map.of(ERROR, String.valueOf(e.getMessage())));
        }
    }
}
