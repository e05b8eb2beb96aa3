package io.firefly.voip.agent;

import java.util.List;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Where tools are looked up and run: the routes that start with {@code agent:tool/<name>}. */
public interface ToolDesk {
    /** The tools offered now; a route that stops takes its tool with it. */
    List<ToolDescription> offered();

    /**
     * What is wrong with the arguments of a call, as an answer to the model; null when nothing is.
     *
     * @param tool as the call's agent is offered it, which may be narrower than as it is written
     */
    default @Nullable String mistakeIn(ToolCall call, ToolDescription tool) {
        return null;
    }

    /**
     * Runs one tool. Never completes exceptionally: a failure is an answer the model can speak about. The answer is JSON
     * text.
     */
    CompletionStage<String> run(ToolCall call);

    /**
     * Says when what is {@link #offered} may have changed, on any thread; must return at once.
     *
     * @return ends it
     */
    default Watch watch(Runnable changed) {
        return () -> {};
    }

    /** Somebody who wants to know. */
    interface Watch extends AutoCloseable {
        @Override
        void close();
    }
}
