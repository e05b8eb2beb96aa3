package io.firefly.voip.console;

import io.firefly.voip.memory.CallerMemory;
import io.firefly.voip.memory.CallerMemory.Caller;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Map;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.http.HttpHeaders;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** What is remembered of a caller, for who asks about themselves, and its deletion. */
@RestController
@RequestMapping("/api/callers/{tenant}/{number}/memory")
class CallerMemoryController {
    private static final Logger audit = LoggerFactory.getLogger("io.firefly.voip.audit");

    private final ObjectProvider<CallerMemory> memory;
    private final WriteGuard guard;

    CallerMemoryController(ObjectProvider<CallerMemory> memory, WriteGuard guard) {
        this.memory = memory;
        this.guard = guard;
    }

    @GetMapping
    ResponseEntity<?> recall(@PathVariable String tenant, @PathVariable String number, HttpServletRequest request) {
        return answer(request, known -> known.recall(new Caller(tenant, number))
                .<ResponseEntity<?>>map(ResponseEntity::ok)
                .orElseGet(CallerMemoryController::nothing));
    }

    /** A call that is under way leaves its own words when it ends. */
    @DeleteMapping
    ResponseEntity<?> forget(@PathVariable String tenant, @PathVariable String number, HttpServletRequest request) {
        return answer(request, known -> {
            boolean gone = known.forget(new Caller(tenant, number));
            // Logs name no numbers.
            audit.info(
                    "memory of a caller of tenant {} deleted={} from {}", plain(tenant), gone, request.getRemoteAddr());
            return gone ? ResponseEntity.noContent().build() : nothing();
        });
    }

    private ResponseEntity<?> answer(HttpServletRequest request, Function<CallerMemory, ResponseEntity<?>> action) {
        String objection = guard.objection(request);
        if (objection != null) {
            if (!guard.wantsToken()) return ResponseEntity.status(403).body(Map.of("error", objection));
            return ResponseEntity.status(401)
                    .header(HttpHeaders.WWW_AUTHENTICATE, "Bearer")
                    .body(Map.of("error", objection));
        }
        CallerMemory known = memory.getIfAvailable();
        if (known != null) return action.apply(known);
        return ResponseEntity.status(404)
                .body(Map.of("error", "nothing is remembered of callers: firefly.caller-memory.enabled is false"));
    }

    private static ResponseEntity<?> nothing() {
        return ResponseEntity.status(404).body(Map.of("error", "nothing is remembered of that caller"));
    }

    private static String plain(String text) {
        return text.replaceAll("[^A-Za-z0-9_-]", "?");
    }
}
