package io.firefly.voip.routes.cases;

import io.firefly.voip.camel.rehearsal.Scene;
import io.firefly.voip.camel.rehearsal.Script;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One case: what is given, and what is expected of the routes. */
public record TestCase(String name, Spot spot, Scene scene, Script script, Expectation expect, List<Mention> mentions) {
    /** Where something stands in a case file; line and column from 1. */
    public record Spot(String file, int line, int column, String source) {
        @Override
        public String toString() {
            return file + ":" + line + ":" + column;
        }

        /** The place, a sentence, the line itself and a mark below. */
        public String shown(String sentence) {
            String place = this + "  " + sentence;
            if (source.isBlank() || source.length() > 160 || column > source.length() + 1) return place;
            String number = String.format("%6d | ", line);
            return place + "\n" + number + source + "\n" + " ".repeat(6) + " | " + " ".repeat(column - 1) + "^";
        }
    }

    /** A step that a case names by its id; a typo there is found when the routes are known. */
    record Mention(String step, Spot spot) {}

    /**
     * What has to come true. What is null or empty is not looked at.
     *
     * @param orders what the caller notices, in order and complete
     * @param steps steps that come in this order; others may lie between them
     * @param never steps that must not come
     * @param conditions id of a branch to what it must say
     */
    record Expectation(
            @Nullable String outcome,
            @Nullable String tenant,
            @Nullable String because,
            @Nullable String callflow,
            @Nullable String policy,
            @Nullable Integer status,
            @Nullable String answer,
            @Nullable List<String> orders,
            List<String> steps,
            List<String> never,
            Map<String, Boolean> conditions) {}
}
