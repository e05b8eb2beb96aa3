package io.firefly.voip.camel.agent;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.firefly.voip.agent.ToolCall;
import io.firefly.voip.agent.ToolDescription;
import io.firefly.voip.agent.ToolDesk;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs the routes that begin with {@code agent:tool/<name>}. Any thread; routes run on {@code tool-*} threads. */
final class CamelToolDesk implements ToolDesk, AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(CamelToolDesk.class);
    /** The model reads the answer into its memory, where every character costs. */
    private static final int MAX_ANSWER_CHARS = 32 * 1024;

    private final Map<String, ToolConsumer> tools = new ConcurrentSkipListMap<>();
    private final ObjectMapper json = new ObjectMapper().findAndRegisterModules();
    private final ToolArguments arguments = new ToolArguments(json);
    private final ToolProperties settings;
    private final ThreadPoolExecutor workers;
    private final Set<Runnable> watchers = ConcurrentHashMap.newKeySet();
    private final LongAdder runs = new LongAdder();
    private final LongAdder failures = new LongAdder();
    private final LongAdder refusals = new LongAdder();

    CamelToolDesk(ToolProperties settings) {
        this.settings = settings;
        AtomicInteger number = new AtomicInteger();
        this.workers = new ThreadPoolExecutor(
                settings.workers(),
                settings.workers(),
                10,
                TimeUnit.SECONDS,
                new ArrayBlockingQueue<>(settings.queue()),
                task -> {
                    Thread thread = new Thread(task, "tool-" + number.incrementAndGet());
                    thread.setDaemon(true);
                    return thread;
                });
        workers.allowCoreThreadTimeOut(true);
    }

    /** Offers the tool of a route that starts. */
    void offer(ToolConsumer tool) {
        ToolConsumer other = tools.putIfAbsent(tool.description().name(), tool);
        if (other != null && other != tool) {
            throw new IllegalStateException("tool '" + tool.description().name() + "' is offered by route '"
                    + other.getRouteId() + "' already; one tool is one route");
        }
        watchers.forEach(Runnable::run);
    }

    void withdraw(ToolConsumer tool) {
        if (tools.remove(tool.description().name(), tool)) watchers.forEach(Runnable::run);
    }

    @Override
    public Watch watch(Runnable changed) {
        watchers.add(changed);
        return () -> watchers.remove(changed);
    }

    @Override
    public List<ToolDescription> offered() {
        return tools.values().stream().map(ToolConsumer::description).toList();
    }

    @Override
    public @Nullable String mistakeIn(ToolCall call, ToolDescription tool) {
        String mistake = arguments.read(tool, call.argumentsJson()).error();
        if (mistake != null) refusals.increment();
        return mistake == null ? null : error(mistake);
    }

    @Override
    public CompletionStage<String> run(ToolCall call) {
        runs.increment();
        ToolConsumer tool = tools.get(call.name());
        if (tool == null) return refused("there is no tool '" + call.name() + "'");
        ToolArguments.Read read = arguments.read(tool.description(), call.argumentsJson());
        if (read.error() != null) return refused(read.error());
        CompletionStage<String> answer = tool.answer(call.callId(), () -> start(tool, call, read));
        return answer != null ? answer : refused("too many tools are running, try again in a moment");
    }

    /** Null when there is no worker for it. */
    private @Nullable CompletionStage<String> start(ToolConsumer tool, ToolCall call, ToolArguments.Read read) {
        CompletableFuture<String> answer = new CompletableFuture<>();
        AtomicBoolean finished = new AtomicBoolean();
        Future<?> task;
        try {
            task = workers.submit(() -> {
                var unused = runOn(tool, call, read.values()).whenComplete((body, failure) -> {
                    String text = failure == null ? data(body) : failed(tool, call, failure);
                    finished.set(true);
                    answer.complete(text);
                });
            });
        } catch (RejectedExecutionException e) {
            return null;
        }
        Duration timeout = tool.timeoutOr(settings.timeout());
        return answer.completeOnTimeout(tooLate(call.name(), timeout), timeout.toMillis(), TimeUnit.MILLISECONDS)
                .whenComplete((text, failure) -> {
                    // A route that hangs must not keep its worker: what it waits for is interrupted.
                    if (finished.get()) return;
                    task.cancel(true);
                    tool.forget(call.callId());
                });
    }

    private static CompletionStage<@Nullable Object> runOn(
            ToolConsumer tool, ToolCall call, Map<String, Object> values) {
        try {
            return tool.run(call, values);
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private String tooLate(String name, Duration timeout) {
        return error("timeout: tool '" + name + "' did not answer within " + timeout.toMillis() + " ms");
    }

    private CompletionStage<String> refused(String sentence) {
        refusals.increment();
        return CompletableFuture.completedFuture(error(sentence));
    }

    private String failed(ToolConsumer tool, ToolCall call, Throwable failure) {
        failures.increment();
        tool.forget(call.callId());
        // The caller may hear what the model is told: what went wrong inside is for the log only.
        log.warn("tool failed tool={} call={}", call.name(), call.callId(), failure);
        return error("tool '" + call.name() + "' failed");
    }

    /** Data for the model, never a text that could pass for words of ours: JSON as it is, anything else as a value in it. */
    private String data(@Nullable Object body) {
        try {
            String text = text(body);
            return text.length() <= MAX_ANSWER_CHARS
                    ? text
                    : error("the answer has " + text.length() + " characters; " + MAX_ANSWER_CHARS + " is the limit");
        } catch (JsonProcessingException | RuntimeException e) {
            failures.increment();
            log.warn("a tool's answer cannot be written as JSON", e);
            return error("the tool's answer could not be read");
        }
    }

    private String text(@Nullable Object body) throws JsonProcessingException {
        if (body == null) return "{\"ok\":true}";
        if (body instanceof String text && isData(text)) return text;
        JsonNode value = json.valueToTree(body);
        return value.isContainerNode()
                ? json.writeValueAsString(value)
                : json.createObjectNode().set("result", value).toString();
    }

    private boolean isData(String text) {
        String bare = text.strip();
        if (!bare.startsWith("{") && !bare.startsWith("[")) return false;
        try {
            return json.reader()
                    .with(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    .readTree(bare)
                    .isContainerNode();
        } catch (JsonProcessingException e) {
            return false;
        }
    }

    private String error(String sentence) {
        return json.createObjectNode().put("error", sentence).toString();
    }

    /** Tool calls so far, those that failed, and those that never began. */
    record Statistics(long runs, long failures, long refusals) {}

    Statistics statistics() {
        return new Statistics(runs.sum(), failures.sum(), refusals.sum());
    }

    @Override
    public void close() {
        workers.shutdownNow();
    }
}
