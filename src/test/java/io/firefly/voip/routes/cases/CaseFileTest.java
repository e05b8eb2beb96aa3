package io.firefly.voip.routes.cases;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.firefly.voip.camel.rehearsal.RouteSet;
import io.firefly.voip.camel.rehearsal.Scene;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CaseFileTest {
    private static final String GOOD = """
            cases:
              - name: it works
                given:
                  to: echo
                  at: 2026-12-24T18:00:00+01:00
                expect:
                  outcome: echo
            """;

    private static List<String> problems(String text) {
        return CaseFile.parse("routes/tests/x.yaml", text).problems();
    }

    @Test
    void aCaseIsReadWithItsPlace() {
        CaseFile file = CaseFile.parse("routes/tests/x.yaml", GOOD);

        assertThat(file.problems()).isEmpty();
        TestCase only = file.cases().get(0);
        assertThat(only.spot()).hasToString("routes/tests/x.yaml:2:5");
        assertThat(((Scene.Incoming) only.scene()).call().at()).isEqualTo(Instant.parse("2026-12-24T17:00:00Z"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            outcome: echo   | outcom: echo       | x.yaml:7:7  unknown field 'outcom'; allowed here: outcome, | did you mean 'outcome'?
            to: echo        | too: echo          | x.yaml:4:7  unknown field 'too';                           | did you mean 'to'?
            to: echo        | trusted: perhaps   | x.yaml:4:16  'trusted' must be true or false               | not 'perhaps'
            outcome: echo   | status: 42         | x.yaml:7:15  'status' must be a SIP status                 | not '42'
            to: echo        | source: localhost  | x.yaml:4:15  'source' must be an IP address                | not 'localhost'
            given:          | gieven:            | x.yaml:3:5  unknown field 'gieven'                         | did you mean 'given'?
            cases:          | case:              | x.yaml:1:1  unknown field 'case'                           | did you mean 'cases'?
            2026-12-24      | 2026-13-24         | x.yaml:5:11  'at' must be a time such as                   | 2026-13-24
            to: echo        | fails: { a: b }    | x.yaml:4:14  'fails' must be text                          | fails
            to: echo        | to: [echo          | this is not YAML                                           | x.yaml:
            - name:         | - nam:             | x.yaml:2:5  a case needs a 'name'                          | did you mean 'name'?
            """)
    void aMistakeIsToldWithItsPlaceAndTheFix(String right, String wrong, String place, String fix) {
        assertThat(String.join("\n", problems(GOOD.replace(right, wrong))))
                .contains(place.strip())
                .contains(fix.strip());
    }

    @Test
    void theLineIsShownWithAMarkBelow() {
        assertThat(problems(GOOD.replace("outcome:", "outcom:")).get(0))
                .endsWith("     7 |       outcom: echo\n       |       ^");
    }

    @Test
    void aCauseThatDoesNotExistIsToldTheKnownOnes() {
        String text = GOOD.replace("to: echo", "to: echo\n      refuses: { \"call:admit\": bussy }");

        assertThat(problems(text).get(0))
                .contains("x.yaml:5:18  no cause 'bussy'")
                .contains("did you mean 'busy'?");
    }

    @Test
    void emptyAndStrangeFilesAreToldAsWhatTheyAre() {
        assertThat(problems("")).singleElement().asString().contains("1:1  the file is empty");
        assertThat(problems("cases: []")).singleElement().asString().contains("no cases here");
        assertThat(problems("- a\n- b")).singleElement().asString().contains("fields are expected here: cases");
        assertThat(problems("\u0000\u0001")).singleElement().asString().contains("not YAML");
        assertThat(problems("cases: !!java.io.File [x]"))
                .singleElement()
                .asString()
                .contains("x.yaml:1:8");
        assertThat(problems("a: &a [*a, *a]")).isNotEmpty();
        assertThat(problems("cases:\n  - name: a\n    name: b"))
                .anyMatch(each -> each.contains("'name' stands here twice"));
    }

    @Test
    void twoCasesOfOneNameAreOneTooMany() {
        assertThat(problems(GOOD + GOOD.replace("cases:\n", ""))).anyMatch(each -> each.contains("is there twice"));
    }

    @Test
    void aStepThatNoRouteHasIsToldBeforeAnythingRuns(@TempDir Path folder) throws IOException {
        Files.createDirectories(folder.resolve("tests"));
        Files.copy(Path.of("routes/callflow-echo.camel.yaml"), folder.resolve("callflow-echo.camel.yaml"));
        Files.copy(Path.of("routes/policy.camel.yaml"), folder.resolve("policy.camel.yaml"));
        Files.writeString(folder.resolve("tests/x.yaml"), """
                cases:
                  - name: a
                    given: { into: direct:callflow-echo }
                    expect: { steps: [anser, echo] }
                """);

        CaseRunner.Outcome outcome = CaseRunner.run(RouteSet.folder(folder), CaseRunner.read(folder));

        assertThat(outcome.problems())
                .singleElement()
                .asString()
                .contains("x.yaml:4:23  no step has the id 'anser'; did you mean 'answer'?");
        assertThat(outcome.isGood()).isFalse();
        assertThat(outcome.coverage().missed())
                .extracting(node -> node.id())
                .contains("end-the-call", "tell-the-agent");
    }

    @Test
    void aBinaryFileIsNoCaseFile(@TempDir Path folder) throws IOException {
        Files.createDirectories(folder.resolve("tests"));
        Files.write(folder.resolve("tests/x.yaml"), new byte[] {(byte) 0xff, (byte) 0xfe, 0, 1});

        assertThat(CaseRunner.read(folder).get(0).problems())
                .singleElement()
                .asString()
                .contains("not UTF-8");
    }

    @Test
    void theReportNamesWhatDidNotComeTrue(@TempDir Path folder) throws IOException {
        String wrong = GOOD.replace("outcome: echo", "outcome: \"<busy> & done\"");
        CaseFile file = CaseFile.parse("x.yaml", wrong);

        CaseRunner.Outcome outcome = CaseRunner.run(RouteSet.folder(Path.of("routes")), List.of(file));

        assertThat(outcome.verdicts().get(0).differences())
                .containsExactly("outcome: expected '<busy> & done', was 'echo'");
        assertThat(JunitXml.of(outcome))
                .contains("tests=\"1\" failures=\"1\"")
                .contains("expected '&lt;busy&gt; &amp; done', was 'echo'");
    }

    @Test
    void theSchemaKnowsWhatTheReaderKnows() throws IOException {
        try (InputStream in = getClass().getResourceAsStream("/static/schema/route-tests.json")) {
            String text = new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
            JsonNode test = new ObjectMapper().readTree(text).at("/properties/cases/items/properties");
            for (String part : List.of("given", "expect")) {
                List<String> names = new ArrayList<>();
                test.path(part).path("properties").fieldNames().forEachRemaining(names::add);
                String told = String.join("\n", problems("cases:\n  - name: a\n    " + part + ": { nonsense: 1 }"));
                assertThat(told).contains("allowed here: " + String.join(", ", names));
            }
        }
    }
}
