package io.firefly.voip.agent;

import java.util.List;
import java.util.concurrent.CompletionStage;

/** Where tools are looked up and run: the routes that start with {@code agent:tool/<name>}. */
public interface ToolDesk {
    /** The tools offered now; a route that stops takes its tool with it. */
    List<ToolDescription> offered();

    /** Runs one tool. Never completes exceptionally: a failure is an answer the model can speak about. */
    CompletionStage<String> run(ToolCall call);
}
