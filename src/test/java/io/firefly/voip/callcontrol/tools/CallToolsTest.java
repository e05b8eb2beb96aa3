package io.firefly.voip.callcontrol.tools;

import static org.assertj.core.api.Assertions.assertThat;

import io.firefly.voip.agent.AgentBrief.AgentProfile;
import io.firefly.voip.agent.ToolCall;
import io.firefly.voip.agent.ToolDescription;
import io.firefly.voip.agent.ToolDescription.Parameter;
import io.firefly.voip.agent.ToolDescription.Terms;
import io.firefly.voip.agent.ToolDesk;
import io.firefly.voip.call.CallId;
import io.firefly.voip.tenant.Tenant;
import io.firefly.voip.tenant.Tenant.Limits;
import io.firefly.voip.tenant.directory.CallDirectory;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What a model may do with tools is decided here, whatever it writes. One thread, a clock that is moved by hand. */
class CallToolsTest {
    private static final Tenant ACME =
            new Tenant("acme", "chat", "reception", new Limits(10, Duration.ofHours(1)), false);
    private static final String REFUSED = "{\"error\":";

    private final Desk desk = new Desk();
    private final CallDirectory directory = new CallDirectory();
    private final HandClock clock = new HandClock();
    private final House house = new House();
    private final ToolGate gate = new ToolGate(desk, directory, settings(5, 3), clock);

    @Test
    void onlyWhatAgentAndTenantMayUseIsOfferedAndRun() {
        desk.add("hang_up", Terms.NONE).add("refund", Terms.NONE).add("transfer", Terms.NONE);
        directory.replace("tenants: [{tenant: acme, tools: [hang_up, transfer]}]", "directory.yaml");
        CallTools tools = new CallTools(gate, agentWith(List.of("hang_up", "refund")), house);

        assertThat(names(tools.begin())).containsExactly("hang_up");
        assertThat(run(tools, "refund", "{}")).startsWith(REFUSED);
        assertThat(run(tools, "transfer", "{}")).startsWith(REFUSED);
        assertThat(run(tools, "hang_up\",\"x\":\"", "{}")).isEqualTo("{\"error\":\"there is no such tool\"}");
        assertThat(run(tools, "hang_up", "{}")).isEqualTo("done");
        assertThat(desk.ran).containsExactly("hang_up {}");
        assertThat(gate.refused()).isEqualTo(3);
    }

    @Test
    void targetsAreTheNamesOfThisTenantAndWithoutAnyThereIsNoTool() {
        desk.add(new ToolDescription(
                "transfer",
                "d",
                Map.of("who", new Parameter("target", true, "who", List.of(), null, null, null)),
                Terms.NONE));
        CallTools before = new CallTools(gate, agentWith(null), house);
        assertThat(before.begin()).isEmpty();
        assertThat(run(before, "transfer", "{\"who\":\"+4930123456\"}")).startsWith(REFUSED);

        directory.replace(
                "tenants: [{tenant: acme, targets: [{name: sales, description: prices, to: \"sip:s@pbx.example\"}]}]",
                "directory.yaml");
        CallTools tools = new CallTools(gate, agentWith(null), house);

        Parameter offered = tools.begin().get(0).parameters().get("who");
        assertThat(offered)
                .isEqualTo(new Parameter("string", true, "who sales: prices", List.of("sales"), null, null, null));
        desk.mistake = "{\"error\":\"parameter 'who' must be one of sales\"}";
        assertThat(run(tools, "transfer", "{\"who\":\"+4930123456\"}")).isEqualTo(desk.mistake);
        assertThat(desk.judged.get(0).parameters().get("who")).isEqualTo(offered);
        assertThat(desk.ran).isEmpty();
    }

    @Test
    void aToolRunsNoOftenerThanItMayInACall() {
        desk.add("refund", new Terms(null, 2, 0, 0, false, null, null));
        CallTools tools = new CallTools(gate, agentWith(null), house);

        for (int i = 0; i < 2; i++) assertThat(run(tools, "refund", "{}")).isEqualTo("done");

        assertThat(run(tools, "refund", "{}")).contains("2 times in a call, and was");
        assertThat(run(tools, "refund", "{\"limit\":0,\"force\":true}")).startsWith(REFUSED);
        assertThat(desk.ran).hasSize(2);
    }

    @Test
    void aModelInALoopIsStoppedByTheMinuteAndByTheCall() {
        desk.add("look", Terms.NONE);
        CallTools tools = new CallTools(gate, agentWith(null), house);

        for (int i = 0; i < 3; i++) assertThat(run(tools, "look", "{}")).isEqualTo("done");
        assertThat(run(tools, "look", "{}")).contains("too many tools within a minute");
        clock.now = clock.now.plusSeconds(61);
        for (int i = 0; i < 2; i++) assertThat(run(tools, "look", "{}")).isEqualTo("done");
        clock.now = clock.now.plusSeconds(61);
        assertThat(run(tools, "look", "{}")).contains("no more tools in this call");
    }

