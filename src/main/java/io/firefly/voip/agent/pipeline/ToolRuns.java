package io.firefly.voip.agent.pipeline;

import io.firefly.voip.agent.ToolCall;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/** Runs tools; every one is answered once and in time, by an error if need be. Agent's thread. */
final class ToolRuns {
    private static final String FAILED = "{\"error\":\"the tool failed\"}";
    private static final String TIMEOUT = "{\"error\":\"timeout: the tool did not answer in time\"}";

    private final PipelineSession.Setting setting;
    private final Stages stages;

    ToolRuns(PipelineSession.Setting setting, Stages stages) {
        this.setting = setting;
        this.stages = stages;
    }

    void run(ToolCall call, Consumer<String> answer) {
        AtomicBoolean first = new AtomicBoolean();
        setting.stage()
                .call(call)
                .whenComplete((output, failure) -> stages.post(() -> {
                    if (first.compareAndSet(false, true)) answer.accept(output == null ? FAILED : output);
                }));
        stages.after(setting.properties().toolTimeout(), () -> {
            if (first.compareAndSet(false, true)) answer.accept(TIMEOUT);
        });
    }
}
