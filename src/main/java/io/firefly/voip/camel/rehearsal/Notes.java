package io.firefly.voip.camel.rehearsal;

import io.firefly.voip.camel.rehearsal.Happening.Place;
import io.firefly.voip.camel.rehearsal.Happening.PolicyApplied;
import io.firefly.voip.camel.rehearsal.Happening.Step;
import io.firefly.voip.camel.rehearsal.Happening.TenantFound;
import io.firefly.voip.tenant.TenantDirectory.TenantMatch;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.apache.camel.Exchange;
import org.jspecify.annotations.Nullable;

/** What is noted of one rehearsal while it goes on. Any thread: routes may spread over several. */
final class Notes {
    /** More than any real path: a route that goes round in circles must not fill the memory. */
    private static final int MAX_HAPPENINGS = 5_000;

    /** Steps inside of steps; what is deeper calls itself. */
    private static final int MAX_DEPTH = 50;

    private static final int MAX_VALUE_CHARS = 300;

    private final Script script;
    private final @Nullable Described call;
    private final List<Supplier<Happening>> all = new ArrayList<>();
    private final Map<String, Deque<OpenStep>> open = new HashMap<>();
    private final Set<String> used = new HashSet<>();
    private @Nullable TenantFound tenant;
    private @Nullable String callflow;

    /** @param call what it is about; null for no call */
    Notes(Script script, @Nullable Described call) {
        this.script = script;
        this.call = call;
    }

    Script script() {
        return script;
    }

    /** A step that has begun. */
    final class OpenStep {
        private final Place place;
        private final int depth;
        private final String kind;
        private @Nullable String target;
        private @Nullable String value;
        private @Nullable String failure;

        private OpenStep(Place place, int depth, String kind) {
            this.place = place;
            this.depth = depth;
            this.kind = kind;
        }

        void sets(@Nullable Object what) {
            synchronized (Notes.this) {
                value = shown(what);
            }
        }

        private Happening close() {
            return new Step(place, depth, kind, target, value, failure);
        }
    }

    synchronized OpenStep enter(Exchange exchange, Place place, String kind) {
        Deque<OpenStep> inside = open.computeIfAbsent(exchange.getExchangeId(), id -> new ArrayDeque<>());
        OpenStep step = new OpenStep(place, inside.size(), kind);
        inside.push(step);
        add(step::close);
        return step;
    }

    synchronized void leave(Exchange exchange, OpenStep step, @Nullable Throwable failure) {
        if (failure != null) step.failure = words(failure);
        Deque<OpenStep> inside = open.get(exchange.getExchangeId());
        if (inside != null) inside.remove(step);
    }

    synchronized int depth(Exchange exchange) {
        Deque<OpenStep> inside = open.get(exchange.getExchangeId());
        return inside == null ? 0 : inside.size();
    }

    synchronized void sentTo(Exchange exchange, String target) {
        Deque<OpenStep> inside = open.get(exchange.getExchangeId());
        if (inside == null || inside.isEmpty()) return;
        Objects.requireNonNull(inside.peek()).target = target;
    }

    /** Once per rehearsal and policy of a route. */
    synchronized void policy(String policy, String route, @Nullable Throwable failure) {
        PolicyApplied applied = new PolicyApplied(policy, route, failure == null ? "" : words(failure));
        if (all.stream().map(Supplier::get).noneMatch(applied::equals)) happened(applied);
    }

    synchronized void tenant(TenantMatch match) {
        TenantFound found = new TenantFound(
                match.tenant().id(), match.reason(), match.tenant().openNow(), match.refusal());
        if (found.equals(tenant)) return;
        tenant = found;
        happened(found);
    }

    synchronized void callflow(String name) {
        callflow = name;
    }

    synchronized void happened(Happening happening) {
        add(() -> happening);
    }

    synchronized void used(String key) {
        used.add(key);
    }

    /** Why no further step may be taken; null while there is room. */
    synchronized @Nullable String limit(Exchange exchange) {
        if (depth(exchange) >= MAX_DEPTH)
            return "the routes go round in circles: " + MAX_DEPTH + " steps are inside of each other";
        return all.size() < MAX_HAPPENINGS ? null : "the routes took more than " + MAX_HAPPENINGS + " steps";
    }

    private void add(Supplier<Happening> happening) {
        if (all.size() < MAX_HAPPENINGS) all.add(happening);
    }

    synchronized Run run(@Nullable String answer, @Nullable String failure) {
        Set<String> unused = new TreeSet<>(script.failures().keySet());
        unused.addAll(script.refusals().keySet());
        unused.addAll(script.answers().keySet());
        unused.addAll(script.choices().keySet());
        unused.removeAll(used);
        return new Run(all.stream().map(Supplier::get).toList(), call, callflow, answer, failure, unused);
    }

    static @Nullable String shown(@Nullable Object value) {
        if (value == null) return null;
        String text = String.valueOf(value).replaceAll("\\s+", " ");
        return text.length() <= MAX_VALUE_CHARS ? text : text.substring(0, MAX_VALUE_CHARS) + "...";
    }

    static String words(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null && root.getMessage() == null) root = root.getCause();
        String message = root.getMessage() == null ? root.toString() : root.getMessage();
        return message.lines().findFirst().orElse("");
    }
}
