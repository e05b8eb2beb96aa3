package io.firefly.voip.agent;

import io.firefly.voip.agent.AgentStage.Leaving;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

/** The stage of one session and a clock that the test turns; what reaches the stage is kept. */
public abstract class Bench {
    private record Timer(long dueNanos, long order, Runnable task) {}

    public final List<Utterance> said = new ArrayList<>();
    public final List<AgentFailure> failures = new ArrayList<>();
    public final List<AgentUsage> usages = new ArrayList<>();
    public final List<ToolCall> toolCalls = new ArrayList<>();
    public final List<CompletableFuture<String>> toolAnswers = new ArrayList<>();
    /** Why the agent said goodbye of its own accord. */
    public final List<Leaving> leavings = new ArrayList<>();

    public int ready;
    public int pleaseWaits;
    /** Sessions that hold nothing any more. */
    public int left;

    public boolean callerIsAway;

    private final PriorityQueue<Timer> timers =
            new PriorityQueue<>(Comparator.comparingLong(Timer::dueNanos).thenComparingLong(Timer::order));
    private long now = 1;
    private long order;

    /** All that was used. */
    public final AgentUsage usage() {
        return usages.stream().reduce(AgentUsage.NONE, AgentUsage::plus);
    }

    /** Runs what is to be run now. */
    protected abstract void drain();

    public final void after(Duration delay, Runnable task) {
        timers.add(new Timer(now + delay.toNanos(), order++, task));
    }

    public final long nanoTime() {
        return now;
    }

    /** Timers run when they are due, each with what follows from it. */
    public final void advance(Duration time) {
        long end = now + time.toNanos();
        while (!timers.isEmpty() && timers.peek().dueNanos() <= end) {
            Timer timer = timers.remove();
            now = Math.max(now, timer.dueNanos());
            timer.task().run();
            drain();
        }
        now = end;
    }

    /** @param settings key, value, key, value below the prefix */
    protected static <T> T bound(String prefix, Class<T> type, String... settings) {
        MapConfigurationPropertySource source = new MapConfigurationPropertySource(Map.of());
        for (int i = 0; i < settings.length; i += 2) source.put(prefix + "." + settings[i], settings[i + 1]);
        return new Binder(source).bindOrCreate(prefix, type);
    }

    /** Where the agent speaks into that mouth. */
    protected final AgentStage stage(AgentMouth mouth) {
        return new Stage(mouth);
    }

    private final class Stage implements AgentStage {
        private final AgentMouth mouth;

        Stage(AgentMouth mouth) {
            this.mouth = mouth;
        }

        @Override
        public void ready() {
            ready++;
        }

        @Override
        public AgentMouth mouth() {
            return mouth;
        }

        @Override
        public void said(Utterance utterance) {
            said.add(utterance);
        }

        @Override
        public CompletionStage<String> call(ToolCall tool) {
            toolCalls.add(tool);
            CompletableFuture<String> answer = new CompletableFuture<>();
            toolAnswers.add(answer);
            return answer;
        }

        @Override
        public void failed(AgentFailure failure) {
            failures.add(failure);
        }

        @Override
        public void pleaseWait() {
            pleaseWaits++;
        }

        @Override
        public boolean isCallerAway() {
            return callerIsAway;
        }

        @Override
        public void leaves(Leaving why) {
            leavings.add(why);
        }

        @Override
        public void used(AgentUsage usage) {
            usages.add(usage);
        }
    }
}
