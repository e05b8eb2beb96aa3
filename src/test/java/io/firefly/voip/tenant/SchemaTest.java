package io.firefly.voip.tenant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion.VersionFlag;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/** The published schemas and the reader know the same words and judge alike. */
class SchemaTest {
    private static final Path SCHEMAS = Path.of("src/main/resources/static/schema");
    private static final Path BAD = Path.of("src/test/resources/tenants/bad");
    /** What no schema can see: it needs a second look at the file, the agents, the calendar or YAML itself. */
    private static final Set<String> FOR_THE_READER_ALONE = Set.of(
            "billion-laughs",
            "broken-yaml",
            "closed-callflow-without-hours",
            "empty",
            "field-twice",
            "holiday-that-never-is",
            "hours-backwards",
            "id-default",
            "id-twice",
            "java-object",
            "number-twice",
            "prefix-twice",
            "star-alone",
            "tab",
            "trunk-network-twice",
            "trunk-tenant-spelling",
            "trunk-twice",
            "unknown-agent",
            "zone-spelling");

    private static final String GOOD = """
            default:
              agent: reception
              record: true
              retention-days: 30
              time-zone: Europe/Vienna
              closed-callflow: closed
              hours: {mon-fri: 09:00-17:30, fri: [09:00-12:00, 13:00-15:00], sun: closed, holidays: [12-24, 2026-12-25]}
              limits: {concurrent-calls: 5, calls-per-second: 2, minutes-per-day: 600, max-call-length: 1h30m10s}
            trunks:
              - {id: carrier, addresses: [203.0.113.0/24, "2001:db8::/32", 192.0.2.7], tenants: [one]}
            tenants:
              - id: one
                numbers: [+4930123450, "+49 (30) 123-4*", "*97", 1000, reception.one]
                diversions: ["+44*"]
                callflow: chat
                closed-callflow: night
                agent: reception
                record: false
                retention-days: 1
                time-zone: UTC
                hours: {sat: 22:00-06:00, holidays: 01-01}
                limits: {}
            """;

    private final ObjectMapper json = new ObjectMapper();
    private final AgentBook agents = new AgentBook();
    private final TenantBook tenants = new TenantBook(agents, "welcome");

    @Test
    void schemaAndReaderKnowTheSameFields() throws IOException {
        JsonNode top = json.readTree(SCHEMAS.resolve("tenants.json").toFile());
        JsonNode tenant = top.at("/properties/tenants/items");

        assertThat(words(top)).isEqualTo(TenantsReader.TOP);
        assertThat(words(top.at("/properties/default"))).isEqualTo(TenantsReader.DEFAULT_FIELDS);
        assertThat(words(tenant)).isEqualTo(TenantsReader.FIELDS);
        assertThat(words(top.at("/properties/trunks/items"))).isEqualTo(TenantsReader.TRUNK_FIELDS);
        for (JsonNode entry : List.of(tenant, top.at("/properties/default"))) {
            assertThat(words(entry.at("/properties/hours"))).isEqualTo(HoursReader.FIELDS);
            assertThat(words(entry.at("/properties/limits"))).isEqualTo(TenantsReader.LIMIT_FIELDS);
        }
        JsonNode agentsTop = json.readTree(SCHEMAS.resolve("agents.json").toFile());
        assertThat(words(agentsTop)).isEqualTo(AgentsReader.TOP);
        assertThat(words(agentsTop.at("/properties/agents/items"))).isEqualTo(AgentsReader.FIELDS);
    }

    private static Set<String> words(JsonNode object) {
        Set<String> words = new LinkedHashSet<>();
        object.get("properties").fieldNames().forEachRemaining(words::add);
        assertThat(object.get("additionalProperties").asBoolean(true)).isFalse();
        return words;
    }

    @Test
    void everyFieldIsExplained() throws IOException {
        for (String file : List.of("tenants.json", "agents.json")) {
            JsonNode top = json.readTree(SCHEMAS.resolve(file).toFile());
            for (JsonNode properties : top.findValues("properties")) {
                properties.properties().stream()
                        .filter(field -> !field.getKey().equals("agents"))
                        .forEach(field -> assertThat(
                                        field.getValue().path("description").asText())
                                .as(file + " " + field.getKey())
                                .isNotBlank());
            }
        }
    }

