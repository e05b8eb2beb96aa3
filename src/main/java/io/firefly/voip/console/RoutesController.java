package io.firefly.voip.console;

import io.firefly.voip.camel.reload.RouteLibrary;
import io.firefly.voip.camel.reload.RouteLibrary.LoadedRoute;
import io.firefly.voip.camel.reload.RouteLibrary.Result;
import io.firefly.voip.camel.reload.RouteLibrary.Version;
import io.firefly.voip.camel.reload.RouteVersions;
import io.firefly.voip.camel.reload.RouteVersions.KeptVersion;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Which routes serve, how their changes went, and the way back. */
@RestController
@RequestMapping("/api/routes")
class RoutesController {
    private static final int ATTEMPTS_SHOWN = 10;

    private final RouteLibrary library;
    private final RouteVersions versions;
    private final WriteGuard guard;

    RoutesController(RouteLibrary library, RouteVersions versions, WriteGuard guard) {
        this.library = library;
        this.versions = versions;
        this.guard = guard;
    }

    /**
     * What a POST may say.
     *
     * @param version to go back to; absent for the one before
     * @param by who wants it, for the log
     */
    record Order(@Nullable String version, @Nullable String by) {}

    record Routes(@Nullable Version version, List<LoadedRoute> routes, List<Attempt> lastAttempts) {}

    /** @param mistakes how many; {@code refusals} shows them to who may also change the routes */
    record Attempt(
            Instant at,
            String who,
            String outcome,
            String version,
            String summary,
            int mistakes,
            @Nullable List<String> refusals) {}

    @GetMapping
    Routes routes(HttpServletRequest request) {
        boolean mayRead = guard.objection(request) == null;
        List<Attempt> attempts = library.results().stream()
                .limit(ATTEMPTS_SHOWN)
                .map(result -> attempt(result, mayRead))
                .toList();
        return new Routes(library.version().orElse(null), library.routes(), attempts);
    }

    @GetMapping("/versions")
    List<KeptVersion> versions() {
        return versions.versions();
    }

    // Only JSON: a form of a strange page can send anything else without asking, but not this.
    @PostMapping(path = "/rollback", consumes = MediaType.APPLICATION_JSON_VALUE)
    ResponseEntity<?> rollback(@RequestBody Order order, HttpServletRequest request) {
        return carryOut(
                request, order, who -> versions.rollback(Optional.ofNullable(order.version()), "rollback " + who));
    }

    @PostMapping(path = "/reload", consumes = MediaType.APPLICATION_JSON_VALUE)
    ResponseEntity<?> reload(@RequestBody Order order, HttpServletRequest request) {
        return carryOut(request, order, who -> versions.reload("reload " + who));
    }

    private ResponseEntity<?> carryOut(HttpServletRequest request, Order order, Function<String, Result> action) {
        String objection = guard.objection(request);
        if (objection != null) {
            if (!guard.wantsToken()) return ResponseEntity.status(403).body(Map.of("error", objection));
            return ResponseEntity.status(401)
                    .header(HttpHeaders.WWW_AUTHENTICATE, "Bearer")
                    .body(Map.of("error", objection));
        }
        try {
            Result result = action.apply(who(request, order.by()));
            return ResponseEntity.status(result.applied() ? 200 : 409).body(attempt(result, true));
        } catch (NoSuchElementException e) {
            return ResponseEntity.status(404).body(Map.of("error", String.valueOf(e.getMessage())));
        }
    }

    private static String who(HttpServletRequest request, @Nullable String by) {
        String address = "from " + request.getRemoteAddr();
        // It goes into the log: no line breaks, nothing endless.
        return by == null
                ? address
                : by.replaceAll("[^A-Za-z0-9@._ -]", "?").substring(0, Math.min(64, by.length())) + " " + address;
    }

    private static Attempt attempt(Result result, boolean mayRead) {
        return new Attempt(
                result.at(),
                result.who(),
                result.outcome(),
                result.version(),
                result.summary(),
                result.refusals().size(),
                mayRead ? result.refusals() : null);
    }
}
