package io.firefly.voip.camel.rehearsal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.firefly.voip.call.HangupCause;
import io.firefly.voip.camel.rehearsal.Happening.Condition;
import io.firefly.voip.camel.rehearsal.Happening.Remark;
import io.firefly.voip.camel.rehearsal.Happening.Step;
import io.firefly.voip.camel.rehearsal.Rehearsal.RefusedRoutesException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RehearsalTest {
    private static final String HEAD = """
            - route:
                id: callflow-a
                from:
                  uri: direct:callflow-a
                  steps:
            """;

    private static final Map<String, String> ALLOWED = Map.of("firefly.routes.allowed.components", "*");

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    Path folder;

    private Run play(String steps, Script script) throws IOException {
        return play(steps, script, Map.of());
    }

    private Run play(String steps, Script script, Map<String, Object> headers) throws IOException {
        Files.writeString(folder.resolve("callflow-a.camel.yaml"), HEAD + steps.indent(8));
        Scene scene = new Scene.Sent("direct:callflow-a", null, headers, Map.of(), Described.call("1", "2"));
        try (Rehearsal rehearsal = Rehearsal.of(RouteSet.folder(folder, ALLOWED), Duration.ofSeconds(5))) {
            return rehearsal.run(scene, script);
        }
    }

    private static List<String> ids(Run run) {
        return run.steps().stream().map(step -> step.place().id()).toList();
    }

    private static final String CHOICE = """
            - choice:
                id: which
                when:
                  - simple: ${header.kind} == 'red' && ${header.size} > 3
                    steps:
                      - to: { id: big-red, uri: call:answer }
                  - id: is-blue
                    header: blue
                    steps:
                      - to: { id: blue, uri: call:ring }
                otherwise:
                  steps:
                    - to: { id: other, uri: call:end }
            """;

    @Test
    void everyPartOfAConditionShowsTheValueItHad() throws IOException {
        Run run = play(CHOICE, Script.NONE, Map.of("kind", "red", "size", 7));

        Condition asked = run.all(Condition.class).findFirst().orElseThrow();
        assertThat(asked.values()).containsOnly(Map.entry("${header.kind}", "red"), Map.entry("${header.size}", "7"));
        assertThat(asked.holds()).isTrue();
        assertThat(asked.place()).hasToString("callflow-a.camel.yaml:8");
        assertThat(ids(run)).containsExactly("which", "big-red");
    }

    @Test
    void conditionsAreAskedInOrderUntilOneHolds() throws IOException {
        Run run = play(CHOICE, Script.NONE, Map.of("kind", "green", "size", 1));

        assertThat(run.all(Condition.class))
                .extracting(asked -> asked.place().id() + " " + asked.language() + " " + asked.holds())
                .containsExactly("which simple false", "is-blue header false");
        assertThat(ids(run)).containsExactly("which", "other");
    }

    @Test
    void aConditionThatWasToldItsAnswerIsNotAsked() throws IOException {
        Run run = play(CHOICE, Script.NONE.choosing("is-blue", true));

        assertThat(ids(run)).containsExactly("which", "blue");
    }

    @Test
    void filtersAndLoopsAreSeenToo() throws IOException {
        Run run = play("""
                - filter:
                    id: only-red
                    simple: ${header.kind} == 'red'
                    steps:
                      - to: { id: inside, uri: call:answer }
                - to: { id: behind, uri: call:echo }
                """, Script.NONE);

        assertThat(run.all(Condition.class)).extracting(Condition::holds).containsExactly(false);
        assertThat(ids(run)).contains("behind").doesNotContain("inside");
    }

    @Test
    void nothingIsSentOutsideAndNobodyWaits() throws IOException {
        long start = System.nanoTime();

        Run run = play("""
                - delay: { id: wait, constant: "60000" }
                - to: { id: mail, uri: "mock:mail" }
                """, Script.NONE);

        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(20));
        assertThat(run.all(Remark.class)).extracting(Remark::words).anyMatch(words -> words.contains("60000"));
        assertThat(run.steps()).extracting(Step::target).contains("mock:mail");
    }

    @Test
    void aStepCanBeToldItsAnswer() throws IOException {
        Run run = play("""
                - to: { id: ask-crm, uri: "mock:crm" }
                - setVariable: { id: keep, name: vip, simple: "${body}" }
                """, Script.NONE.answering("mock:crm", "gold"));

        assertThat(run.steps()).extracting(Step::value).contains("vip = gold");
    }

    @Test
    void routesThatCallEachOtherWithoutEndAreStopped() throws IOException {
        Run run =
                play("- toD: { id: again, uri: \"direct:callflow-${header.next}\" }", Script.NONE, Map.of("next", "a"));

        assertThat(run.failure()).contains("go round in circles");
    }

    @Test
    void whatTheScriptSaysOfStepsThatNeverComeIsTold() throws IOException {
        Run run = play("- to: { id: a, uri: call:answer }", Script.NONE.failing("call:ansver"));

        assertThat(run.unused()).containsExactly("call:ansver");
        assertThat(run.outcome()).isEqualTo("answered");
    }

    @Test
    void aWrongFileIsToldWithItsPlace() {
        assertThatThrownBy(() -> play("- to: { id: a, uri: call:anser }", Script.NONE))
                .isInstanceOf(RefusedRoutesException.class)
                .hasMessageContaining("callflow-a.camel.yaml:6")
                .hasMessageContaining("did you mean 'answer'?");
    }

    @Test
    void optionsOfEverySchemeAreChecked() {
        assertThatThrownBy(() -> play("- to: { id: a, uri: \"registrar:chalenge\" }", Script.NONE))
                .hasMessageContaining("did you mean 'challenge'?");
        assertThatThrownBy(() -> play("- to: { id: a, uri: \"websocket:sent\" }", Script.NONE))
                .hasMessageContaining("connect/<name>, send or close");
        assertThatThrownBy(() -> play("- to: { id: a, uri: \"call:end?cause=bussy\" }", Script.NONE))
                .hasMessageContaining("did you mean 'busy'?");
    }

    @Test
    void anOrderBehindTheEndIsHeardByNobody() throws IOException {
        Run run = play("""
                - to: { id: a, uri: "call:end?cause=busy" }
                - to: { id: b, uri: call:echo }
                """, Script.NONE);

        assertThat(run.orders())
                .extracting(Happening.Order::heard)
                .containsExactly("486 Busy Here", "nothing: the call is over");
    }

    @Test
    void hoursAreThoseOfTheTimeTheCallComes() {
        try (Rehearsal rehearsal = Rehearsal.of(RouteSet.folder(Path.of("routes")))) {
            assertThat(acmeAt(rehearsal, "2026-11-20T12:00:00Z")).isTrue(); // a Friday
            assertThat(acmeAt(rehearsal, "2026-12-25T12:00:00Z")).isFalse();
        }
    }

    private static boolean acmeAt(Rehearsal rehearsal, String time) {
        Described call = new Described(
                "1", "+442079460200", null, List.of(), null, "127.0.0.1", null, null, Map.of(), Instant.parse(time));
        return rehearsal
                .run(new Scene.Incoming(call), Script.NONE)
                .tenant()
                .orElseThrow()
                .open();
    }

    @Test
    void aSourceIsTrustedWhenTheSettingsSaySo() {
        Map<String, String> trunk = Map.of("firefly.sip.trusted-addresses", "198.51.100.7, 203.0.113.0/24");
        Described call = new Described("1", "echo", null, List.of(), null, "203.0.113.9", null, null, Map.of(), null);

        try (Rehearsal rehearsal = Rehearsal.of(RouteSet.folder(Path.of("routes"), trunk))) {
            assertThat(rehearsal.run(new Scene.Incoming(call), Script.NONE).outcome())
                    .isEqualTo("echo");
            Run loopback = rehearsal.run(new Scene.Incoming(Described.call("1", "echo")), Script.NONE);
            assertThat(loopback.outcome()).isEqualTo("refused 401");
        }
    }

    @Test
    void aNumberMayBeWrittenInManyWays() {
        Described call = new Described(
                "\"Bob\" <sip:+15550100@host>",
                "tel:+4930123450",
                null,
                List.of("+44 20 7946 0123"),
                null,
                "::1",
                null,
                null,
                Map.of(),
                null);

        assertThat(call.request("INVITE", null).getCalledUser()).isEqualTo("+4930123450");
        assertThat(call.request("INVITE", null).getCallerUser()).isEqualTo("+15550100");
        assertThat(call.request("INVITE", null)
                        .parties()
                        .diversions()
                        .get(0)
                        .party()
                        .number())
                .isEqualTo("+442079460123");
        assertThat(call.isTrusted()).isTrue();
    }

    @Test
    void aStrangersIdentitiesAreNotBelieved() {
        Described call = new Described(
                "1", "2", null, List.of("+44"), "+49", "203.0.113.7", null, null, Map.of("User-Agent", "x"), null);

        assertThat(call.request("INVITE", null).headers()).containsOnlyKeys("user-agent");
        assertThat(call.request("INVITE", null).parties().assertedIdentity()).isNull();
    }

    @Test
    void aSourceIsAnAddressAndNeverLookedUp() {
        Described call =
                new Described("1", "2", null, List.of(), null, "trunk.example.com", null, null, Map.of(), null);

        assertThatThrownBy(call::address).hasMessageContaining("must be an IP address");
    }

    @Test
    void theMapKnowsEveryStepWithItsPlace() {
        try (Rehearsal rehearsal = Rehearsal.of(RouteSet.folder(Path.of("routes")))) {
            RouteMap map = rehearsal.map();
            assertThat(map.byPlace())
                    .containsKey("inbound.camel.yaml:16:admit")
                    .containsKey("policy.camel.yaml:18:end-the-call");
            Run run = rehearsal.run(
                    new Scene.Incoming(Described.call("1", "echo")),
                    Script.NONE.refusing("call:admit", HangupCause.DECLINED));
            assertThat(run.outcome()).isEqualTo("ends declined");
        }
    }
}
