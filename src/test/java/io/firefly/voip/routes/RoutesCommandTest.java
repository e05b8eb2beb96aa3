package io.firefly.voip.routes;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

@ExtendWith(OutputCaptureExtension.class)
class RoutesCommandTest {
    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    Path folder;

    private static int run(String... words) {
        return RoutesCommand.run(words);
    }

    private Path copy() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("routes"))) {
            for (Path file : files.filter(Files::isRegularFile).toList())
                Files.copy(file, folder.resolve(file.getFileName()));
        }
        return folder;
    }

    private void change(String file, String from, String to) throws IOException {
        Path path = folder.resolve(file);
        String text = Files.readString(path);
        assertThat(text).contains(from);
        Files.writeString(path, text.replace(from, to));
    }

    @Test
    void anExplanationNamesTenantConditionsAndWhatIsHeard(CapturedOutput output) {
        assertThat(run("explain", "--to", "+441", "--diversion", "+44 20 7946 0123", "--at", "2026-12-24T18:00"))
                .isZero();

        assertThat(output.getOut())
                .contains("tenant     acme, by diversion +442079460123")
                .contains("${body.calledUser} in 'echo,welcome,chat' ? no   (${body.calledUser} was '+441')")
                .contains("180 Ringing")
                .contains("outcome    agent acme");
    }

    @Test
    void aStrangersDiversionSelectsNobodyAndTheExplanationSaysSo(CapturedOutput output) {
        assertThat(run("explain", "--to", "chat", "--diversion", "+442079460123", "--source", "203.0.113.7"))
                .isZero();

        assertThat(output.getOut())
                .contains("is not believed")
                .contains("caller     401")
                .contains("outcome    refused 401");
    }

    @Test
    void programsGetJson(CapturedOutput output) throws IOException {
        assertThat(run("explain", "--to", "echo", "-o", "json")).isZero();

        // What other tests of this process left behind writes its log to the same place.
        String out = output.getOut();
        JsonNode json = new ObjectMapper().readTree(out.substring(out.indexOf("{\n")));
        assertThat(json.path("outcome").asText()).isEqualTo("echo");
        assertThat(json.path("tenant").path("because").asText()).isEqualTo("default");
        assertThat(json.path("path"))
                .anyMatch(each -> each.path("condition").asText().equals("is-it-a-test-call")
                        && each.path("values")
                                .path("${body.calledUser}")
                                .asText()
                                .equals("echo")
                        && each.path("holds").asBoolean());
    }

    @Test
    void aRecordedCallCanBeAskedAbout(CapturedOutput output) throws IOException {
        Path record = folder.resolve("c.json");
        Files.writeString(record, """
                {"callId": "c1", "caller": {"number": "+1555", "uri": "sip:+1555@x", "displayName": "Bob"},
                 "called": {"number": "+441", "uri": "sip:+441@x"},
                 "diversions": [{"from": {"number": "+442079460123", "uri": "sip:+442079460123@x"}, "counter": 1}],
                 "offeredAt": "2026-01-02T03:04:05Z"}
                """);
        Path details = folder.resolve("2026-01-02.jsonl");
        Files.writeString(details, """
                {"callId": "c1", "caller": "+1555", "called": "echo", "offeredAt": "2026-01-02T03:04:05Z"}
                {"callId": "c2", "caller": "linphone", "called": "chat", "subscriber": "linphone"}
                """);

        assertThat(run("explain", "--call", record.toString())).isZero();
        assertThat(output.getOut()).contains("acme, by diversion").contains("at 2026-01-02T03:04:05Z");
        assertThat(run("explain", "--call", details.toString(), "--call-id", "c2"))
                .isZero();
        assertThat(output.getOut()).contains("subscriber linphone").contains("agent reception");
        assertThat(run("explain", "--call", details.toString())).isEqualTo(2);
        assertThat(output.getErr()).contains("holds 2 calls; name one by --call-id, such as c2");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            explain                             | --to is missing
            explain --to echo --at tomorrow     | --at 'tomorrow' is no time; write 2026-12-24T18:00
            explain --to echo --source trunk    | must be an IP address
            explain --to echo --header nonsense | must be 'Name: value'
            explain --to echo -o xml            | -o must be text or json, not 'xml'
            explain --to echo --dir nowhere     | there is no folder nowhere
            explain --call nowhere.json         | there is no file nowhere.json
            explain --call pom.xml              | pom.xml is not JSON
            check nowhere                       | there is no folder nowhere
            check src                           | no *.camel.yaml in src
            test audio                          | no *.camel.yaml in audio
            test --coverage 101                 | --coverage must be 0 to 100
            graph --format png                  | --format must be one of text, mermaid, dot
            chekc                               | 'routes --help'
            """)
    void aWrongCommandLineIsToldWhatWouldBeRight(String words, String sentence, CapturedOutput output) {
        assertThat(run(words.strip().split(" +"))).isEqualTo(2);
        assertThat(output.getErr()).contains(sentence.strip());
    }

    @Test
    void whatIsShippedIsGood(CapturedOutput output) {
        assertThat(run("check")).isZero();
        assertThat(output.getOut()).contains("case files are good");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            inbound.camel.yaml       | call:admit              | call:admitt        | inbound.camel.yaml:18:
            inbound.camel.yaml       | bean:tenants            | bean:tenant        | there is no bean 'tenant'
            callflow-echo.camel.yaml | routeConfigurationId: end-politely | routeConfigurationId: end-politly | did you mean 'end-politely'?
            tenants.yaml             | callflow: chat          | callflow: chatt    | did you mean 'chat'?
            tenants.yaml             | agent: acme             | agent: acmee       | did you mean 'acme'?
            agents.yaml              | language: en            | langage: en        | did you mean 'language'?
            """)
    void whatAReloadWouldRefuseFailsTheCheck(String file, String from, String to, String told, CapturedOutput output)
            throws IOException {
        copy();
        change(file, from, to);

        assertThat(run("check", folder.toString())).isEqualTo(1);
        assertThat(output.getErr()).contains(file.strip()).contains(told.strip());
    }

    @Test
    void mistakesInRoutesAndTenantsAreToldTogetherWithTheirPlaces(CapturedOutput output) throws IOException {
        copy();
        change("callflow-echo.camel.yaml", "call:echo", "call:ecko");
        change("callflow-welcome.camel.yaml", "direct:callflow-welcome", "direct:callflow-wellcome");
        change("tenants.yaml", "callflow: chat", "callflow: chatt");

        assertThat(run("check", folder.toString())).isEqualTo(1);
        assertThat(output.getErr())
                .contains("callflow-echo.camel.yaml:")
                .containsPattern("tenants.yaml:[0-9]+:[0-9]+  tenant 'acme' wants callflow 'chatt'")
                .contains("did you mean 'wellcome'?");
    }

    @Test
    void aFailingCaseShowsItsWholePath(CapturedOutput output) throws IOException {
        copy();
        Files.createDirectories(folder.resolve("tests"));
        Files.writeString(folder.resolve("tests/x.yaml"), """
                cases:
                  - name: echo is busy
                    given: { to: echo }
                    expect: { outcome: ends busy }
                """);
        Path xml = folder.resolve("report/tests.xml");

        assertThat(run("test", folder.toString(), "--junit-xml", xml.toString(), "--coverage"))
                .isEqualTo(1);

        assertThat(output.getOut())
                .contains("FAILED  echo is busy")
                .contains("outcome: expected 'ends busy', was 'echo'")
                .contains("to call:echo")
                .contains("no case reaches  callflow-chat.camel.yaml:11  ring")
                .contains("1 cases, 1 failed");
        assertThat(xml).content().contains("failures=\"1\"");
    }

    @Test
    void tooLittleCoverageFails(CapturedOutput output) throws IOException {
        copy();
        Files.createDirectories(folder.resolve("tests"));
        Files.writeString(folder.resolve("tests/x.yaml"), """
                cases:
                  - name: echo
                    given: { to: echo }
                    expect: { outcome: echo }
                """);

        assertThat(run("test", folder.toString(), "--coverage", "90")).isEqualTo(1);
        assertThat(output.getOut()).contains("which is too few");
        assertThat(run("test", folder.toString(), "--coverage", "10")).isZero();
    }

    @Test
    void theGraphShowsQuestionsAndTheRoutesThatAreCalled(CapturedOutput output) {
        assertThat(run("graph")).isZero();
        assertThat(output.getOut()).contains("policy end-politely").contains("? is-it-a-test-call");
        assertThat(run("graph", "--format", "mermaid")).isZero();
        assertThat(output.getOut())
                .contains("flowchart TD")
                .contains("inbound__is_it_a_test_call -->|\"${body.calledUser} in 'echo,welcome,chat'\"|")
                .contains("inbound__start_call_flow -.-> callflow_echo");
        assertThat(run("graph", "--format", "dot")).isZero();
        assertThat(output.getOut())
                .contains("digraph routes")
                .contains("shape=diamond")
                .contains("style=dashed");
    }

    @Test
    void helpIsThereForEverySubcommand(CapturedOutput output) {
        assertThat(run("--help")).isZero();
        for (String verb : new String[] {"check", "explain", "test", "graph"})
            assertThat(run(verb, "--help")).isZero();
        assertThat(output.getOut()).contains("Exit codes:").contains("--diversion");
    }
}
