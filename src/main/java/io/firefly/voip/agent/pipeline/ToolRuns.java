package io.firefly.voip.agent.pipeline;

import io.firefly.voip.agent.ToolCall;
import io.firefly.voip.agent.ToolDescription;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/** The tools of a call: each run is answered once and in time, by an error if need be. Agent's thread. */
final class ToolRuns {
    private static final String FAILED = "{\"error\":\"the tool failed\"}";
    private static final String TIMEOUT = "{\"error\":\"timeout: the tool did not answer in time\"}";

    /** The desk is the first to give up: it knows why. */
    private static final Duration ALLOWANCE = Duration.ofSeconds(2);
    /** To finish a sentence, to be asked, and to press a key. */
    private static final Duration CONSENT = Duration.ofSeconds(60);

    private final PipelineSession.Setting setting;
    private final Stages stages;
    private List<ToolDescription> offered;

    ToolRuns(PipelineSession.Setting setting, Stages stages) {
        this.setting = setting;
        this.stages = stages;
        this.offered = setting.brief().tools();
    }

    List<ToolDescription> offered() {
        return offered;
    }

    void offer(List<ToolDescription> others) {
        offered = List.copyOf(others);
    }

    void run(ToolCall call, Consumer<String> answer) {
        AtomicBoolean first = new AtomicBoolean();
        setting.stage()
                .call(call)
                .whenComplete((output, failure) -> stages.post(() -> {
                    if (first.compareAndSet(false, true)) answer.accept(output == null ? FAILED : output);
                }));
        stages.after(patienceWith(call.name()), () -> {
            if (first.compareAndSet(false, true)) answer.accept(TIMEOUT);
        });
    }

    private Duration patienceWith(String name) {
        Duration normal = setting.properties().toolTimeout();
        for (ToolDescription tool : offered) {
            if (!tool.name().equals(name)) continue;
            Duration own = tool.terms().timeout();
            Duration enough = own == null ? normal : own.plus(ALLOWANCE);
            Duration longer = enough.compareTo(normal) > 0 ? enough : normal;
            return tool.terms().confirmed() ? longer.plus(CONSENT) : longer;
        }
        return normal;
    }
}
