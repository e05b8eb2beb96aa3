package io.firefly.voip.routes;

import io.firefly.voip.camel.rehearsal.Happening;
import io.firefly.voip.camel.rehearsal.Happening.Condition;
import io.firefly.voip.camel.rehearsal.Happening.Order;
import io.firefly.voip.camel.rehearsal.Happening.Place;
import io.firefly.voip.camel.rehearsal.Happening.PolicyApplied;
import io.firefly.voip.camel.rehearsal.Happening.Remark;
import io.firefly.voip.camel.rehearsal.Happening.Response;
import io.firefly.voip.camel.rehearsal.Happening.Step;
import io.firefly.voip.camel.rehearsal.Happening.TenantFound;
import io.firefly.voip.camel.rehearsal.Run;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A rehearsal as programs read it; the same on the command line and over HTTP. What is absent is left out. */
final class RunFacts {
    private RunFacts() {}

    static Map<String, Object> of(Run run) {
        Facts facts = new Facts();
        facts.put("outcome", run.outcome());
        run.tenant().ifPresent(found -> facts.put("tenant", tenant(found)));
        facts.put("callflow", run.callflow());
        facts.put("trusted", run.call() == null ? null : run.call().isTrusted());
        facts.put("routes", run.routes());
        run.policy().ifPresent(applied -> facts.put("policy", policy(applied)));
        run.response().ifPresent(response -> facts.put("status", response.status()));
        facts.put("caller", RunText.heard(run));
        facts.put("path", run.happenings().stream().map(RunFacts::of).toList());
        return facts;
    }

    private static Map<String, Object> of(Happening happening) {
        if (happening instanceof Step step) return step(step);
        if (happening instanceof Condition asked) return condition(asked);
        Facts facts = new Facts();
        if (happening instanceof Order order) {
            facts.put("order", order.order());
            facts.put("heard", order.heard().isEmpty() ? null : order.heard());
        } else if (happening instanceof TenantFound found) {
            facts.put("tenant", tenant(found));
        } else if (happening instanceof PolicyApplied applied) {
            facts.put("policy", policy(applied));
        } else if (happening instanceof Response response) {
            facts.put("status", response.status());
            facts.put("reason", response.reason().isEmpty() ? null : response.reason());
        } else if (happening instanceof Remark remark) {
            facts.put("remark", remark.words());
        }
        return facts;
    }

    private static Facts step(Step step) {
        Facts facts = new Facts();
        facts.put("step", step.place().id());
        facts.at(step.place());
        facts.put("kind", step.kind());
        facts.put("to", step.target());
        facts.put("value", step.value());
        facts.put("failure", step.failure());
        return facts;
    }

    private static Facts condition(Condition asked) {
        Facts facts = new Facts();
        facts.put("condition", asked.place().id());
        facts.at(asked.place());
        facts.put("language", asked.language());
        facts.put("expression", asked.expression());
        facts.put("values", asked.values());
        facts.put("holds", asked.holds());
        return facts;
    }

    private static Facts tenant(TenantFound found) {
        Facts facts = new Facts();
        facts.put("id", found.tenant());
        facts.put("because", found.reason());
        facts.put("open", found.open());
        facts.put("refusal", found.refusal());
        return facts;
    }

    private static Facts policy(PolicyApplied applied) {
        Facts facts = new Facts();
        facts.put("id", applied.policy());
        facts.put("route", applied.route());
        facts.put("failure", applied.failure());
        return facts;
    }

    /** In the order of the reading. */
    private static final class Facts extends LinkedHashMap<String, Object> {
        private static final long serialVersionUID = 1L;

        @Override
        public @Nullable Object put(String name, @Nullable Object value) {
            return value == null ? null : super.put(name, value);
        }

        void at(Place place) {
            put("route", place.route());
            put("file", place.file());
            put("line", place.line());
        }
    }
}
