package io.firefly.voip.camel.agent;

import io.firefly.voip.agent.ToolDescription;
import io.firefly.voip.callcontrol.CallOrders;
import io.firefly.voip.tenant.AgentDirectory;
import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.apache.camel.Endpoint;
import org.apache.camel.spi.annotations.Component;
import org.apache.camel.support.DefaultComponent;
import org.apache.camel.util.PropertiesHelper;

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
        String text = getAndRemoveParameter(parameters, "description", String.class, "")
                .trim();
        if (text.isEmpty()) {
            throw new IllegalArgumentException(
                    uri + ": option description is missing; it tells the model when to use the tool");
        }
        Duration timeout = getAndRemoveParameter(parameters, "timeout", Duration.class);
        if (timeout != null && (timeout.toMillis() < 10 || timeout.toMillis() > 120_000)) {
            throw new IllegalArgumentException(uri + ": timeout must be 10ms to 120s, not " + timeout);
        }
        boolean once = getAndRemoveParameter(parameters, "once", Boolean.class, false);
        Map<String, String> types = new LinkedHashMap<>();
        Set<String> optional = new HashSet<>();
        PropertiesHelper.extractProperties(parameters, "parameter.").forEach((parameter, type) -> {
            String word = String.valueOf(type);
            if (word.endsWith("?")) optional.add(parameter);
            types.put(parameter, type(uri, parameter, word.replaceFirst("\\?$", "")));
        });
        return AgentEndpoint.tool(
                uri,
                this,
                description(uri, () -> new ToolDescription(name, text, types, optional)),
                new ToolConsumer.Manner(timeout, once));
    }

    private static ToolDescription description(String uri, Supplier<ToolDescription> written) {
        try {
            return written.get();
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    uri + ": a tool's name has 1 to 64 letters, digits, _ or -, as in agent:tool/hang_up", e);
        }
    }

    private static String type(String uri, String parameter, String word) {
        if (!ToolArguments.TYPES.contains(word)) {
            throw new IllegalArgumentException(uri + ": parameter." + parameter + " must be one of "
                    + ToolArguments.TYPES + ", with ? when it may be left out, not '" + word + "'");
        }
        return word;
    }

    CamelToolDesk desk() {
        return desk;
    }
}
