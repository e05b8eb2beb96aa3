package io.firefly.voip.testkit;

import io.firefly.voip.call.HangupCause;
import io.firefly.voip.camel.rehearsal.Happening.Condition;
import io.firefly.voip.camel.rehearsal.Happening.Order;
import io.firefly.voip.camel.rehearsal.Happening.PolicyApplied;
import io.firefly.voip.camel.rehearsal.Happening.Response;
import io.firefly.voip.camel.rehearsal.Happening.TenantFound;
import io.firefly.voip.camel.rehearsal.Run;
import io.firefly.voip.routes.RunText;
import io.firefly.voip.routes.cases.Verdict;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What became of a call. {@code then...} goes through what the caller notices, one after the other; the others may be asked
 * in any order. What is not so fails with the whole path.
 */
public final class Played {
    private final Run run;
    private final List<Order> noticed;
    private int next;

    Played(Run run) {
        this.run = run;
        this.noticed =
                run.orders().stream().filter(order -> !order.heard().isEmpty()).toList();
    }

    /** Everything, for assertions of one's own. */
    public Run run() {
        return run;
    }

    public Played thenRings() {
        return then("call:ring");
    }

    public Played thenAnswers() {
        return then("call:answer");
    }

    /** @param file as the route names it */
    public Played thenPlays(String file) {
        return then("call:play?file=" + file);
    }

    public Played thenEchoes() {
        return then("call:echo");
    }

    public Played thenConnectsAgent(String name) {
        return then("agent:" + name);
    }

    /** The call is ended, and nothing comes behind it. */
    public Played thenEnds(HangupCause cause) {
        return then(cause == HangupCause.NORMAL ? "call:end" : "call:end?cause=" + cause.label())
                .thenNothing();
    }

    public Played thenEndsAfterGoodbye() {
        return then("call:end?after=goodbye").thenNothing();
    }

    /** Any order: {@code call:dtmf?digits=1}; options that are not named may be any. */
    public Played then(String order) {
        String actual = next < noticed.size() ? noticed.get(next).order() : "nothing";
        next++;
        boolean same = actual.equals(order) || actual.startsWith(order + (order.contains("?") ? "&" : "?"));
        // An end without a cause is a normal one, not any.
        if (order.equals("call:end") && !actual.equals(order)) same = false;
        if (same) return this;
        throw failed("then " + order + " was expected, but " + actual + " came");
    }

    /** The caller notices nothing more. */
    public Played thenNothing() {
        if (next >= noticed.size()) return this;
        throw failed("nothing more was expected, but " + noticed.get(next).order() + " came");
    }

    public Played belongsTo(String tenant) {
        return same("the tenant", tenant, run.tenant().map(TenantFound::tenant).orElse(null));
    }

    /** Why it is that tenant: {@code called number}, {@code diversion +442079460123}. */
    public Played because(String reason) {
        return same("the reason", reason, run.tenant().map(TenantFound::reason).orElse(null));
    }

    public Played followsCallflow(String name) {
        return same("the call flow", name, run.callflow());
    }

    /** The SIP status that a route answered with. */
    public Played hearsStatus(int status) {
        return same("the status", status, run.response().map(Response::status).orElse(null));
    }

    /** What a tool told its agent. */
    public Played tells(String answer) {
        return same("the answer", answer, run.answer());
    }

    /** A step failed and this policy took over. */
    public Played isServedByPolicy(String policy) {
        return same(
                "the policy", policy, run.policy().map(PolicyApplied::policy).orElse(null));
    }

    /** These steps come in this order, others between them; by id, by {@code route/id} or by endpoint. */
    public Played reaches(String... steps) {
        int from = 0;
        for (String wanted : steps) {
            int at = from;
            while (at < run.steps().size() && !Verdict.isNamed(run.steps().get(at), wanted)) at++;
            if (at == run.steps().size()) throw failed("the step " + wanted + " was not reached");
            from = at + 1;
        }
        return this;
    }

    public Played neverReaches(String step) {
        if (run.steps().stream().noneMatch(each -> Verdict.isNamed(each, step))) return this;
        throw failed("the step " + step + " was reached");
    }

    /** @param condition id of a {@code when}, or of its {@code choice} */
    public Played finds(String condition, boolean answer) {
        List<Condition> asked = run.all(Condition.class)
                .filter(each -> each.place().id().equals(condition))
                .toList();
        if (asked.isEmpty()) throw failed("the condition " + condition + " was never asked");
        if (asked.stream().allMatch(each -> each.holds() == answer)) return this;
        throw failed("the condition " + condition + " said " + !answer);
    }

    private Played same(String what, Object expected, @Nullable Object actual) {
        if (Objects.equals(expected, actual)) return this;
        throw failed(what + " should be " + expected + ", but is " + (actual == null ? "not there" : actual));
    }

    private AssertionError failed(String sentence) {
        return new AssertionError(sentence + "; the path was\n" + path(run) + "outcome: " + run.outcome());
    }

    static String path(Run run) {
        return RunText.path(run);
    }
}