    @Test
    void aFileWithEveryFieldIsGoodForBoth() throws IOException {
        assertThatCode(() -> tenants.parse(GOOD, "good.yaml", agents.names())).doesNotThrowAnyException();
        assertThat(judged("tenants.json", GOOD)).isEmpty();
    }

    @Test
    void theShippedFilesAreGoodForBothAndNameTheirSchema() throws IOException {
        String agentsText = Files.readString(Path.of("routes/agents.yaml"));
        String tenantsText = Files.readString(Path.of("routes/tenants.yaml"));
        agents.replace(agentsText, "agents.yaml");
        tenants.replace(tenantsText, "tenants.yaml");

        assertThat(judged("agents.json", agentsText)).isEmpty();
        assertThat(judged("tenants.json", tenantsText)).isEmpty();
        assertThat(agentsText).startsWith("# yaml-language-server: $schema=http://localhost:8080/schema/agents.json\n");
        assertThat(tenantsText)
                .startsWith("# yaml-language-server: $schema=http://localhost:8080/schema/tenants.json\n");
    }

    @TestFactory
    List<DynamicTest> whatTheReaderRefusesTheSchemaRefuses() throws IOException {
        try (Stream<Path> files = Files.list(BAD)) {
            return files.sorted()
                    .filter(file -> !FOR_THE_READER_ALONE.contains(name(file)))
                    .map(file ->
                            dynamicTest(name(file), () -> assertThat(judged("tenants.json", Files.readString(file)))
                                    .isNotEmpty()))
                    .toList();
        }
    }

    private static String name(Path file) {
        return file.getFileName().toString().replace(".yaml", "");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "agents: []",
                "agents: [{nam: x}]",
                "agents: [{voice: x}]",
                "agents: [{name: X}]",
                "agents: [{name: x, language: german}]",
                "agents: [{name: x, tools: hang_up}]",
                "agents: [{name: x, tools: [hang up]}]",
                "agents: [{name: x, greeting: ''}]",
                "agents: [{name: x, speed: 2}]",
                "agents: [{name: x, noise-reduction: loud}]",
                "agents: [{name: x, turn-detection: {type: none}}]",
                "agents: [{name: x, turn-detection: {treshold: 0.5}}]",
                "agents: [{name: x, caller-silence: {prompts: 11}}]",
                "agents: [{name: x, max-duration: soon}]",
                "agent: []",
            })
    void badAgentsAreBadForBoth(String text) throws IOException {
        assertThat(catchThrowable(() -> agents.parse(text, "agents.yaml")))
                .isInstanceOf(DirectoryFormatException.class);
        assertThat(judged("agents.json", text)).isNotEmpty();
    }

    private Set<String> judged(String schemaFile, String yaml) throws IOException {
        JsonSchema schema =
                JsonSchemaFactory.getInstance(VersionFlag.V7).getSchema(Files.readString(SCHEMAS.resolve(schemaFile)));
        Node node = new Yaml(new SafeConstructor(new LoaderOptions())).compose(new StringReader(yaml));
        Set<String> mistakes = new LinkedHashSet<>();
        schema.validate(tree(node)).forEach(mistake -> mistakes.add(mistake.getMessage()));
        return mistakes;
    }

    /** As an editor sees it: YAML 1.2, which knows no dates and no numbers to the base of 60. */
    private static JsonNode tree(Node node) {
        JsonNodeFactory make = JsonNodeFactory.instance;
        if (node instanceof MappingNode mapping) {
            ObjectNode object = make.objectNode();
            mapping.getValue()
                    .forEach(field ->
                            object.set(((ScalarNode) field.getKeyNode()).getValue(), tree(field.getValueNode())));
            return object;
        }
        if (node instanceof SequenceNode list) {
            ArrayNode array = make.arrayNode();
            list.getValue().forEach(entry -> array.add(tree(entry)));
            return array;
        }
        String text = ((ScalarNode) node).getValue();
        if (node.getTag().equals(Tag.NULL)) return make.nullNode();
        if (node.getTag().equals(Tag.BOOL) && text.matches("true|false")) return make.booleanNode(text.equals("true"));
        if (node.getTag().equals(Tag.INT) && text.matches("[-+]?[0-9]+")) return make.numberNode(Long.parseLong(text));
        return make.textNode(text);
    }
}
