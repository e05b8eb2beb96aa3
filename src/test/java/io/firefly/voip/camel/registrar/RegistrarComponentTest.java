package io.firefly.voip.camel.registrar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.firefly.voip.call.Party;
import io.firefly.voip.call.Source;
import io.firefly.voip.registrar.Binding;
import io.firefly.voip.registrar.LocationService;
import io.firefly.voip.registrar.Subscribers;
import io.firefly.voip.sip.SipRequest;
import io.firefly.voip.sip.digest.ClientDigest;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.component.mock.MockEndpoint;
import org.apache.camel.spi.Resource;
import org.apache.camel.spring.boot.CamelAutoConfiguration;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.autoconfigure.flyway.FlywayAutoConfiguration;
import org.springframework.boot.autoconfigure.jdbc.DataSourceAutoConfiguration;
import org.springframework.boot.autoconfigure.jdbc.JdbcTemplateAutoConfiguration;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.context.annotation.ComponentScan;
import org.springframework.context.annotation.Configuration;
import org.springframework.test.annotation.DirtiesContext;

/** The steps as routes use them, wired by Spring as in production. */
@SpringBootTest(
        classes = RegistrarComponentTest.Wiring.class,
        webEnvironment = SpringBootTest.WebEnvironment.NONE,
        properties = {
            "spring.datasource.url=jdbc:h2:mem:registrar-component;DB_CLOSE_DELAY=-1",
            "firefly.registrar.realm=test",
            "camel.springboot.routes-include-pattern=false",
        })
@DirtiesContext
class RegistrarComponentTest {
    private static final String ROUTES = """
            - route:
                id: register
                from:
                  uri: direct:register
                  steps:
                    - to: { uri: "registrar:challenge" }
                    - to: { uri: "registrar:save" }
                    - to: { uri: "mock:saved" }
            - route:
                id: find
                from:
                  uri: direct:find
                  steps:
                    - to:
                        uri: registrar:lookup
                        parameters:
                          user: ${header.wanted}
            """;

    /** This part of the exchange alone: no SIP port is opened. */
    @Configuration(proxyBeanMethods = false)
    @ComponentScan({"io.firefly.voip.registrar", "io.firefly.voip.camel.registrar"})
    @ImportAutoConfiguration({
        DataSourceAutoConfiguration.class,
        JdbcTemplateAutoConfiguration.class,
        FlywayAutoConfiguration.class,
        CamelAutoConfiguration.class
    })
    static class Wiring {}

    private final CamelContext camel;
    private final ProducerTemplate template;
    private final LocationService locations;
    private long cseq = System.nanoTime();

    @Autowired
    RegistrarComponentTest(CamelContext camel, LocationService locations, Subscribers subscribers) {
        this.camel = camel;
        this.template = camel.createProducerTemplate();
        this.locations = locations;
        subscribers.save("bob", "secret");
    }

    @BeforeEach
    void load() throws Exception {
        Resource yaml = ResourceHelper.fromString("test.camel.yaml", ROUTES);
        if (camel.getRoute("register") == null)
            PluginHelper.getRoutesLoader(camel).loadRoutes(yaml);
        MockEndpoint.resetMocks(camel);
    }

    @Test
    void aStrangerHears401AndTheRouteStops() throws Exception {
        MockEndpoint saved = camel.getEndpoint("mock:saved", MockEndpoint.class);
        saved.expectedMessageCount(0);

        Exchange exchange = register(Map.of("contact", List.of("<sip:bob@10.0.0.1>")));

        assertThat(exchange.getMessage().getHeader("SipStatus")).isEqualTo(401);
        assertThat(exchange.getMessage().getHeader("SipHeader.WWW-Authenticate"))
                .asInstanceOf(InstanceOfAssertFactories.LIST)
                .hasSize(1);
        saved.assertIsSatisfied();
    }

