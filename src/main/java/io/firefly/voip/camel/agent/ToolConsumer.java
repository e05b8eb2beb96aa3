package io.firefly.voip.camel.agent;

import io.firefly.voip.agent.ToolCall;
import io.firefly.voip.agent.ToolDescription;
import io.firefly.voip.call.CallId;
import io.firefly.voip.camel.call.CallExchange;
import java.io.InputStream;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
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
    private final boolean once;
    private final Map<CallId, CompletionStage<String>> answered = new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<CallId, CompletionStage<String>> eldest) {
            return size() > MAX_REMEMBERED_CALLS;
        }
    };

    ToolConsumer(AgentEndpoint endpoint, Processor processor, ToolDescription description, boolean once) {
        super(endpoint, processor);
        this.desk = endpoint.getComponent().desk();
        this.description = description;
        this.once = once;
    }

    ToolDescription description() {
        return description;
    }

    Duration timeoutOr(Duration normal) {
        Duration own = description.terms().timeout();
        return own == null ? normal : own;
    }

    /** What the tool answers in this call; {@code run} is asked for it, unless the tool runs once and has. */
    @Nullable
    CompletionStage<String> answer(CallId call, Supplier<@Nullable CompletionStage<String>> run) {
        if (!once) return run.get();
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
     * Runs the route on the caller's thread, as far as no step goes on elsewhere.
     *
     * @return completes with its body, null when the route left the arguments as they were, or with what went wrong
     */
    CompletionStage<@Nullable Object> run(ToolCall call, Map<String, Object> arguments) {
        CompletableFuture<@Nullable Object> answer = new CompletableFuture<>();
        Exchange exchange = createExchange(false);
        exchange.setPattern(ExchangePattern.InOut);
        exchange.setProperty(CallExchange.CALL_ID, call.callId());
        exchange.getMessage().setBody(arguments);
        getAsyncProcessor().process(exchange, doneSync -> over(exchange, arguments, answer));
        return answer;
    }

    private void over(Exchange exchange, Map<String, Object> arguments, CompletableFuture<@Nullable Object> answer) {
        Exception failure = exchange.getException();
        Object body = failure == null ? bodyOf(exchange) : null;
        releaseExchange(exchange, false);
        if (failure != null) answer.completeExceptionally(failure);
        else answer.complete(body == arguments ? null : body);
    }

    private static @Nullable Object bodyOf(Exchange exchange) {
        Object body = exchange.getMessage().getBody();
        return body instanceof byte[] || body instanceof InputStream
                ? exchange.getMessage().getBody(String.class)
                : body;
    }
}
