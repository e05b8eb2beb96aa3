package io.firefly.voip.agent.openai.wire;

import org.jspecify.annotations.Nullable;

/** A wish for a response. */
public record Create(Purpose purpose, @Nullable String instructions, boolean withTools) {
    /** Why a response is wanted; of two that wait, the later in this list is kept. */
    public enum Purpose {
        CONTINUE,
        GREETING,
        GOODBYE
    }
}