    @Test
    void aDayHasItsRunsItsBudgetAndItsTransfersForAllCallsOfATenant() {
        desk.add("look", new Terms(null, 0, 0, 30, false, null, null))
                .add("once", new Terms(null, 0, 1, 0, false, null, null));
        directory.replace(
                "tenants: [{tenant: acme, tool-runs-per-day: 4, tool-spend-per-day: 70, transfers-per-day: 1}]",
                "d.yaml");

        assertThat(run(new CallTools(gate, agentWith(null), house), "look", "{}"))
                .isEqualTo("done");
        assertThat(run(new CallTools(gate, agentWith(null), house), "look", "{}"))
                .isEqualTo("done");
        CallTools third = new CallTools(gate, agentWith(null), house);
        assertThat(run(third, "look", "{}")).contains("budget for tools is used up");
        assertThat(run(third, "once", "{}")).isEqualTo("done");
        assertThat(run(third, "once", "{}")).contains("as often as it may be today");
        assertThat(gate.takesTransfer(ACME)).isTrue();
        assertThat(gate.takesTransfer(ACME)).isFalse();
        assertThat(gate.takesTransfer(null)).isTrue();

        clock.now = clock.now.plus(Duration.ofDays(1));

        assertThat(run(third, "look", "{}")).isEqualTo("done");
        assertThat(gate.takesTransfer(ACME)).isTrue();
    }

    @Test
    void whoIsToldToTryAgainHasUsedUpNothing() {
        desk.add("refund", new Terms(null, 2, 0, 0, true, null, null));
        CallTools tools = new CallTools(gate, agentWith(null), house);
        CompletableFuture<String> first = start(tools, "refund", "{}");
        assertThat(run(tools, "refund", "{}")).contains("being asked something else");
        house.consent.complete(true);
        assertThat(first).isCompletedWithValue("done");

        house.consent = CompletableFuture.completedFuture(true);
        assertThat(run(tools, "refund", "{}")).as("the second of two").isEqualTo("done");
        assertThat(run(tools, "refund", "{}")).contains("2 times in a call");
    }

    @Test
    void aToolThatWantsTheCallersConsentWaitsForItsKey() {
        desk.add("refund", new Terms(null, 0, 0, 0, true, null, null));
        CallTools tools = new CallTools(gate, agentWith(null), house);

        CompletableFuture<String> first = start(tools, "refund", "{}");
        assertThat(first).isNotDone();
        assertThat(run(tools, "refund", "{}")).contains("being asked something else");
        house.consent.complete(true);
        assertThat(first).isCompletedWithValue("done");

        house.consent = new CompletableFuture<>();
        CompletableFuture<String> second = start(tools, "refund", "{\"confirmed\":true}");
        house.consent.complete(false);
        assertThat(second).isCompletedWithValue("{\"error\":\"the caller was asked and did not agree\"}");
        assertThat(desk.ran).hasSize(1);
    }

    @Test
    void whoeverWaitsLongHearsThePhraseThenTheSoundAndSilenceBeforeTheAnswer() {
        desk.add("look", new Terms(null, 0, 0, 0, false, "One moment, please.", null));
        desk.answer = new CompletableFuture<>();
        CallTools tools = new CallTools(gate, agentWith(null), house);
        CompletableFuture<String> answer = start(tools, "look", "{}");
        var told = answer.thenAccept(text -> house.heard.add("answer"));

        house.pass(Duration.ofMillis(1_400));
        assertThat(house.heard).isEmpty();
        house.pass(Duration.ofMillis(200));
        assertThat(house.heard).containsExactly("fill One moment, please.", "comfort true");
        desk.answer.complete("done");

        assertThat(told).isCompleted();
        assertThat(house.heard).containsExactly("fill One moment, please.", "comfort true", "comfort false", "answer");
    }

    @Test
    void aQuickAnswerIsNotBridged() {
        desk.add("look", Terms.NONE);
        CallTools tools = new CallTools(gate, agentWith(null), house);

        assertThat(run(tools, "look", "{}")).isEqualTo("done");
        house.pass(Duration.ofSeconds(5));

        assertThat(house.heard).containsExactly("comfort false");
    }

    @Test
    void theSoundGoesOnUntilTheLastOfSeveralToolsHasAnswered() {
        desk.add("look", Terms.NONE);
        CallTools tools = new CallTools(gate, agentWith(null), house);
        CompletableFuture<String> one = new CompletableFuture<>();
        desk.answer = one;
        CompletableFuture<String> first = start(tools, "look", "{}");
        CompletableFuture<String> two = new CompletableFuture<>();
        desk.answer = two;
        CompletableFuture<String> second = start(tools, "look", "{}");
        house.pass(Duration.ofSeconds(2));
        house.heard.clear();

        one.complete("a");
        assertThat(house.heard).isEmpty();
        two.complete("b");
        assertThat(house.heard).containsExactly("comfort false");
        assertThat(first.join() + second.join()).isEqualTo("ab");
    }

