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
            description = "Of a tool: what the model has to say, by name. The value is string, number, integer, boolean"
                    + " or target (a name in directory.yaml), with ? when it may be left out; then what it is limited"
                    + " to: 1..10, small|large or /[0-9]+/; then ' - ' and words for the model")
    private @Nullable Map<String, Object> parameters;

    @UriParam(
            label = "consumer",
            defaultValue = "0",
            description = "Of a tool: how often it runs in one call; 0: as often as firefly.tool-policy.runs-per-call"
                    + " says")
    private int limit;

    @UriParam(
            label = "consumer",
            defaultValue = "0",
            description = "Of a tool: how often it runs for one tenant in a day; 0: as often as directory.yaml says")
    private int limitPerDay;

    @UriParam(
            label = "consumer",
            defaultValue = "0",
            description = "Of a tool: what one run costs, in the unit of tool-spend-per-day in directory.yaml")
    private int cost;

    @UriParam(
            label = "consumer",
            enums = "dtmf",
            description = "Of a tool: the caller is asked first and has to press 1")
    private @Nullable String confirm;

    @UriParam(
            label = "consumer",
            description = "Of a tool: a phrase that the agent says when the tool takes long; what agents.yaml says when"
                    + " not given")
    private @Nullable String filler;

    @UriParam(
            label = "consumer",
            javaType = "java.time.Duration",
            description = "Of a tool: after this long the caller hears the filler, or a quiet sound; the setting"
                    + " firefly.tool-policy.filler-after when not given")
    private @Nullable String fillerAfter;

    private final AgentComponent component;
    private final @Nullable ToolDescription tool;
    private final boolean runsOnce;
    private final @Nullable Processor step;

    private AgentEndpoint(
            String uri,
            AgentComponent component,
            @Nullable ToolDescription tool,
            boolean runsOnce,
            @Nullable Processor step) {
        super(uri, component);
        this.component = component;
        this.tool = tool;
        this.runsOnce = runsOnce;
        this.step = step;
    }

    /** @param runsOnce a repeat in the same call is not run: it gets the answer of the first */
    static AgentEndpoint tool(String uri, AgentComponent component, ToolDescription tool, boolean runsOnce) {
        return new AgentEndpoint(uri, component, tool, runsOnce, null);
    }

    static AgentEndpoint to(String uri, AgentComponent component, Processor step) {
        return new AgentEndpoint(uri, component, null, false, step);
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
        if (tool == null) {
            throw new IllegalArgumentException(
                    getEndpointUri() + " stands behind 'to'. A tool begins with agent:tool/<name>");
        }
        ToolConsumer consumer = new ToolConsumer(this, processor, tool, runsOnce);
        configureConsumer(consumer);
        return consumer;
    }
}
