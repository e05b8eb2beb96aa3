package io.firefly.voip.camel.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.firefly.voip.camel.call.CallOnTrial;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Routes, tenants and agents judged as one set, without Spring and without an exchange that runs. */
class RouteSetTest {
    private static final String CHAT = route("callflow-chat", "call:answer", "agent:${variable.tenant.agent}");
    private final List<String> used = new ArrayList<>();
    private final Map<String, String> texts = new TreeMap<>();
    private final RouteCheck check = RouteCheck.of(
                    List.of(CallOnTrial.scheme(), SchemeOnTrial.of("agent", StandIns.Anything::new)),
                    Map.of("tenants", new Object()),
                    Map.of())
            .with(List.of(new Words("agents.yaml"), new Words("tenants.yaml")));

    private static String route(String id, String... targets) {
        StringBuilder text = new StringBuilder("""
                - route:
                    id: %s
                    from:
                      uri: direct:%s
                      steps:
                """.formatted(id, id));
        for (String target : targets)
            text.append("        - toD: ").append(target).append('\n');
        return text.toString().replace("- toD: call", "- to: call").replace("- toD: direct", "- to: direct");
    }

    private String refusals() {
        return String.join(
                "\n",
                check.check(texts).stream()
                        .map(refusal -> refusal.shown("routes"))
                        .toList());
    }

    @Test
    void aSetThatFitsIsTakenAndItsDataCanBeUsed() {
        texts.put("callflow-chat.camel.yaml", CHAT);
        texts.put("agents.yaml", "reception");
        texts.put("tenants.yaml", "chat");

        Judgement judgement = check.judge(texts, "routes");
        assertThat(judgement.refusals()).isEmpty();
        assertThat(used).isEmpty();

        judgement.drafts().values().forEach(draft -> draft.use().run());
        assertThat(used).containsExactly("agents.yaml reception", "tenants.yaml chat");
    }

    @Test
    void aTenantsFlowMustBeAmongTheRoutesOfTheSameSet() {
        texts.put("callflow-chat.camel.yaml", CHAT);
        texts.put("tenants.yaml", "caht");

        assertThat(refusals()).contains("routes/tenants.yaml:1:1  no flow caht");

        texts.put("callflow-caht.camel.yaml", route("callflow-caht", "call:answer"));
        assertThat(refusals()).isEmpty();
    }

    @Test
    void anAgentThatARouteNamesMustBeThere() {
        texts.put("agents.yaml", "reception");
        texts.put("one.camel.yaml", route("one", "agent:recepton"));

        assertThat(refusals())
                .contains(
                        "routes/one.camel.yaml:6:22  there is no agent 'recepton' in agents.yaml; there are reception;"
                                + " did you mean 'reception'?");
    }

    @Test
    void whatIsDeliveredToAnAgentIsNoName() {
        texts.put("agents.yaml", "reception");
        texts.put("one.camel.yaml", route("one", "agent:deliver"));

        assertThat(refusals()).isEmpty();
    }

    @Test
    void aCircleOverThreeRoutesIsNamedOnce() {
        texts.put("a.camel.yaml", route("a", "direct:b"));
        texts.put("b.camel.yaml", route("b", "direct:c"));
        texts.put("c.camel.yaml", route("c", "call:answer", "direct:a"));

        assertThat(check.check(texts)).hasSize(1);
        assertThat(refusals())
                .contains("routes/c.camel.yaml:7:15  these routes call each other in a circle:"
                        + " direct:a → direct:b → direct:c → direct:a");
    }

    @Test
    void twoWaysToTheSameRouteAreNoCircle() {
        texts.put("a.camel.yaml", route("a", "direct:b", "direct:c"));
        texts.put("b.camel.yaml", route("b", "direct:c"));
        texts.put("c.camel.yaml", route("c", "call:answer"));

        assertThat(refusals()).isEmpty();
    }

    @Test
    void mistakesOfAllFilesAreTold() {
        texts.put("a.camel.yaml", route("a", "direct:nowhere", "call:nonsense"));
        texts.put("b.camel.yaml", "- route: [");
        texts.put("c.camel.yaml", route("c", "call:end?cause=bussy"));
        texts.put("tenants.yaml", "nobody");

        assertThat(check.check(texts))
                .extracting(refusal -> refusal.file() + ":" + refusal.line())
                .containsExactly(
                        "a.camel.yaml:6", "a.camel.yaml:7", "b.camel.yaml:1", "c.camel.yaml:6", "tenants.yaml:1");
    }

    @Test
    void aTargetIsPointedAtWhereItStandsAndNotWhereItIsMentionedFirst() {
        String text = "# direct:nowhere is what this is about\n" + route("a", "call:answer", "direct:nowhere");
        texts.put("a.camel.yaml", text);

        assertThat(refusals()).contains("a.camel.yaml:8:15  no route listens to 'direct:nowhere'");
    }

    @Test
    void aFileThatOnlyLacksTheRightNameIsWarnedAbout() {
        texts.put("callflow-chat.camel.yaml", CHAT);
        texts.put("callflow-hello.yaml", CHAT);
        texts.put("callflow-late.yml", CHAT);
        texts.put("tenants.yml", "x");
        texts.put("values.yaml", "a: 1");

        Judgement judgement = check.judge(texts, "");

        assertThat(judgement.refusals()).isEmpty();
        assertThat(judgement.warnings())
                .extracting(warning -> warning.shown("routes"))
                .containsExactly(
                        "routes/callflow-hello.yaml  looks like it belongs here and is not read: rename it to callflow-hello.camel.yaml",
                        "routes/callflow-late.yml  looks like it belongs here and is not read: rename it to callflow-late.camel.yaml",
                        "routes/tenants.yml  looks like it belongs here and is not read: rename it to tenants.yaml");
    }

    @Test
    void fiveHundredFilesAreJudgedWithinSeconds() {
        for (int i = 0; i < 500; i++) texts.put("r" + i + ".camel.yaml", route("r" + i, "call:answer", "call:end"));
        long begin = System.nanoTime();

        assertThat(refusals()).isEmpty();
        assertThat((System.nanoTime() - begin) / 1_000_000).as("milliseconds").isLessThan(20_000);
    }

    /** A file of one word: the name of an agent, or of the flow a tenant wants. */
    private final class Words implements DataFile {
        private final String name;

        Words(String name) {
            this.name = name;
        }

        @Override
        public String fileName() {
            return name;
        }

        @Override
        public Draft read(String text, String shownName, Names known) {
            Runnable use = () -> used.add(name + " " + text);
            if (name.equals("agents.yaml")) return new Draft(List.of(), Set.of(text), true, use);
            if (known.callflows().contains(text)) return new Draft(List.of(), Set.of(), true, use);
            return new Draft(List.of(new Refusal(name, 1, 1, "no flow " + text, text)), Set.of(), true, use);
        }
    }
}
