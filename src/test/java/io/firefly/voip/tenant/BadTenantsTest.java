package io.firefly.voip.tenant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.firefly.voip.agent.AgentManner;
import io.firefly.voip.agent.AgentManner.CallerSilence;
import io.firefly.voip.agent.AgentManner.TurnDetection;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every file in {@code tenants/bad} says in its first line what must be said about it. */
class BadTenantsTest {
    private static final Path BAD = Path.of("src/test/resources/tenants/bad");
    private static final String EXPECT = "# expect: ";

    private final TenantBook book = new TenantBook(new AgentBook(), "welcome");

    @TestFactory
    List<DynamicTest> aBadFileHearsItsSentence() throws IOException {
        try (Stream<Path> files = Files.list(BAD)) {
            return files.sorted()
                    .map(file -> dynamicTest(file.getFileName().toString(), () -> check(file)))
                    .toList();
        }
    }

    private void check(Path file) throws IOException {
        String name = file.getFileName().toString();
        String text = Files.readString(file);
        String sentence = text.lines().findFirst().orElse("").substring(EXPECT.length());

        assertThatThrownBy(() -> book.replace(text, name))
                .isInstanceOf(DirectoryFormatException.class)
                .hasMessageStartingWith(sentence);
    }

    @Test
    void theLineIsShownWithAMarkUnderThePlace() {
        assertThatThrownBy(() -> book.replace("tenants:\n  - id: acme\n    numers: []\n    numbers: ['1']\n", "t.yaml"))
                .hasMessage("""
                        t.yaml:3:5  unknown field 'numers'; did you mean 'numbers'? Allowed here: id, numbers, diversions, callflow, closed-callflow, agent, record, retention-days, time-zone, hours, limits
                            3 |     numers: []
                                    ^""");
    }

    @Test
    void allMistakesAreToldAtOnce() {
        String text = "tenants:\n  - id: A\n    agent: nobody\n    record: maybe\n    color: red\n";

        assertThatThrownBy(() -> book.replace(text, "t.yaml"))
                .isInstanceOfSatisfying(DirectoryFormatException.class, e -> assertThat(e.problems())
                        .hasSize(4));
    }

    @Test
    void aFileOfMoreThanAMegabyteIsNotRead() {
        assertThatThrownBy(() -> book.replace("#".repeat(1_048_577), "t.yaml"))
                .hasMessageStartingWith("t.yaml:1:1  the file has more than 1048576 characters.");
    }

    @Test
    void endlessMistakesEndAtFifty() {
        String text = "tenants:\n" + "  - x\n".repeat(1000);

        assertThatThrownBy(() -> book.replace(text, "t.yaml"))
                .isInstanceOfSatisfying(DirectoryFormatException.class, e -> assertThat(e.problems())
                        .hasSize(50));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "speed: 2 | 'speed' must be a number from 0.25 to 1.5, not '2'.",
                "noise-reduction: loud | 'noise-reduction' must be one of near_field, far_field, off, not 'loud'.",
                "turn-detection: {threshold: high} | 'threshold' must be a number from 0 to 1, not 'high'.",
                "turn-detection: {type: none} | 'type' must be one of server_vad, semantic_vad, not 'none'.",
                "turn-detection: {silence: 10ms} | 'silence' must be a time such as 550ms, 10s or 5m, from 100ms to 10s,",
                "turn-detection: {eagernes: low} | unknown field 'eagernes'; did you mean 'eagerness'?",
                "protected-greeting: perhaps | 'protected-greeting' must be true or false, not 'perhaps'.",
                "caller-silence: {after: 1s} | 'after' must be 0s (never) or 2s and longer.",
                "caller-silence: {prompts: 1.5} | 'prompts' must be a whole number from 0 to 10.",
                "max-duration: soon | 'max-duration' must be a time such as 550ms, 10s or 5m, from 0s to 24h, not 'soon'.",
                "warn-before: 2h | 'warn-before' must be a time such as 550ms, 10s or 5m, from 0s to 1h, not '2h'.",
            })
    void howAnAgentConversesIsJudged(String field, String sentence) {
        assertThatThrownBy(() -> new AgentBook().replace("agents:\n  - name: a\n    " + field + "\n", "agents.yaml"))
                .hasMessageStartingWith("agents.yaml:3:")
                .hasMessageContaining(sentence);
    }

    @Test
    void howAnAgentConversesIsRead() {
        AgentBook agents = new AgentBook();
        agents.replace("""
                agents:
                  - name: a
                    speed: 1.2
                    noise-reduction: far_field
                    turn-detection: {type: semantic_vad, eagerness: low, silence: 900ms}
                    protected-greeting: true
                    caller-silence: {after: 8s, prompts: 1}
                    max-duration: 10m
                    warn-before: 30s
                  - name: b
                """, "agents.yaml");

        assertThat(agents.byName("a").orElseThrow().manner())
                .isEqualTo(new AgentManner(
                        new TurnDetection("semantic_vad", null, null, Duration.ofMillis(900), null, "low"),
                        "far_field",
                        1.2,
                        true,
                        new CallerSilence(Duration.ofSeconds(8), 1),
                        Duration.ofMinutes(10),
                        Duration.ofSeconds(30)));
        assertThat(agents.byName("b").orElseThrow().manner()).isEqualTo(AgentManner.AS_SET);
    }

    @Test
    void anAgentsFileIsJudgedInTheSameWay() {
        AgentBook agents = new AgentBook();

        assertThatThrownBy(() -> agents.replace("agents:\n  - name: a\n  - name: a\n  - nam: b\n", "agents.yaml"))
                .hasMessageStartingWith("agents.yaml:3:11  agent 'a' is there twice.")
                .hasMessageContaining("agents.yaml:4:5  unknown field 'nam'; did you mean 'name'?")
                .hasMessageContaining("agents.yaml:4:5  'name' is missing.");
        assertThatThrownBy(() -> agents.replace("agents: []", "agents.yaml"))
                .hasMessageStartingWith("agents.yaml:1:9  at least one agent is needed.");
        assertThatThrownBy(() -> agents.replace("agents: [{name: x, language: german}]", "agents.yaml"))
                .hasMessageContaining("'language' must be a code such as en or de-AT, not 'german'.");
        assertThat(agents.byName("reception")).isPresent();
    }
}
