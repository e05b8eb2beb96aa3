package io.firefly.voip.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import io.firefly.voip.call.HangupCause;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Properties;
import java.util.stream.Stream;
import org.apache.camel.catalog.DefaultCamelCatalog;
import org.apache.camel.catalog.EndpointValidationResult;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.tooling.model.ComponentModel;
import org.apache.camel.tooling.model.JsonMapper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What editors and Hawtio learn of our schemes from the jar. */
class CatalogTest {
    private static final List<String> SCHEMES =
            List.of("agent", "audio", "call", "freeswitch", "pipeline", "presence", "registrar", "sip", "websocket");
    private final DefaultCamelCatalog catalog = new DefaultCamelCatalog();

    CatalogTest() {
        for (String scheme : SCHEMES) {
            catalog.addComponent(scheme, component(scheme).getJavaType(), json(scheme));
        }
    }

    private static String json(String scheme) {
        String station = scheme.equals("audio") ? "freeswitch/audio" : scheme;
        return read("META-INF/io/firefly/voip/camel/" + station + "/" + scheme + ".json");
    }

    private static String read(String resource) {
        try (InputStream stream = CatalogTest.class.getClassLoader().getResourceAsStream(resource)) {
            assertThat(stream).as(resource).isNotNull();
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static ComponentModel component(String scheme) {
        return JsonMapper.generateComponentModel(json(scheme));
    }

    private EndpointValidationResult validate(String uri) {
        return catalog.validateEndpointProperties(uri);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "call:ring?delay=3s",
                "call:ring",
                "call:incoming",
                "call:play?file=audio/welcome.wav&tempo=1.2",
                "call:end?cause=busy",
                "call:end?after=goodbye",
                "agent:reception",
                "agent:tool/hang_up?description=ends the call&once=true&parameter.reason=string?",
                "audio:deliver",
                "freeswitch:calls",
                "freeswitch:events?names=HEARTBEAT,CHANNEL_ANSWER&node=a",
                "freeswitch:api?command=status&arguments=x",
                "freeswitch:execute?application=playback&arguments=/a.wav",
                "presence:publish",
                "presence:subscribe",
                "sip:agent@host?method=SUBSCRIBE&event=presence&expires=600",
                "registrar:challenge",
                "registrar:lookup?user=linphone",
                "sip:edge?methods=INVITE,OPTIONS",
                "sip:100@host:5060?method=OPTIONS",
                "websocket:server/audio?path=/audio/{ticket}&port=8085",
                "websocket:client/agent",
                "websocket:send"
            })
    void whatARouteMaySayIsKnown(String uri) {
        EndpointValidationResult result = validate(uri);
        assertThat(result.isSuccess()).as(result.summaryErrorMessage(true)).isTrue();
    }

    @Test
    void aMisspeltOptionIsReportedWithWhatWasMeant() {
        EndpointValidationResult result = validate("call:ring?dely=3s");
        assertThat(result.isSuccess()).isFalse();
        assertThat(result.getUnknown()).containsExactly("dely");
    }

    @ParameterizedTest
    @CsvSource({
        "call:ringg, verb",
        "call:end?cause=busyy, cause",
        "call:answer?record=perhaps, record",
        "registrar:lookupp, step",
        "presence:publishh, step",
        "freeswitch:cals, verb",
        "websocket:servr/x, role",
        "websocket:server/x?port=many, port"
    })
    void aWrongValueIsReported(String uri, String option) {
        EndpointValidationResult result = validate(uri);
        assertThat(result.isSuccess()).isFalse();
        assertThat(result.summaryErrorMessage(true)).contains(option);
    }

    @Test
    void everyOptionIsDescribedAndNoneIsOfferedThatWouldBeRefused() {
        for (String scheme : SCHEMES) {
            assertThat(component(scheme).getEndpointOptions()).allSatisfy(option -> assertThat(option.getDescription())
                    .as(scheme + " " + option.getName())
                    .isNotBlank());
        }
        assertThat(names("call"))
                .containsExactlyInAnyOrder(
                        "verb", "delay", "record", "file", "tempo", "digits", "target", "cause", "after");
        assertThat(names("registrar")).containsExactlyInAnyOrder("step", "user");
    }

    private static Stream<String> names(String scheme) {
        return component(scheme).getEndpointOptions().stream().map(ComponentModel.EndpointOptionModel::getName);
    }

    @Test
    void theCausesAreThoseOfTheCode() {
        List<String> told = component("call").getEndpointOptions().stream()
                .filter(option -> option.getName().equals("cause"))
                .flatMap(option -> option.getEnums().stream())
                .toList();
        assertThat(told)
                .containsExactlyElementsOf(Arrays.stream(HangupCause.values())
                        .map(HangupCause::label)
                        .toList());
    }

    @Test
    void theJarSaysWhatItBringsAndARunningCamelFindsIt() throws IOException {
        Properties listed = new Properties();
        listed.load(new StringReader(read("META-INF/services/org/apache/camel/component.properties")));
        assertThat(listed.getProperty("components").split(" ")).containsExactlyElementsOf(SCHEMES);
        try (DefaultCamelContext camel = new DefaultCamelContext()) {
            for (String scheme : SCHEMES) {
                assertThat(camel.getComponentParameterJsonSchema(scheme)).contains("\"scheme\": \"" + scheme + "\"");
            }
        }
    }

    /** The shipped routes say nothing that the catalog does not know. */
    @Test
    void theShippedRoutesAreValid() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("routes"))) {
            List<String> uris = files.filter(file -> file.toString().endsWith(".camel.yaml"))
                    .flatMap(CatalogTest::lines)
                    .map(String::strip)
                    .filter(line -> line.matches("uri: \"?(" + String.join("|", SCHEMES) + "):.*"))
                    .map(line -> line.substring(5).replace("\"", "").strip())
                    .filter(uri -> !uri.contains("${"))
                    .toList();
            assertThat(uris).hasSizeGreaterThan(15);
            assertThat(uris).allSatisfy(uri -> {
                EndpointValidationResult result = validate(uri);
                assertThat(result.isSuccess())
                        .as(result.summaryErrorMessage(true))
                        .isTrue();
            });
        }
    }

    private static Stream<String> lines(Path file) {
        try {
            return Files.readAllLines(file).stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
