package io.firefly.voip.camel.agent;

import io.firefly.voip.agent.AgentBrief.AgentProfile;
import io.firefly.voip.callcontrol.CallOrders;
import io.firefly.voip.camel.call.CallExchange;
import io.firefly.voip.tenant.AgentDirectory;
import java.util.Locale;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;

/** {@code to agent:<name>}: orders the named agent for the call and is done. */
final class ConnectAgentProcessor implements Processor {
    private final String name;
    private final Supplier<CallOrders> orders;
    private final Supplier<AgentDirectory> agents;

    ConnectAgentProcessor(String name, Supplier<CallOrders> orders, Supplier<AgentDirectory> agents) {
        this.name = name;
        this.orders = orders;
        this.agents = agents;
    }

    @Override
    public void process(Exchange exchange) {
        AgentDirectory directory = agents.get();
        AgentProfile profile = directory
                .byName(name)
                .orElseThrow(() -> new IllegalArgumentException("there is no agent '" + name + "'" + hint(directory)));
        orders.get().connectAgent(CallExchange.callOf(exchange), profile);
    }

    /** The directory answers only for names: the usual slips are tried out. */
    private String hint(AgentDirectory directory) {
        String lower = name.toLowerCase(Locale.ROOT);
        return Stream.of(
                        lower,
                        lower.replace('_', '-'),
                        lower.replace('-', '_'),
                        lower.replaceAll("[ _-]", ""),
                        lower.replace(' ', '-'),
                        lower.endsWith("s") ? lower.substring(0, lower.length() - 1) : lower + "s")
                .filter(guess -> directory.byName(guess).isPresent())
                .findFirst()
                .map(guess -> "; did you mean '" + guess + "'?")
                .orElse("; agents are defined in routes/agents.yaml");
    }
}
