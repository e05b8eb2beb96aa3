package io.firefly.voip.console;

import io.firefly.voip.memory.CallerMemory;
import io.firefly.voip.memory.CallerMemory.Caller;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Map;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.dao.DataAccessException;
import org.springframework.http.CacheControl;
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
    private static final Logger log = LoggerFactory.getLogger(CallerMemoryController.class);
    private static final Logger audit = LoggerFactory.getLogger("io.firefly.voip.audit");
    // As wide as the columns of caller_memory.
    private static final int MAX_TENANT = 64;
    private static final int MAX_NUMBER = 128;

    private final ObjectProvider<CallerMemory> memory;
    private final WriteGuard guard;

    CallerMemoryController(ObjectProvider<CallerMemory> memory, WriteGuard guard) {
        this.memory = memory;
        this.guard = guard;
    }

    @GetMapping
    ResponseEntity<?> recall(@PathVariable String tenant, @PathVariable String number, HttpServletRequest request) {
        Caller caller = new Caller(tenant, number);
        return answer(request, caller, known -> known.recall(caller)
                .<ResponseEntity<?>>map(all ->
                        ResponseEntity.ok().cacheControl(CacheControl.noStore()).body(all))
                .orElseGet(CallerMemoryController::nothing));
    }

    /** A call that is under way forgets what was said until now. */
    @DeleteMapping
    ResponseEntity<?> forget(@PathVariable String tenant, @PathVariable String number, HttpServletRequest request) {
        Caller caller = new Caller(tenant, number);
        return answer(request, caller, known -> {
            boolean gone = known.forget(caller);
            // Logs name no numbers.
            audit.info(
                    "memory of a caller of tenant {} deleted={} from {}", plain(tenant), gone, request.getRemoteAddr());
            return gone ? ResponseEntity.noContent().build() : nothing();
        });
    }

    private ResponseEntity<?> answer(
            HttpServletRequest request, Caller caller, Function<CallerMemory, ResponseEntity<?>> action) {
        String objection = guard.objection(request);
        if (objection != null) {
            if (!guard.wantsToken()) return error(403, objection);
            return ResponseEntity.status(401)
                    .header(HttpHeaders.WWW_AUTHENTICATE, "Bearer")
                    .body(Map.of("error", objection));
        }
        if (!isName(caller.tenant(), MAX_TENANT) || !isName(caller.number(), MAX_NUMBER)) {
            return error(
                    400, "write /api/callers/<tenant>/<number>/memory, the number as in the detail record: +15550100");
        }
        CallerMemory known = memory.getIfAvailable();
        if (known == null) {
            return error(404, "nothing is remembered of callers: firefly.caller-memory.enabled is false");
        }
        try {
            return action.apply(known);
        } catch (DataAccessException e) {
            log.warn(
                    "the memory of a caller was not reached: {}",
                    e.getMostSpecificCause().getMessage());
            return error(503, "the database does not answer: try again");
        }
    }

    /** What a database takes for a text. */
    private static boolean isName(String text, int most) {
        return !text.isBlank() && text.length() <= most && text.chars().noneMatch(Character::isISOControl);
    }

    private static ResponseEntity<?> nothing() {
        return error(404, "nothing is remembered of that caller");
    }

    private static ResponseEntity<?> error(int status, String sentence) {
        return ResponseEntity.status(status).body(Map.of("error", sentence));
    }

    private static String plain(String text) {
        return text.replaceAll("[^A-Za-z0-9_-]", "?");
    }
}