    @Test
    void changesDuringTheCallAreToldOnceAndOnlyWhenSomethingIsDifferent() {
        desk.add("look", Terms.NONE);
        CallTools tools = new CallTools(gate, agentWith(null), house);
        tools.begin();

        desk.tell();
        house.pass(Duration.ofSeconds(1));
        assertThat(house.offers).as("nothing is different").isEmpty();
        desk.tools.remove("look");
        desk.tell();
        desk.add("look", new Terms(null, 1, 0, 0, false, null, null)).add("more", Terms.NONE);
        for (int i = 0; i < 20; i++) desk.tell();
        house.pass(Duration.ofSeconds(1));
        assertThat(house.offers).as("a swap is one change").hasSize(1);
        assertThat(names(house.offers.get(0))).containsExactly("look", "more");
        directory.replace("tenants: [{tenant: acme, tools: [more]}]", "d.yaml");
        house.pass(Duration.ofSeconds(1));
        assertThat(names(house.offers.get(1))).containsExactly("more");

        tools.close();
        desk.tools.clear();
        desk.tell();
        house.pass(Duration.ofSeconds(1));
        assertThat(house.offers).hasSize(2);
    }

    @Test
    void nothingRunsWhileTheGoodbyeIsSaidOrAfterIt() {
        desk.add("look", Terms.NONE);
        CallTools tools = new CallTools(gate, agentWith(null), house);
        house.ending = true;
        assertThat(run(tools, "look", "{}")).contains("the call is ending");
        house.ending = false;
        tools.close();
        assertThat(run(tools, "look", "{}")).startsWith(REFUSED);
        assertThat(desk.ran).isEmpty();
    }

    private static String run(CallTools tools, String name, String arguments) {
        return start(tools, name, arguments).join();
    }

    private static CompletableFuture<String> start(CallTools tools, String name, String arguments) {
        return tools.run(new ToolCall(new CallId("call-1"), "t", name, arguments))
                .toCompletableFuture();
    }

    private static List<String> names(List<ToolDescription> tools) {
        return tools.stream().map(ToolDescription::name).toList();
    }

    private static AgentProfile agentWith(@Nullable List<String> tools) {
        return new AgentProfile("reception", null, null, null, null, null, tools);
    }

    private static ToolPolicyProperties settings(int perCall, int perMinute) {
        Path none = Path.of("none.wav");
        return new ToolPolicyProperties(
                perCall, perMinute, Duration.ofMillis(1_500), none, none, none, Duration.ofSeconds(8));
    }

    private static final class Desk implements ToolDesk {
        private final Map<String, ToolDescription> tools = new LinkedHashMap<>();
        private final List<Runnable> watchers = new ArrayList<>();
        private final List<String> ran = new ArrayList<>();
        private final List<ToolDescription> judged = new ArrayList<>();
        private CompletableFuture<String> answer = CompletableFuture.completedFuture("done");
        private @Nullable String mistake;

        Desk add(String name, Terms terms) {
            return add(new ToolDescription(name, "d", Map.of(), terms));
        }

        Desk add(ToolDescription tool) {
            tools.put(tool.name(), tool);
            return this;
        }

        void tell() {
            watchers.forEach(Runnable::run);
        }

        @Override
        public List<ToolDescription> offered() {
            return List.copyOf(tools.values());
        }

        @Override
        public @Nullable String mistakeIn(ToolCall call, ToolDescription tool) {
            judged.add(tool);
            return mistake;
        }

        @Override
        public CompletionStage<String> run(ToolCall call) {
            ran.add(call.name() + " " + call.argumentsJson());
            return answer;
        }

        @Override
        public Watch watch(Runnable changed) {
            watchers.add(changed);
            return () -> watchers.remove(changed);
        }
    }

    private static final class House implements CallTools.House {
        private final Map<Runnable, Duration> later = new LinkedHashMap<>();
        private final List<String> heard = new ArrayList<>();
        private final List<List<ToolDescription>> offers = new ArrayList<>();
        private CompletableFuture<Boolean> consent = new CompletableFuture<>();
        private Duration now = Duration.ZERO;
        private boolean ending;

        void pass(Duration time) {
            now = now.plus(time);
            for (Runnable due : List.copyOf(later.keySet())) {
                if (later.getOrDefault(due, now).compareTo(now) > 0) continue;
                later.remove(due);
                due.run();
            }
        }

        @Override
        public void execute(Runnable task) {
            task.run();
        }

        @Override
        public void after(Duration delay, Runnable task) {
            later.put(task, now.plus(delay));
        }

        @Override
        public Tenant tenant() {
            return ACME;
        }

        @Override
        public boolean isEnding() {
            return ending;
        }

        @Override
        public CompletionStage<Boolean> confirmed() {
            return consent;
        }

        @Override
        public void comfort(boolean on) {
            heard.add("comfort " + on);
        }

        @Override
        public void fill(String phrase) {
            heard.add("fill " + phrase);
        }

        @Override
        public void offer(List<ToolDescription> tools) {
            offers.add(tools);
        }
    }

    private static final class HandClock extends Clock {
        private Instant now = Instant.parse("2026-11-21T10:00:00Z");

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }

        @Override
        public Instant instant() {
            return now;
        }
    }
}
