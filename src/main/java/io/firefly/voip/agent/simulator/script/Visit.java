package io.firefly.voip.agent.simulator.script;

import java.util.List;

/**
 * What one connection is like.
 *
 * @param steps one for each response, in order; see {@link Step.When}
 * @param afterwards what is said when no step is left
 * @param faults counted from the beginning of the session
 */
public record Visit(
        Handshake handshake, Terms terms, Tempo tempo, List<Step> steps, Afterwards afterwards, List<Fault> faults) {
    public static final Visit ORDINARY =
            new Visit(Handshake.ACCEPT, Terms.ORDINARY, Tempo.ORDINARY, List.of(), Afterwards.RECEPTIONIST, List.of());

    public Visit {
        steps = List.copyOf(steps);
        faults = List.copyOf(faults);
    }

    /** When every step was played. */
    public enum Afterwards {
        /** The built-in dialogue goes on. */
        RECEPTIONIST,
        /** From the first step again. */
        REPEAT,
        /** A response begins and nothing comes of it. */
        SILENCE
    }

    /** How a client is received. */
    public enum Welcome {
        ACCEPT,
        /** An HTTP status instead of the upgrade. */
        STATUS,
        /** The upgrade is never answered. */
        SILENT,
        /** Upgraded, then told that its key is wrong, then closed with 3000: what the real server does. */
        INVALID_KEY
    }

    /**
     * @param status HTTP; only for {@link Welcome#STATUS}
     * @param delayMillis before anything is answered
     * @param retryAfterSeconds header {@code Retry-After}; 0 leaves it out
     */
    public record Handshake(Welcome welcome, int status, long delayMillis, int retryAfterSeconds) {
        static final Handshake ACCEPT = new Handshake(Welcome.ACCEPT, 101, 0, 0);
    }

    /**
     * What the session is promised.
     *
     * @param createdAfterMillis until {@code session.created}
     * @param limitMillis of the session; -1 leaves it to the simulator
     * @param tokensPerMinute budget; when it is used up, responses fail. 0 never fails
     * @param pingMillis between pings of the server; 0 sends none
     * @param extraFields every event also has a field nobody knows yet
     * @param shuffle events whose order the protocol leaves open come in any order
     */
    public record Terms(
            long createdAfterMillis,
            long limitMillis,
            int tokensPerMinute,
            long pingMillis,
            boolean extraFields,
            boolean shuffle) {
        static final Terms ORDINARY = new Terms(0, -1, 0, 0, false, false);
    }
}
