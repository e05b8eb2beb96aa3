package io.firefly.voip.callcontrol.tools;

import io.firefly.voip.agent.AgentBrief.AgentProfile;
import io.firefly.voip.agent.ToolCall;
import io.firefly.voip.agent.ToolDescription;
import io.firefly.voip.agent.ToolDescription.Parameter;
import io.firefly.voip.agent.ToolDescription.Terms;
import io.firefly.voip.tenant.Tenant;
import io.firefly.voip.tenant.directory.Target;
import io.firefly.voip.tenant.directory.TenantRules;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The tools of one conversation: what its agent may be offered, and each call of one held against the rules before its
 * route runs. What the model writes decides nothing here but which tool it is. Call thread only, but for the watching.
 */
public final class CallTools {
    private static final Logger log = LoggerFactory.getLogger(CallTools.class);
    /** A swap of routes withdraws and offers one after the other; and nobody rewrites a session without end. */
    private static final Duration SETTLES = Duration.ofMillis(400);

    /** What the tools need of their call. */
    public interface House extends Executor {
        /** Runs a task once, later, on this thread. */
        void after(Duration delay, Runnable task);

        /** Whose call it is; null: nobody's. */
        @Nullable
        Tenant tenant();

        /** The goodbye is being said, or it is over. */
        boolean isEnding();

        /** Asks the caller to press 1; false when they did not, in time. One question at a time. */
        CompletionStage<Boolean> confirmed();

        /** A quiet sound while nobody speaks, or no more of it. */
        void comfort(boolean on);

        /** The agent says a short phrase, unless somebody speaks. */
        void fill(String phrase);

        /** The agent may ask for these from now on. */
        void offer(List<ToolDescription> tools);
    }

    private final ToolGate gate;
    private final AgentProfile profile;
    private final House house;
    private final Runnable watcher;
    private final Map<String, Integer> runs = new HashMap<>();
    private final Deque<Long> latest = new ArrayDeque<>();
    private List<ToolDescription> told = List.of();
    private int total;
    private int open;
    private boolean asking;
    private boolean settling;
    private boolean closed;

    public CallTools(ToolGate gate, AgentProfile profile, House house) {
        this.gate = gate;
        this.profile = profile;
        this.house = house;
        this.watcher = () -> house.execute(this::changed);
        gate.watch(watcher);
    }

    /** What the agent is told it may ask for; from here on it is told of every change. */
    public List<ToolDescription> begin() {
        List<ToolDescription> all = gate.desk().offered();
        List<String> names = all.stream().map(ToolDescription::name).toList();
        if (profile.tools() != null && !names.containsAll(profile.tools())) {
            log.warn("agent={} may use {}, and routes offer {}", profile.name(), profile.tools(), names);
        }
        told = offered();
        return told;
    }

    private List<ToolDescription> offered() {
        TenantRules rules = rules();
        List<ToolDescription> offered = new ArrayList<>();
        for (ToolDescription tool : gate.desk().offered()) {
            if (!profile.mayUse(tool.name()) || !rules.mayUse(tool.name())) continue;
            ToolDescription fitting = withNames(tool, rules);
            if (fitting != null) offered.add(fitting);
        }
        return List.copyOf(offered);
    }

    private TenantRules rules() {
        Tenant tenant = house.tenant();
        return gate.directory().of(tenant == null ? null : tenant.id());
    }

    /** Targets are names of this tenant's directory; null when there are none, and so nothing to ask for. */
    private static @Nullable ToolDescription withNames(ToolDescription tool, TenantRules rules) {
        if (tool.parameters().values().stream().noneMatch(CallTools::isTarget)) return tool;
        if (rules.targets().isEmpty()) return null;
        Map<String, Parameter> parameters = new LinkedHashMap<>();
        tool.parameters()
                .forEach((name, parameter) ->
                        parameters.put(name, isTarget(parameter) ? named(parameter, rules) : parameter));
        return tool.with(parameters);
    }

    private static boolean isTarget(Parameter parameter) {
        return parameter.type().equals(Parameter.TARGET);
    }

    private static Parameter named(Parameter parameter, TenantRules rules) {
        String who = rules.targets().values().stream()
                .filter(target -> !target.description().isEmpty())
                .map(target -> target.name() + ": " + target.description())
                .collect(Collectors.joining("; "));
        List<String> names = rules.targets().values().stream().map(Target::name).toList();
        return parameter.oneOf(names, (parameter.description() + (who.isEmpty() ? "" : " " + who)).strip());
    }

    private void changed() {
        if (closed || settling) return;
        settling = true;
        house.after(SETTLES, () -> {
            settling = false;
            if (closed) return;
            List<ToolDescription> now = offered();
            if (now.equals(told)) return;
            told = now;
            log.info(
                    "tools changed agent={} tools={}",
                    profile.name(),
                    now.stream().map(ToolDescription::name).toList());
            house.offer(now);
        });
    }

