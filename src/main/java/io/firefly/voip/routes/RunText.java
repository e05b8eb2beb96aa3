package io.firefly.voip.routes;

import io.firefly.voip.camel.rehearsal.Described;
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
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A rehearsal as a person reads it: the path, then the answer. */
public final class RunText {
    private RunText() {}

    /** The whole explanation of a call. */
    public static String of(Run run) {
        StringBuilder text = new StringBuilder();
        if (run.call() != null) question(text, run.call());
        return text.append(path(run)).append('\n').append(answer(run)).toString();
    }

    private static void question(StringBuilder text, Described call) {
        text.append("a call from ").append(call.from()).append(" to ").append(call.to());
        for (String diversion : call.diversions())
            text.append(", forwarded by ").append(diversion);
        text.append(", source ").append(call.source()).append(call.isTrusted() ? " (trusted)" : " (not trusted)");
        if (call.subscriber() != null) text.append(", subscriber ").append(call.subscriber());
        if (call.at() != null) text.append(", at ").append(call.at());
        if (!call.isTrusted() && !(call.diversions().isEmpty() && call.asserted() == null)) {
            text.append("\n(what an address that is not trusted says of diversions and identities is not believed)");
        }
        text.append("\n\n");
    }

    /** Every step and condition in order. */
    public static String path(Run run) {
        StringBuilder text = new StringBuilder();
        String route = "";
        for (Happening each : run.happenings()) {
            Place place = placeOf(each);
            if (place != null && !heading(place).equals(route)) {
                route = heading(place);
                text.append(route).append('\n');
            }
            text.append(line(each));
        }
        return text.isEmpty() ? "(no route ran)\n" : text.toString();
    }

    private static String heading(Place place) {
        boolean isOwnFile = place.file().startsWith(place.route());
        return place.route() + "  " + (isOwnFile ? place.file() : "by " + place.file());
    }

    private static @Nullable Place placeOf(Happening happening) {
        if (happening instanceof Step step) return step.place();
        return happening instanceof Condition condition ? condition.place() : null;
    }

    private static String line(Happening happening) {
        if (happening instanceof Step step) return step(step);
        if (happening instanceof Condition asked) return condition(asked);
        if (happening instanceof Order order && !order.heard().isEmpty()) return indented("> caller: " + order.heard());
        if (happening instanceof TenantFound found) return indented("> tenant " + words(found));
        if (happening instanceof PolicyApplied applied) return indented("> policy " + applied.policy() + " takes over");
        if (happening instanceof Response response)
            return indented("> caller: " + (response.status() + " " + response.reason()).strip());
        return happening instanceof Remark remark ? indented("> " + remark.words()) : "";
    }

    private static String words(TenantFound found) {
        String words = found.tenant() + ", by " + found.reason() + (found.open() ? "" : ", closed at this time");
        return found.refusal() == null ? words : words + ", refused: " + found.refusal();
    }

    private static String indented(String words) {
        return " ".repeat(10) + words + "\n";
    }

    private static String step(Step step) {
        String what = step.target() != null ? "to " + step.target() : step.value() != null ? step.value() : step.kind();
        String failure = step.failure() == null ? "" : "   FAILED: " + step.failure();
        return String.format(
                "  %4d  %-26s %s%s%n", step.place().line(), step.place().id(), what, failure);
    }

    private static String condition(Condition asked) {
        String values = asked.values().entrySet().stream()
                .filter(value -> !value.getKey().equals(asked.expression()) || !isTruth(value.getValue()))
                .map(value -> value.getKey() + " was '" + value.getValue() + "'")
                .collect(Collectors.joining(", "));
        return String.format(
                "  %4d  %-26s %s ? %s%s%n",
                asked.place().line(),
                asked.place().id(),
                asked.expression(),
                asked.holds() ? "yes" : "no",
                values.isEmpty() ? "" : "   (" + values + ")");
    }

    private static boolean isTruth(String value) {
        return value.equals("true") || value.equals("false");
    }

    private static String answer(Run run) {
        StringBuilder text = new StringBuilder();
        run.tenant().ifPresent(found -> row(text, "tenant", words(found)));
        if (run.callflow() != null) row(text, "call flow", run.callflow());
        row(text, "routes", String.join(", ", run.routes()));
        run.policy().ifPresent(applied -> row(text, "policy", applied.policy() + ", because " + applied.failure()));
        String name = "caller";
        for (String heard : heard(run)) {
            row(text, name, heard);
            name = "";
        }
        row(text, "outcome", run.outcome());
        for (String step : run.unused()) row(text, "note", "'" + step + "' never came");
        return text.toString();
    }

    /** What the caller notices, in order. */
    static List<String> heard(Run run) {
        return run.happenings().stream()
                .map(each -> {
                    if (each instanceof Order order) return order.heard();
                    return each instanceof Response response
                            ? (response.status() + " " + response.reason()).strip()
                            : "";
                })
                .filter(words -> !words.isEmpty())
                .toList();
    }

    private static void row(StringBuilder text, String name, String value) {
        text.append(String.format("%-10s %s%n", name, value));
    }
}
