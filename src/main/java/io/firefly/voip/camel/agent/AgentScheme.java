package io.firefly.voip.camel.agent;

import io.firefly.voip.agent.ToolDesk;
import io.firefly.voip.callcontrol.CallOrders;
import io.firefly.voip.tenant.AgentDirectory;
import java.time.Duration;
import java.util.function.Supplier;
import org.apache.camel.CamelContext;
import org.apache.camel.Component;

/**
 * The scheme {@code agent:} for one Camel context of its own: the same steps, options and tools as those that serve,
 * with orders that go to whoever is given. Nothing is dialled.
 */
public final class AgentScheme implements AutoCloseable {
    private static final ToolProperties FEW = new ToolProperties(1, 1, Duration.ofSeconds(5));
    private final CamelToolDesk desk = new CamelToolDesk(FEW);
    private final CamelUpstream upstream;
    private final AgentComponent component;

    public AgentScheme(Supplier<CamelContext> camel, CallOrders orders, Supplier<AgentDirectory> agents) {
        upstream = new CamelUpstream(camel);
        component = new AgentComponent(desk, upstream, () -> orders, agents);
    }

    /** Belongs to one Camel context. */
    public Component component() {
        return component;
    }

    /** The routes that begin with {@code agent:tool/<name>}. */
    public ToolDesk tools() {
        return desk;
    }

    @Override
    public void close() {
        upstream.close();
        desk.close();
    }
}
