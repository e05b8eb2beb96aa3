package io.firefly.voip.agent.simulator.script;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.firefly.voip.agent.simulator.script.Fault.At;
import io.firefly.voip.agent.simulator.script.Step.When;
import io.firefly.voip.agent.simulator.script.Visit.Afterwards;
import io.firefly.voip.agent.simulator.script.Visit.Welcome;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What scripts mean, and what is said about those that mean nothing. */
class ScriptReaderTest {
    private static final String TWICE_IN_TROUBLE = """
                name: twice in trouble
                seed: 7
                connections:
                  - handshake: 429
                    retry-after: 2s
                    handshake-delay: 100ms
                  - session-limit: 30s
                    tokens-per-minute: 500
                    speed: 0.5
                    afterwards: silence
                    faults:
                      - {after: 5s, close: 1012, reason: restart}
                    steps:
                      - say: greeting
                      - heard: connect me with sales
                        heard-after: response
                        say: [done, One moment please.]
                        call: transfer
                        arguments: {target: sales, urgent: true, tries: 2, 'a"b': [1.5, null]}
                        response-delay: 2s
                        late-deltas: 2
                        faults:
                          - at: audio
                            after: 600ms
                            close: 1006
                """;

    @Test
    void aScriptTellsWhatEachConnectionSees() throws Exception {
        Script script = read(TWICE_IN_TROUBLE);
        assertThat(script.name()).isEqualTo("twice in trouble");
        assertThat(script.seed()).isEqualTo(7);
        assertThat(script.visit(0).handshake()).isEqualTo(new Visit.Handshake(Welcome.STATUS, 429, 100, 2));
        Visit second = script.visit(1);
        assertThat(script.visit(9)).isSameAs(second);
        assertThat(second.terms().limitMillis()).isEqualTo(30_000);
        assertThat(second.terms().tokensPerMinute()).isEqualTo(500);
        assertThat(second.tempo().speed()).isEqualTo(0.5);
        assertThat(second.afterwards()).isEqualTo(Afterwards.SILENCE);
        assertThat(second.faults()).extracting(Fault::told).containsExactly("close 1012");
        assertThat(second.steps()).hasSize(2);
        Step step = second.steps().get(1);
        assertThat(step.when()).as("what is heard is a caller's turn").isEqualTo(When.TURN);
        assertThat(step.heard()).isEqualTo(new Step.Heard("connect me with sales", 0, true, false));
        assertThat(step.lines()).hasSize(3);
        assertThat(step.lines().get(2))
                .isEqualTo(Line.call(
                        "transfer", "{\"target\":\"sales\",\"urgent\":true,\"tries\":2,\"a\\\"b\":[1.5,null]}"));
        assertThat(step.tempo().responseDelayMillis()).isEqualTo(2_000);
        assertThat(step.tempo().speed()).isEqualTo(-1);
        assertThat(step.lateDeltas()).isEqualTo(2);
        assertThat(step.faults().get(0).at()).isEqualTo(At.AUDIO);
        assertThat(step.faults().get(0).afterMillis()).isEqualTo(600);
    }

    @Test
    void severalToolsAreCalledAtOnceAndBrokenArgumentsAreKept() throws Exception {
        Script script = read("""
                steps:
                  - call:
                      - {tool: one, arguments: {a: 1}}
                      - {tool: two}
                  - call: three
                    arguments: '{"a":'
                """);
        assertThat(script.visit(0).steps().get(0).lines())
                .containsExactly(Line.call("one", "{\"a\":1}"), Line.call("two", ""));
        assertThat(script.visit(0).steps().get(1).lines()).containsExactly(Line.call("three", "{\"a\":"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        `steps: [{sya: hello}]`                                | 1:10 | unknown key 'sya'
        `setps: []`                                            | 1:1  | unknown key 'setps'
        `steps:\n  - say: a\n    hear: b`                      | 3:5  | did you mean 'heard'?
        `steps: [{when: monday, say: a}]`                      | 1:16 | must be one of: any, opening, turn, text, tool
        `speed: 0`                                             | 1:8  | must be a number from 0.1 to 1000
        `seed: 1.5`                                            | 1:7  | must be a whole number
        `session-limit: 30`                                    | 1:16 | with its unit, such as 300ms, 5s or 2m
        `handshake: 200`                                       | 1:12 | accept, silent, invalid-key or an HTTP status
        `faults: [{at: audio, close: 1006}]`                   | 1:15 | must be one of: open
        `faults: [{after: 1s}]`                                | 1:10 | exactly one of: close, stall
        `faults: [{close: 1011, stall: 5s}]`                   | 1:31 | here is close and stall
        `faults: [{close: 1005}]`                              | 1:18 | 1006 cuts the connection
        `faults: [{close: soon}]`                              | 1:18 | must be a number from 1000 to 4999
        `faults: [{fail: ""}]`                                 | 1:17 | must be a code, such as server_error
        `faults: [{drop: Response Done}]`                      | 1:17 | such as response.done
        `faults: [{expire: false}]`                            | 1:19 | write 'expire: true'
        `steps: [{say: a, arguments: {b: 1}}]`                 | 1:29 | 'arguments' needs 'call'
        `steps: [{call: a, arguments: [1]}]`                   | 1:30 | 'arguments' must be a text
        `steps: [{say: a, sound: none.wav}]`                   | 1:25 | cannot read the sound
        `steps: [{say: a, contains: b}]`                       | 1:28 | needs 'when: text' or 'when: tool'
        `afterwards: repeat`                                   | 1:13 | there are no 'steps' to repeat
        `connections: []`                                      | 1:14 | at least one entry
        `{connections: [{speed: 2}], speed: 3}`                | 1:36 | beside 'connections' is for nobody
        `steps: hello`                                         | 1:8  | must have keys such as
        `say: a\nsay: b`                                       | 1:1  | unknown key 'say'
        `speed: 2\nspeed: 3`                                   | 2:1  | is there twice
        `steps: [`                                             | 1:9  | not YAML
        `just words`                                           | 1:1  | keys expected here
        `x: !!javax.script.ScriptEngineManager []`             | 1:4  | not YAML: Global tag is not allowed
        """)
    void aMistakeIsToldWithItsPlaceAndWhatToWrite(String yaml, String place, String sentence) {
        assertThatThrownBy(() -> read(yaml.replace("\\n", "\n")))
                .isInstanceOf(ScriptFormatException.class)
                .hasMessageContaining("my.yaml:" + place + "  ")
                .hasMessageContaining(sentence);
    }

    @Test
    void allMistakesAreToldAtOnceWithTheirLines() {
        ScriptFormatException refused = catchThrowableOfType(
                ScriptFormatException.class, () -> read("speed: fast\nsteps:\n  - say: a\n    faults: [{}]\n"));
        assertThat(refused.mistakes()).hasSize(2);
        assertThat(refused).hasMessageContaining("    1 | speed: fast\n               ^");
        assertThat(refused.mistakes().get(1).line()).isEqualTo(4);
    }

    @Test
    void aDeedAloneIsAFaultForNow() throws Exception {
        assertThat(ScriptReader.deed("fault", "{\"close\": 1011}")).isNotNull();
        assertThatThrownBy(() -> ScriptReader.deed("fault", "clse: 1011")).hasMessageContaining("fault:1:1");
    }

    private static Script read(String yaml) throws ScriptFormatException {
        return ScriptReader.read("my.yaml", yaml, Path.of("src/test/resources"));
    }
}
