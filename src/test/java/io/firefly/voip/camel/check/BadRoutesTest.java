package io.firefly.voip.camel.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.firefly.voip.camel.call.CallOnTrial;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.camel.StartupSummaryLevel;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Every way to get a route file wrong that we thought of, and the words each must be refused with. */
class BadRoutesTest {
    private static final Path BAD = Path.of("src/test/resources/routes/bad");
    private static final String GOOD_ROUTE = """
            - route:
                id: callflow-good
                from:
                  uri: direct:callflow-good
                  steps:
                    - setBody:
                        constant: good
            """;
    private static final String MUST_SAY = "# must say: ";
    private final DefaultCamelContext camel = new DefaultCamelContext();

    @BeforeEach
    void start() {
        camel.setStartupSummaryLevel(StartupSummaryLevel.Off);
        camel.disableJMX();
        camel.getRegistry().bind("tenants", new Object());
        camel.start();
    }

    @AfterEach
    void stop() {
        camel.stop();
    }

    @TestFactory
    List<DynamicTest> everyMistakeIsToldWithItsPlaceAndItsRemedy() throws IOException {
        try (Stream<Path> files = Files.list(BAD)) {
            return files.sorted()
                    .map(file -> dynamicTest(file.getFileName().toString(), () -> saysWhatItMust(file)))
                    .toList();
        }
    }

    private void saysWhatItMust(Path file) throws IOException {
        String text = Files.readString(file);
        List<String> wanted = text.lines()
                .filter(line -> line.startsWith(MUST_SAY))
                .map(line -> line.substring(MUST_SAY.length()))
                .toList();
        Map<String, String> set = new TreeMap<>(goodSet());
        set.put(file.getFileName().toString(), text);

        List<Refusal> refusals =
                RouteCheck.in(camel, List.of(CallOnTrial.scheme())).check(set);

        assertThat(refusals)
                .extracting(Refusal::file)
                .containsOnly(file.getFileName().toString());
        String shown = String.join(
                "\n", refusals.stream().map(refusal -> refusal.shown("routes")).toList());
        assertThat(wanted).isNotEmpty();
        for (String sentence : wanted) assertThat(shown).contains(sentence);
    }

    private static Map<String, String> goodSet() throws IOException {
        return Map.of(
                "policy.camel.yaml",
                Files.readString(Path.of("routes/policy.camel.yaml")),
                "callflow-good.camel.yaml",
                GOOD_ROUTE);
    }
}