    /** Nothing is offered, run or heard any more. */
    public void close() {
        closed = true;
        gate.unwatch(watcher);
        house.comfort(false);
    }

    /** @return the answer for the model: never exceptional, and told on any thread */
    public CompletionStage<String> run(ToolCall call) {
        ToolDescription tool = offered().stream()
                .filter(each -> each.name().equals(call.name()))
                .findFirst()
                .orElse(null);
        // A model may ask for what it was not offered.
        if (tool == null || closed) return refused(call, "there is no such tool");
        String mistake = gate.desk().mistakeIn(call, tool);
        if (mistake != null) return CompletableFuture.completedFuture(mistake);
        boolean asks = tool.terms().confirmed();
        if (asks && asking) return refused(call, "the caller is being asked something else, try again in a moment");
        String limit = take(tool);
        if (limit != null) return refused(call, limit);
        if (!asks) return running(call, tool);
        asking = true;
        return house.confirmed()
                .thenComposeAsync(
                        yes -> {
                            asking = false;
                            if (yes && !closed) return running(call, tool);
                            return refused(call, "the caller was asked and did not agree");
                        },
                        house);
    }

    /** @return why it may not run; null when it may, and is counted */
    private @Nullable String take(ToolDescription tool) {
        if (house.isEnding()) return "the call is ending";
        if (total >= gate.settings().runsPerCall()) return "no more tools in this call";
        Terms terms = tool.terms();
        if (terms.perCall() > 0 && runs.getOrDefault(tool.name(), 0) >= terms.perCall()) {
            return "this tool can be used " + (terms.perCall() == 1 ? "once" : terms.perCall() + " times")
                    + " in a call, and was";
        }
        long now = gate.clock().millis();
        while (!latest.isEmpty() && now - latest.peekFirst() >= 60_000) latest.removeFirst();
        if (latest.size() >= gate.settings().runsPerMinute()) return "too many tools within a minute, wait a little";
        String limit = takeOfTheDay(tool);
        if (limit != null) return limit;
        total++;
        runs.merge(tool.name(), 1, Integer::sum);
        latest.addLast(now);
        return null;
    }

    private @Nullable String takeOfTheDay(ToolDescription tool) {
        Tenant tenant = house.tenant();
        TenantRules rules = rules();
        DayLedger ledger = gate.ledger();
        Terms terms = tool.terms();
        if (!ledger.take(tenant, DayLedger.RUNS, 1, rules.toolRunsPerDay())) return "no more tools today";
        if (!ledger.take(tenant, tool.name(), 1, terms.perDay())) {
            ledger.giveBack(tenant, DayLedger.RUNS, 1);
            return "this tool was used as often as it may be today";
        }
        if (ledger.take(tenant, DayLedger.SPEND, terms.cost(), rules.toolSpendPerDay())) return null;
        ledger.giveBack(tenant, DayLedger.RUNS, 1);
        ledger.giveBack(tenant, tool.name(), 1);
        return "the budget for tools is used up today";
    }

    private CompletionStage<String> refused(ToolCall call, String sentence) {
        gate.countRefusal();
        log.warn(
                "tool refused call={} agent={} tool={} reason=\"{}\"",
                call.callId(),
                profile.name(),
                clean(call.name()),
                sentence);
        return CompletableFuture.completedFuture("{\"error\":\"" + sentence + "\"}");
    }

    /** The model wrote it. */
    private static String clean(String name) {
        return name.substring(0, Math.min(64, name.length())).replaceAll("[^A-Za-z0-9_-]", "?");
    }

    private CompletionStage<String> running(ToolCall call, ToolDescription tool) {
        open++;
        CompletionStage<String> answer = gate.desk().run(call);
        Supplier<Boolean> isOver = answer.toCompletableFuture()::isDone;
        Duration after = tool.terms().fillerAfter() == null
                ? gate.settings().fillerAfter()
                : tool.terms().fillerAfter();
        if (!after.isZero() && !isOver.get()) house.after(after, () -> bridgeSilence(tool, isOver));
        // Silence comes before the answer: nothing of ours may be heard over the agent.
        return answer.thenApplyAsync(
                text -> {
                    if (--open == 0) house.comfort(false);
                    return text;
                },
                house);
    }

    private void bridgeSilence(ToolDescription tool, Supplier<Boolean> isOver) {
        if (closed || isOver.get() || house.isEnding()) return;
        String own = tool.terms().filler();
        String phrase = own == null ? profile.filler() : own;
        if (phrase != null) house.fill(phrase);
        house.comfort(true);
    }
}