    @Test
    void aSubscriberIsBoundAndFound() throws Exception {
        MockEndpoint saved = camel.getEndpoint("mock:saved", MockEndpoint.class);
        saved.expectedMessageCount(1);

        Exchange exchange = register(Map.of(
                "authorization", List.of(answer("secret")),
                "contact", List.of("<sip:bob@10.0.0.1>"),
                "expires", List.of("120")));

        assertThat(exchange.getException()).isNull();
        assertThat(exchange.getMessage().getHeader("SipStatus")).isEqualTo(200);
        assertThat(exchange.getMessage().getHeader("SipHeader.Contact"))
                .isEqualTo(List.of("<sip:bob@10.0.0.1>;expires=120"));
        saved.assertIsSatisfied();
        assertThat(saved.getExchanges()
                        .get(0)
                        .getMessage()
                        .getBody(SipRequest.class)
                        .source()
                        .subscriber())
                .isEqualTo("bob");
        Exchange found = template.request("direct:find", e -> e.getMessage().setHeader("wanted", "bob"));
        assertThat(found.getMessage().getBody()).isEqualTo(locations.lookup("bob"));
        assertThat(found.getMessage().getHeader("RegistrarBindings")).isEqualTo(1);
        assertThat(locations.lookup("bob")).extracting(Binding::getPort).containsExactly(40000);
    }

    @Test
    void nobodyRegisteredIsAnEmptyList() {
        Exchange found = template.request("direct:find", e -> e.getMessage().setHeader("wanted", "alice"));

        assertThat(found.getMessage().getBody()).isEqualTo(List.of());
    }

    @Test
    void aRefusalOfTheRegistrarIsTheAnswer() {
        Exchange exchange = register(Map.of(
                "authorization", List.of(answer("secret")),
                "contact", List.of("<sip:bob@10.0.0.1>"),
                "require", List.of("path, outbound")));

        assertThat(exchange.getMessage().getHeader("SipStatus")).isEqualTo(420);
        assertThat(exchange.getMessage().getHeader("SipReason")).isEqualTo("Bad Extension");
        assertThat(exchange.getMessage().getHeader("SipHeader.Unsupported")).isEqualTo(List.of("path", "outbound"));
    }

    @Test
    void aBodyThatIsNoRequestIsAMistakeOfTheRoute() {
        Exchange exchange =
                template.request("direct:register", e -> e.getMessage().setBody("hello"));

        assertThat(exchange.getException())
                .hasMessage("registrar:challenge needs the SIP request as body, not String;"
                        + " it belongs into a route that begins with sip:");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\u0001',
            value = {
                "registrar:chalenge | no step 'registrar:chalenge'; did you mean 'challenge'? Known: registrar:challenge, registrar:save, registrar:lookup",
                "registrar:forget | no step 'registrar:forget'. Known: registrar:challenge, registrar:save, registrar:lookup",
                "registrar:lookup?usr=bob | registrar:lookup has no option 'usr'; did you mean 'user'? Allowed here: user",
                "registrar:save?user=bob | registrar:save has no option 'user'. Allowed here: none",
            })
    void aWrongStepOrOptionIsNamedWithWhatIsMeant(String uri, String sentence) {
        assertThatThrownBy(() -> camel.getEndpoint(uri)).rootCause().hasMessage(sentence);
    }

    private Exchange register(Map<String, List<String>> headers) {
        Party bob = new Party("bob", "test", "sip:bob@test", null);
        Source source = new Source("udp", new InetSocketAddress("203.0.113.9", 40000), null, false);
        SipRequest request = new SipRequest(
                "REGISTER", "sip:test", bob, bob, bob, "call-1", ++cseq, "d1", headers, null, "", source, null);
        return template.request("direct:register", e -> e.getMessage().setBody(request));
    }

    private String answer(String password) {
        List<?> challenges = register(Map.of()).getMessage().getHeader("SipHeader.WWW-Authenticate", List.class);
        return ClientDigest.authorization(String.valueOf(challenges.get(0)), "REGISTER", "sip:test", "bob", password);
    }
}
