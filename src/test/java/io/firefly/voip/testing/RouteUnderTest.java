package io.firefly.voip.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.camel.Component;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.StartupSummaryLevel;
import org.apache.camel.component.direct.DirectComponent;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.apache.camel.support.PluginHelper;

/**
 * Route files as shipped, without Spring, SIP or calls: our schemes write down what they were asked, in order.
 *
 * <pre>{@code
 * route = new RouteUnderTest("inbound", "callflow-echo").with("tenants", oneTenant);
 * route.send("call:incoming", callTo("echo"));
 * route.expectSteps("call:admit", "call:flow", "call:answer", "call:echo");
 * }</pre>
 */
public final class RouteUnderTest implements AutoCloseable {
    private static final List<String> SCHEMES = List.of("call", "agent", "sip", "registrar", "websocket");
    private final DefaultCamelContext camel = new DefaultCamelContext();
    private final StandIns.Recorded recorded = new StandIns.Recorded();
    private final List<String> files;

    /** @param files names without {@code .camel.yaml}; the policies come along */
    public RouteUnderTest(String... files) {
        this.files = List.of(files);
        camel.setStartupSummaryLevel(StartupSummaryLevel.Off);
        camel.disableJMX();
        // As in the application: a flow nobody wrote is noticed before the caller wonders.
        camel.getComponent("direct", DirectComponent.class).setTimeout(100);
        for (String scheme : SCHEMES) camel.addComponent(scheme, new StandIns(recorded));
    }

    /** One of our schemes for a test that does not look at it. */
    public static Component standIn() {
        return new StandIns(new StandIns.Recorded());
    }

    public RouteUnderTest with(String beanName, Object bean) {
        camel.getRegistry().bind(beanName, bean);
        return this;
    }

    public RouteUnderTest withSetting(String key, String value) {
        camel.getPropertiesComponent().addInitialProperty(key, value);
        return this;
    }

    /** What a step does beyond being written down; {@code step} as {@link #expectSteps} would say it. */
    public RouteUnderTest when(String step, Processor behaviour) {
        recorded.behaviour().put(step, behaviour);
        return this;
    }

    public RouteUnderTest failing(String step) {
        return when(step, exchange -> {
            throw new IllegalStateException(step + " fails, says the test");
        });
    }

    /** Sends a body into the route that listens at {@code from}, with its variables, and runs it to its end. */
    public Exchange send(String from, Object body, Map<String, Object> variables) throws Exception {
        start();
        Exchange exchange = new DefaultExchange(camel);
        exchange.getMessage().setBody(body);
        variables.forEach(exchange::setVariable);
        if (from.startsWith("direct:")) {
            try (var template = camel.createProducerTemplate()) {
                return template.send(from, exchange);
            }
        }
        Processor route = recorded.entries().get(from);
        assertThat(route)
                .as(
                        "a route that listens to %s; there are %s",
                        from, recorded.entries().keySet())
                .isNotNull();
        Objects.requireNonNull(route).process(exchange);
        return exchange;
    }

    public Exchange send(String from, Object body) throws Exception {
        return send(from, body, Map.of());
    }

    /** Exactly these steps were asked for, in this order. */
    public void expectSteps(String... steps) {
        assertThat(recorded.steps()).containsExactlyElementsOf(Arrays.asList(steps));
    }

    private void start() throws Exception {
        if (camel.isStarted()) return;
        camel.start();
        load("policy");
        for (String file : files) load(file);
    }

    private void load(String file) throws Exception {
        String location = "file:" + Path.of("routes", file + ".camel.yaml").toAbsolutePath();
        var resource = PluginHelper.getResourceLoader(camel).resolveResource(location);
        PluginHelper.getRoutesLoader(camel).loadRoutes(resource);
    }

    @Override
    public void close() {
        camel.stop();
    }
}
