package io.firefly.voip.camel.agent;

import io.firefly.voip.agent.ToolCall;
import io.firefly.voip.agent.ToolDescription;
import io.firefly.voip.call.CallId;
import io.firefly.voip.camel.call.CallExchange;
import java.io.InputStream;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePattern;
import org.apache.camel.Processor;
import org.apache.camel.Suspendable;
import org.apache.camel.support.DefaultConsumer;
import org.jspecify.annotations.Nullable;

/** A route that is a tool: offered while it runs. */
final class ToolConsumer extends DefaultConsumer implements Suspendable {
    private static final int MAX_REMEMBERED_CALLS = 10_000;

    private final CamelToolDesk desk;
    private final ToolDescription description;
    private final Manner manner;
    private final Map<CallId, CompletionStage<String>> answered = new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<CallId, CompletionStage<String>> eldest) {
            return size() > MAX_REMEMBERED_CALLS;
        }
    };

    /**
     * How a tool is run.
     *
     * @param timeout null for the normal one
     * @param once a repeat in the same call is not run: it gets the answer of the first
     */
    record Manner(@Nullable Duration timeout, boolean once) {}

    ToolConsumer(AgentEndpoint endpoint, Processor processor, ToolDescription description, Manner manner) {
        super(endpoint, processor);
        this.desk = endpoint.getComponent().desk();
        this.description = description;
        this.manner = manner;
    }

    ToolDescription description() {
        return description;
    }

    Duration timeoutOr(Duration normal) {
        return manner.timeout() == null ? normal : manner.timeout();
    }

    /** What the tool answers in this call; {@code run} is asked for it, unless the tool runs once and has. */
    @Nullable
    CompletionStage<String> answer(CallId call, Supplier<@Nullable CompletionStage<String>> run) {
        if (!manner.once()) return run.get();
        synchronized (answered) {
            CompletionStage<String> known = answered.get(call);
            if (known != null) return known;
            CompletionStage<String> first = run.get();
            if (first != null) answered.put(call, first);
            return first;
        }
    }

    /** The call may try again. */
    void forget(CallId call) {
        synchronized (answered) {
            answered.remove(call);
        }
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
