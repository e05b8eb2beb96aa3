package io.firefly.voip.camel.check;

import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.camel.CamelContext;

/**
 * Judges the texts of a routes folder as one set, without starting anything: no port is opened, no consumer runs, and
 * nothing of the running exchange changes. Each check stands alone; any thread.
 */
public final class RouteCheck {
    /** Asked anew for each check: an exchange that starts does not have all its components yet. */
    private final Supplier<Surroundings> around;

    private RouteCheck(Supplier<Surroundings> around) {
        this.around = around;
    }

    /** For a running exchange: with the beans, settings and components of its Camel context. */
    public static RouteCheck in(CamelContext application, List<SchemeOnTrial> schemes) {
        return new RouteCheck(() -> Surroundings.in(application, schemes));
    }

    /**
     * For the command line and for tests, without Spring.
     *
     * @param schemes those that routes may use beside Camel's own
     * @param beans by the name that routes call them by; a stand-in of the same type will do
     * @param settings what {@code {{key}}} in a route stands for
     */
    public static RouteCheck of(List<SchemeOnTrial> schemes, Map<String, Object> beans, Map<String, String> settings) {
        Surroundings around = Surroundings.of(schemes, beans, settings);
        return new RouteCheck(() -> around);
    }

    /**
     * What is wrong with the set, all of it; empty when it can be loaded.
     *
     * @param texts file name, such as {@code inbound.camel.yaml}, to its content
     */
    public List<Refusal> check(Map<String, String> texts) {
        return new DryRun(around.get()).check(texts);
    }
}
