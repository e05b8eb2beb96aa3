package io.firefly.voip.camel.agent;

import io.firefly.voip.callcontrol.CallOrders;
import io.firefly.voip.tenant.AgentDirectory;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.camel.Endpoint;
import org.apache.camel.spi.annotations.Component;
import org.apache.camel.support.DefaultComponent;
import org.jspecify.annotations.Nullable;

/** The scheme {@code agent:}. Holds nothing itself, so a dry run of a route file may have one of its own. */
@Component("agent")
final class AgentComponent extends DefaultComponent {
    private static final String TOOL = "tool/";
    private static final String DELIVER = "deliver";

    private final CamelToolDesk desk;
    private final CamelUpstream upstream;
    private final Supplier<CallOrders> orders;
    private final Supplier<AgentDirectory> agents;

    /** Orders and agents are asked for when a call needs them: they themselves need what is here. */
    AgentComponent(
            CamelToolDesk desk, CamelUpstream upstream, Supplier<CallOrders> orders, Supplier<AgentDirectory> agents) {
        this.desk = desk;
        this.upstream = upstream;
        this.orders = orders;
        this.agents = agents;
    }

    @Override
    protected Endpoint createEndpoint(String uri, String remaining, Map<String, Object> parameters) {
        if (remaining.startsWith(TOOL)) return tool(uri, remaining.substring(TOOL.length()), parameters);
        if (remaining.equals(DELIVER)) return AgentEndpoint.to(uri, this, new DeliverProcessor(upstream));
        if (remaining.isBlank() || remaining.contains("/")) {
            throw new IllegalArgumentException(
                    uri + ": after agent: comes the name of an agent, as in agent:reception");
        }
        return AgentEndpoint.to(uri, this, new ConnectAgentProcessor(remaining.trim(), orders, agents));
    }

    private Endpoint tool(String uri, String name, Map<String, Object> parameters) {
        ToolOptions options = new ToolOptions(uri, new ToolOptions.Given() {
            @Override
            public <T> @Nullable T take(String option, Class<T> type) {
                return getAndRemoveParameter(parameters, option, type);
            }
        });
        boolean once = options.once();
        return AgentEndpoint.tool(uri, this, options.description(name, parameters), once);
    }

    CamelToolDesk desk() {
        return desk;
    }
}
