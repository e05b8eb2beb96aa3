package io.firefly.voip.camel.agent;

import io.firefly.voip.agent.ToolDescription;
import org.apache.camel.Consumer;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.support.DefaultEndpoint;
import org.apache.camel.support.DefaultProducer;
import org.jspecify.annotations.Nullable;

/** One address of the scheme {@code agent:}: a tool, or something to be done. */
final class AgentEndpoint extends DefaultEndpoint {
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
