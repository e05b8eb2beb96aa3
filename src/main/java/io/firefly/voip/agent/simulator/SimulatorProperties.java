package io.firefly.voip.agent.simulator;

import io.firefly.voip.agent.simulator.script.Script;
import io.firefly.voip.agent.simulator.script.ScriptFormatException;
import io.firefly.voip.agent.simulator.script.ScriptReader;
import io.firefly.voip.agent.simulator.script.Tempo;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How the simulated provider behaves.
 *
 * @param enabled false never starts it, whatever the agent's provider
 * @param port TCP; 0 takes any free one
 * @param seed of the ids: the same seed gives the same ones
 * @param speed how much faster than real time speech is generated
 * @param deltaLength sound in one audio delta; a multiple of 50 ms
 * @param responseDelay from the end of the caller's turn to the response
 * @param firstAudioDelay from the response to its first sound
 * @param hangUpAfterTurns with which turn of the caller the agent wants to hang up; 0 never
 * @param preamble true says the goodbye before the hang-up tool is called, in the same response
 * @param shuffle true sends events whose order the protocol leaves open in any order, by the seed
 * @param sessionLimit after which a connection is closed
 * @param script a YAML file with what is said and what goes wrong; empty for none
 */
@ConfigurationProperties(value = "firefly.simulator", ignoreUnknownFields = false)
record SimulatorProperties(
        @DefaultValue("true") boolean enabled,
        @DefaultValue("127.0.0.1") String bind,
        @DefaultValue("8086") int port,
        @DefaultValue("1") long seed,
        @DefaultValue("4") double speed,
        @DefaultValue("200ms") Duration deltaLength,
        @DefaultValue("150ms") Duration responseDelay,
        @DefaultValue("300ms") Duration firstAudioDelay,
        @DefaultValue("3") int hangUpAfterTurns,
        @DefaultValue("false") boolean preamble,
        @DefaultValue("false") boolean shuffle,
        @DefaultValue("60m") Duration sessionLimit,
        @DefaultValue("") String script) {
    SimulatorProperties {
        require(port >= 0 && port <= 65_535, "port", "a TCP port, 0 to 65535", port);
        require(speed >= 0.5 && speed <= 1_000, "speed", "0.5 to 1000 times real time", speed);
        require(
                deltaLength.toMillis() >= 50 && deltaLength.toMillis() <= 1_000 && deltaLength.toMillis() % 50 == 0,
                "delta-length",
                "50ms to 1s in steps of 50ms",
                deltaLength);
        require(isAtMost(responseDelay, 60), "response-delay", "0s to 60s", responseDelay);
        require(isAtMost(firstAudioDelay, 60), "first-audio-delay", "0s to 60s", firstAudioDelay);
        require(hangUpAfterTurns >= 0, "hang-up-after-turns", "0 or more", hangUpAfterTurns);
        require(
                isAtMost(sessionLimit, 86_400) && sessionLimit.toMillis() > 0,
                "session-limit",
                "more than 0s, at most 24h",
                sessionLimit);
    }

    /** Without Spring. */
    static SimulatorProperties defaults() {
        return new SimulatorProperties(
                true,
                "127.0.0.1",
                8086,
                1,
                4,
                Duration.ofMillis(200),
                Duration.ofMillis(150),
                Duration.ofMillis(300),
                3,
                false,
                false,
                Duration.ofMinutes(60),
                "");
    }

    SimulatorProperties onPort(int otherPort) {
        return on(bind, otherPort);
    }

    SimulatorProperties on(String otherAddress, int otherPort) {
        return new SimulatorProperties(
                enabled,
                otherAddress,
                otherPort,
                seed,
                speed,
                deltaLength,
                responseDelay,
                firstAudioDelay,
                hangUpAfterTurns,
                preamble,
                shuffle,
                sessionLimit,
                script);
    }

    /** What these settings say of the model's speed. */
    Tempo tempo() {
        return new Tempo(responseDelay.toMillis(), firstAudioDelay.toMillis(), 0, 0, speed);
    }

    /** The scenario to be played. */
    Script scenario() {
        if (script.isBlank()) return Script.NONE;
        try {
            return ScriptReader.read(Path.of(script));
        } catch (ScriptFormatException e) {
            throw new IllegalArgumentException("firefly.simulator.script cannot be played:\n" + e.getMessage(), e);
        } catch (IOException e) {
            throw new IllegalArgumentException("firefly.simulator.script: cannot read " + script, e);
        }
    }

    private static boolean isAtMost(Duration value, long seconds) {
        return !value.isNegative() && value.toSeconds() <= seconds;
    }

    private static void require(boolean holds, String key, String expected, Object found) {
        if (!holds) {
            throw new IllegalArgumentException("firefly.simulator." + key + " must be " + expected + ", not " + found);
        }
    }
}
