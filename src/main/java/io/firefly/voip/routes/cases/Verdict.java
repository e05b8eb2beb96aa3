package io.firefly.voip.routes.cases;

import io.firefly.voip.camel.rehearsal.Happening.Condition;
import io.firefly.voip.camel.rehearsal.Happening.Order;
import io.firefly.voip.camel.rehearsal.Happening.PolicyApplied;
import io.firefly.voip.camel.rehearsal.Happening.Response;
import io.firefly.voip.camel.rehearsal.Happening.Step;
import io.firefly.voip.camel.rehearsal.Happening.TenantFound;
import io.firefly.voip.camel.rehearsal.Run;
import io.firefly.voip.routes.cases.TestCase.Expectation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How a case went.
 *
 * @param differences a sentence for each expectation that did not come true; empty when all did
 * @param run null when there was none
 */
public record Verdict(
        TestCase test, List<String> differences, @Nullable Run run, Duration took) {
    public boolean isGood() {
        return differences.isEmpty();
    }

    static List<String> differences(Expectation expect, Run run) {
        List<String> differences = new ArrayList<>();
        compare(differences, "outcome", expect.outcome(), run.outcome());
        compare(
                differences,
                "tenant",
                expect.tenant(),
                run.tenant().map(TenantFound::tenant).orElse(null));
        compare(
                differences,
                "because",
                expect.because(),
                run.tenant().map(TenantFound::reason).orElse(null));
        compare(differences, "callflow", expect.callflow(), run.callflow());
        compare(
                differences,
                "policy",
                expect.policy(),
                run.policy().map(PolicyApplied::policy).orElse(null));
        compare(
                differences,
                "status",
                expect.status(),
                run.response().map(Response::status).orElse(null));
        compare(differences, "answer", expect.answer(), run.answer());
        orders(differences, expect.orders(), run);
        steps(differences, expect.steps(), run.steps());
        for (String step : expect.never()) {
            if (run.steps().stream().anyMatch(each -> isNamed(each, step)))
                differences.add("never: '" + step + "' was reached");
        }
        conditions(differences, expect.conditions(), run.all(Condition.class).toList());
        for (String step : run.unused()) differences.add("given: '" + step + "' was told what to do, and never came");
        return differences;
    }

    private static void compare(
            List<String> differences, String what, @Nullable Object expected, @Nullable Object actual) {
        if (expected == null || Objects.equals(expected, actual)) return;
        differences.add(
                what + ": expected '" + expected + "', was " + (actual == null ? "nothing" : "'" + actual + "'"));
    }

    private static void orders(List<String> differences, @Nullable List<String> expected, Run run) {
        if (expected == null) return;
        List<String> actual = run.orders().stream()
                .filter(order -> !order.heard().isEmpty())
                .map(Order::order)
                .toList();
        boolean same = expected.size() == actual.size();
        for (int i = 0; same && i < expected.size(); i++) same = isMeant(expected.get(i), actual.get(i));
        if (!same) differences.add("orders: expected " + expected + ", were " + actual);
    }

    /** Options that are not named may be any; but an end without a cause is the normal one. */
    private static boolean isMeant(String named, String actual) {
        if (named.equals("call:end")) return actual.equals(named);
        return actual.equals(named) || (!named.contains("?") && actual.startsWith(named + "?"));
    }

    private static void steps(List<String> differences, List<String> expected, List<Step> actual) {
        int from = 0;
        for (String wanted : expected) {
            int at = from;
            while (at < actual.size() && !isNamed(actual.get(at), wanted)) at++;
            if (at == actual.size()) {
                String after = from == 0
                        ? ""
                        : " after '" + actual.get(from - 1).place().id() + "'";
                differences.add("steps: '" + wanted + "' did not come" + after + "; the path was " + path(actual));
                return;
            }
            from = at + 1;
        }
    }

    static List<String> path(List<Step> steps) {
        return steps.stream().map(step -> step.place().id()).toList();
    }

    /** By its id, by route and id, or by what it sends to. */
    public static boolean isNamed(Step step, String name) {
        if (step.place().id().equals(name)) return true;
        if ((step.place().route() + "/" + step.place().id()).equals(name)) return true;
        return step.target() != null && isMeant(name, step.target());
    }

    private static void conditions(List<String> differences, Map<String, Boolean> expected, List<Condition> actual) {
        expected.forEach((id, answer) -> {
            List<Condition> asked =
                    actual.stream().filter(each -> each.place().id().equals(id)).toList();
            if (asked.isEmpty()) differences.add("conditions: '" + id + "' was never asked");
            for (Condition each : asked) {
                if (each.holds() != answer)
                    differences.add("conditions: '" + id + "' said " + each.holds() + ": " + each.expression()
                            + " with " + each.values());
            }
        });
    }
}
