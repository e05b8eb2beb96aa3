package io.firefly.voip.camel.agent;

import io.firefly.voip.agent.ToolCall;
import io.firefly.voip.agent.ToolDescription;
import io.firefly.voip.camel.call.CallExchange;
import java.io.InputStream;
import java.time.Duration;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePattern;
import org.apache.camel.Processor;
import org.apache.camel.Suspendable;
import org.apache.camel.support.DefaultConsumer;
import org.jspecify.annotations.Nullable;

/** A route that is a tool: offered while it runs. */
final class ToolConsumer extends DefaultConsumer implements Suspendable {
    private final CamelToolDesk desk;
    private final ToolDescription description;
    private final @Nullable Duration timeout;

    ToolConsumer(AgentEndpoint endpoint, Processor processor, ToolDescription description, @Nullable Duration timeout) {
        super(endpoint, processor);
        this.desk = endpoint.getComponent().desk();
        this.description = description;
        this.timeout = timeout;
    }

    ToolDescription description() {
        return description;
    }

    Duration timeoutOr(Duration normal) {
        return timeout == null ? normal : timeout;
    }

    @Override
    protected void doStart() throws Exception {
        super.doStart();
        desk.offer(this);
    }

    @Override
    protected void doStop() throws Exception {
        desk.withdraw(this);
        super.doStop();
    }

    @Override
    protected void doSuspend() {
        desk.withdraw(this);
    }

    @Override
    protected void doResume() {
        desk.offer(this);
    }

    /**
     * Runs the route to its end. Tool thread.
     *
     * @return its body, or null when the route left the arguments as they were
     */
    @Nullable
    Object run(ToolCall call, Map<String, Object> arguments) throws Exception {
        Exchange exchange = createExchange(false);
        try {
            exchange.setPattern(ExchangePattern.InOut);
            exchange.setProperty(CallExchange.CALL_ID, call.callId());
            exchange.getMessage().setBody(arguments);
            getProcessor().process(exchange);
            if (exchange.getException() != null) throw exchange.getException();
            Object body = exchange.getMessage().getBody();
            if (body == arguments) return null;
            return body instanceof byte[] || body instanceof InputStream
                    ? exchange.getMessage().getBody(String.class)
                    : body;
        } finally {
            releaseExchange(exchange, false);
        }
    }
}
