package io.firefly.voip.agent.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

/** The verb {@code simulator} as it is typed: what it prints and its exit codes. */
@Timeout(30)
class SimulatorCommandTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    private Path folder;

    @Test
    void itSaysWhatItListensToAndWhatItDoes() throws IOException {
        Path script = Files.writeString(folder.resolve("t.yaml"), "name: trouble\nsteps: [{say: greeting}]\n");
        assertThat(run("--port", "0", "--seconds", "1", "--script", script.toString()))
                .isZero();
        assertThat(out.toString())
                .contains("listens   ws://127.0.0.1:")
                .contains("/v1/realtime?model=")
                .contains("--firefly.openai.base-url=ws://127.0.0.1:")
                .contains("/control (state, frames, fault, script)")
                .contains("'trouble', connections: 1, steps: 1");
        assertThat(err.toString()).isEmpty();
    }

    @Test
    void aMalformedScriptIsToldWithFileLineAndFix() throws IOException {
        Path script = Files.writeString(folder.resolve("t.yaml"), "steps:\n  - {say: hi, fautls: []}\n");
        assertThat(run("--script", script.toString(), "--port", "0")).isEqualTo(1);
        assertThat(err.toString()).contains("t.yaml:2:15  unknown key 'fautls'").contains("faults");
        assertThat(run("--script", folder.resolve("none").toString(), "--check"))
                .isEqualTo(1);
        assertThat(out.toString()).isEmpty();
    }

    @Test
    void theExampleIsAGoodScriptThatHasAllThereIs() throws IOException {
        assertThat(run("--example")).isZero();
        String example = out.toString();
        Path script = Files.writeString(folder.resolve("example.yaml"), example);
        assertThat(run("--script", script.toString(), "--check")).isZero();
        assertThat(err.toString()).isEmpty();

        Path wrong = Files.writeString(
                folder.resolve("wrong.yaml"), "what: 1\nsteps: [{what: 1, faults: [{what: 1, close: 1006}]}]\n");
        run("--script", wrong.toString(), "--check");
        Matcher known = Pattern.compile("Here may be: ([^.]*)\\.").matcher(err.toString());
        for (int i = 0; i < 3; i++) {
            assertThat(known.find()).isTrue();
            for (String key : known.group(1).split(", ", -1)) {
                assertThat(example).containsPattern("(?m)(^|[ {])" + key + ":");
            }
        }
    }

    @Test
    void aTakenPortIsToldAsSuch() {
        try (SimulatorServer first =
                SimulatorServer.start(SimulatorProperties.defaults().onPort(0))) {
            assertThat(run("--port", String.valueOf(first.port()))).isEqualTo(1);
            assertThat(err.toString()).contains("cannot listen on 127.0.0.1:" + first.port());
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        --bind 0.0.0.0        | add --allow-remote
        --bind 192.0.2.1      | add --allow-remote
        --port 70000          | 0 to 65535
        --port x              | is not an int
        --clock wrong         | real or manual
        --check               | --check needs --script
        --certificate a.pem   | go together
        --sript a.yaml        | Unknown options
        """)
    void aWrongCommandLineIsExitCode2(String words, String sentence) {
        assertThat(run(words.split(" ", -1))).isEqualTo(2);
        assertThat(err.toString()).contains(sentence).contains("--help");
    }

    private int run(String... arguments) {
        CommandLine line = new CommandLine(new SimulatorCommand())
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true));
        return SimulatorCommand.run(arguments, line);
    }
}
