package io.firefly.voip.camel.rehearsal;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One thing that happened in a rehearsal. */
public sealed interface Happening {
    /**
     * Where something stands.
     *
     * @param route the route that ran it; for a step of a policy the route that failed
     * @param id of the step; Camel's own word when the file gives none
     * @param file name of the route file
     * @param line from 1; 0 when it is not known
     */
    record Place(String route, String id, String file, int line) {
        @Override
        public String toString() {
            return file + ":" + line;
        }
    }

    /**
     * A step was reached.
     *
     * @param depth how many steps it is inside of, over all routes
     * @param kind {@code to}, {@code setVariable}, {@code choice}
     * @param target the endpoint it sent to, as a route would write it; null for other steps
     * @param value what it set; null when it sets nothing
     * @param failure why it failed; null when it did not
     */
    record Step(
            Place place,
            int depth,
            String kind,
            @Nullable String target,
            @Nullable String value,
            @Nullable String failure)
            implements Happening {}

    /**
     * A question was asked.
     *
     * @param place that of the {@code when}
     * @param language {@code simple}, {@code header}
     * @param values what each {@code ${...}} of it was at that moment
     * @param holds the answer
     */
    record Condition(
            Place place, int depth, String language, String expression, Map<String, String> values, boolean holds)
            implements Happening {}

    /**
     * Something was ordered of the call.
     *
     * @param order such as {@code call:ring}
     * @param heard what the caller notices of it; empty for nothing
     */
    record Order(String order, String heard) implements Happening {}

    /**
     * Whose call it is.
     *
     * @param reason why: {@code called number}, {@code diversion +4412345}, {@code default}
     * @param open whether somebody is there when the call comes
     * @param refusal why its source may not speak for this tenant; null when it may
     */
    record TenantFound(
            String tenant,
            String reason,
            boolean open,
            @Nullable String refusal) implements Happening {}

    /** A step failed and a policy took over. */
    record PolicyApplied(String policy, String route, String failure) implements Happening {}

    /** The SIP response that was sent by a route. */
    record Response(int status, String reason) implements Happening {}

    /** A word about the rehearsal itself. */
    record Remark(String words) implements Happening {}
}
