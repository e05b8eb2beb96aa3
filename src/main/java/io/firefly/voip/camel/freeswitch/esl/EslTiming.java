package io.firefly.voip.camel.freeswitch.esl;

import java.time.Duration;

/**
 * How long things may take.
 *
 * @param connect a TCP connection
 * @param reply a command; then the connection is closed, because all later replies would be taken for the wrong ones
 * @param job a command in the background
 * @param probe a connection on which nothing came for that long is asked whether it lives
 * @param firstPause between two attempts to connect; then 1.7 times as long, up to {@code longestPause}
 * @param gone channels of a node that cannot be reached for that long are given up
 * @param refused the same for a node whose machine refuses the connection: FreeSWITCH does not run there. Three refusals
 *     fit into it, and a reload of its event socket is over in a tenth
 * @param clock how often all this is looked at
 */
public record EslTiming(
        Duration connect,
        Duration reply,
        Duration job,
        Duration probe,
        Duration firstPause,
        Duration longestPause,
        Duration gone,
        Duration refused,
        Duration clock) {
    /** Heartbeats that may be missed. */
    public static final int MISSED_HEARTBEATS = 3;

    public static final EslTiming NORMAL = new EslTiming(
            Duration.ofSeconds(5),
            Duration.ofSeconds(10),
            Duration.ofSeconds(30),
            Duration.ofSeconds(10),
            Duration.ofMillis(150),
            Duration.ofSeconds(10),
            Duration.ofSeconds(30),
            Duration.ofSeconds(1),
            Duration.ofMillis(200));
}
