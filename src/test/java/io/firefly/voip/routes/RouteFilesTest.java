package io.firefly.voip.routes;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** House rules for everything in routes/, so that a telephone engineer can read all of it. */
class RouteFilesTest {
    private static final int MAX_LINES = 60;
    private static final int MAX_STEPS = 12;
    private static final Set<String> SCHEMES = Set.of(
            "sip",
            "call",
            "agent",
            "audio",
            "pipeline",
            "registrar",
            "presence",
            "websocket",
            "freeswitch",
            "direct",
            "bean",
            "log");
    private static final Set<String> POLICIES =
            Set.of("end-politely", "refuse", "apologise", "ask-again", "keep-for-later");

    /** A frame that cannot be sent is the sender's to know: a policy would log or repeat it fifty times a second. */
    private static final Set<String> CARRIES_SOUND = Set.of("agent-upstream", "agent-downstream", "audio-server");

    /** Steps that need no id, because the step inside them has one. */
    private static final Set<String> UNNAMED = Set.of("simple", "steps", "when", "otherwise");

    @TestFactory
    List<DynamicTest> everyRouteFileKeepsTheHouseRules() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("routes"))) {
            return files.filter(file -> file.toString().endsWith(".camel.yaml"))
                    .filter(file -> !file.endsWith("policy.camel.yaml"))
                    .sorted()
                    .map(file -> DynamicTest.dynamicTest(file.getFileName().toString(), () -> keepsTheRules(file)))
                    .toList();
        }
    }

    private static void keepsTheRules(Path file) throws IOException {
        List<String> lines = Files.readAllLines(file);
        assertThat(lines.size()).as("lines").isLessThanOrEqualTo(MAX_LINES);
        assertThat(lines.get(0))
                .as("the head comment says what the caller notices")
                .startsWith("# ");
        assertThat(String.join("\n", lines))
                .as("no code in routes")
                .doesNotContain("groovy:", "js:", "java.", "io.firefly");

        Map<?, ?> route = onlyRoute(file);
        assertThat(route.get("id")).isEqualTo(file.getFileName().toString().replace(".camel.yaml", ""));
        assertThat(route.get("description")).as("description").asString().isNotBlank();
        assertThat(route.get("note")).as("note").asString().isNotBlank();
        if (!CARRIES_SOUND.contains(String.valueOf(route.get("id")))) {
            assertThat(route.get("routeConfigurationId")).as("policy").isIn(POLICIES);
        }

        List<Step> steps = new ArrayList<>();
        Map<?, ?> from = (Map<?, ?>) Objects.requireNonNull(route.get("from"));
        collect(Objects.requireNonNull(from.get("steps")), steps);
        assertThat(steps).as("steps").hasSizeBetween(1, MAX_STEPS);
        assertThat(steps)
                .allSatisfy(step -> assertThat(step.id()).as("id of %s", step).isNotNull());
        assertThat(steps).extracting(Step::id).doesNotHaveDuplicates();
        assertThat(scheme(String.valueOf(from.get("uri")))).isIn(SCHEMES);
        assertThat(steps).filteredOn(step -> step.uri() != null).allSatisfy(step -> assertThat(
                        scheme(String.valueOf(step.uri())))
                .isIn(SCHEMES));
    }

    private static Map<?, ?> onlyRoute(Path file) throws IOException {
        Load yaml = new Load(LoadSettings.builder().build());
        List<?> items = (List<?>) yaml.loadFromString(Files.readString(file));
        assertThat(items).as("one route per file").hasSize(1);
        return (Map<?, ?>) Objects.requireNonNull(((Map<?, ?>) items.get(0)).get("route"));
    }

    /** Every step, also those inside a choice. */
    private static void collect(Object node, List<Step> steps) {
        if (node instanceof List<?> list) {
            for (Object each : list) collect(each, steps);
        } else if (node instanceof Map<?, ?> map) {
            map.forEach((key, value) -> {
                if (!UNNAMED.contains(key.toString()) && isStep(value)) steps.add(Step.of(key.toString(), value));
                if (value instanceof Map || value instanceof List) collect(value, steps);
            });
        }
    }

    private static boolean isStep(Object value) {
        return value instanceof Map<?, ?> map
                && (map.containsKey("id") || map.containsKey("uri") || map.containsKey("name"));
    }

    private static String scheme(String uri) {
        return uri.split(":", 2)[0];
    }

    private record Step(
            String kind, @Nullable Object id, @Nullable Object uri) {
        static Step of(String kind, Object value) {
            Map<?, ?> map = (Map<?, ?>) value;
            return new Step(kind, map.get("id"), map.get("uri"));
        }
    }
}
