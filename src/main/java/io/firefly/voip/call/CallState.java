package io.firefly.voip.call;

import java.util.Set;

/** The life of one call. An arrow that is not listed here does not happen. */
public enum CallState {
    /** An INVITE waits for a decision; nothing but 100 Trying was said. */
    OFFERED,
    /** 180 was sent. */
    RINGING,
    /** 200 was sent: sound flows, nobody answers it yet. */
    ANSWERED,
    /** A flow or an agent has the caller. */
    TALKING,
    /** The goodbye is being said. */
    ENDING,
    ENDED;

    public Set<CallState> next() {
        return switch (this) {
            case OFFERED -> Set.of(RINGING, ANSWERED, ENDED);
            case RINGING -> Set.of(ANSWERED, ENDED);
            case ANSWERED -> Set.of(TALKING, ENDING, ENDED);
            case TALKING -> Set.of(ENDING, ENDED);
            case ENDING -> Set.of(TALKING, ENDED);
            case ENDED -> Set.of();
        };
    }

    public boolean isAnswered() {
        return this == ANSWERED || this == TALKING || this == ENDING;
    }
}
