package io.firefly.voip.camel.agent;

import io.firefly.voip.agent.ToolDescription;
import java.util.Map;
import org.apache.camel.Category;
import org.apache.camel.Consumer;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.spi.Metadata;
import org.apache.camel.spi.UriEndpoint;
import org.apache.camel.spi.UriParam;
import org.apache.camel.spi.UriPath;
import org.apache.camel.support.DefaultEndpoint;
import org.apache.camel.support.DefaultProducer;
import org.jspecify.annotations.Nullable;

/** Voice agents: connects one to the call, and lets it call a function that is a route. */
@UriEndpoint(
        firstVersion = "0.1.0",
        scheme = "agent",
        title = "Agent",
        syntax = "agent:name",
        category = {Category.AI},
        generateConfigurer = false)
@Metadata(excludeProperties = "bridgeErrorHandler,exceptionHandler,exchangePattern,lazyStartProducer")
@SuppressWarnings("UnusedVariable") // the options are there for Camel's catalog; the component reads what a route says
final class AgentEndpoint extends DefaultEndpoint {
    @UriPath(
            description =
                    "To connect a voice agent, its name in agents.yaml. From: tool/ and the name of a function that"
                            + " the model may call. deliver is where the agent's own socket brings its events")
    @Metadata(required = true)
    private @Nullable String name;

    @UriParam(label = "consumer", description = "Of a tool, and needed there: tells the model when to use it")
    private @Nullable String description;

    @UriParam(
            label = "consumer",
            javaType = "java.time.Duration",
            description = "Of a tool: after this long the model hears an error, 10ms to 120s; the setting"
                    + " firefly.tools.timeout when not given")
    private @Nullable String timeout;

    @UriParam(
            label = "consumer",
            defaultValue = "false",
            description = "Of a tool: a repeat in the same call is not run, it gets the answer of the first")
    private boolean once;

    @UriParam(
            label = "consumer",
            prefix = "parameter.",
            multiValue = true,
            description = "Of a tool: what the model has to say, by name; the value is string, number, integer or"
                    + " boolean, with ? when it may be left out")
    private @Nullable Map<String, Object> parameters;

    private final AgentComponent component;
    private final @Nullable ToolDescription tool;
    private final ToolConsumer.@Nullable Manner manner;
    private final @Nullable Processor step;

    private AgentEndpoint(
            String uri,
            AgentComponent component,
            @Nullable ToolDescription tool,
            ToolConsumer.@Nullable Manner manner,
            @Nullable Processor step) {
        super(uri, component);
        this.component = component;
        this.tool = tool;
        this.manner = manner;
        this.step = step;
    }

    static AgentEndpoint tool(String uri, AgentComponent component, ToolDescription tool, ToolConsumer.Manner manner) {
        return new AgentEndpoint(uri, component, tool, manner, null);
    }

    static AgentEndpoint to(String uri, AgentComponent component, Processor step) {
        return new AgentEndpoint(uri, component, null, null, step);
    }

    @Override
    public AgentComponent getComponent() {
        return component;
    }

    @Override
    public Producer createProducer() {
        Processor todo = step;
        if (todo == null) {
            throw new IllegalArgumentException(getEndpointUri() + " stands behind 'from': the model calls it");
        }
        return new DefaultProducer(this) {
            @Override
            public void process(org.apache.camel.Exchange exchange) throws Exception {
                todo.process(exchange);
            }
        };
    }

    @Override
    public Consumer createConsumer(Processor processor) throws Exception {
        if (tool == null || manner == null) {
            throw new IllegalArgumentException(
                    getEndpointUri() + " stands behind 'to'. A tool begins with agent:tool/<name>");
        }
        ToolConsumer consumer = new ToolConsumer(this, processor, tool, manner);
        configureConsumer(consumer);
        return consumer;
    }
}
