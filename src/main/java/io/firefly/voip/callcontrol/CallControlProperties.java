package io.firefly.voip.callcontrol;

import java.nio.file.Path;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Limits and timers of calls.
 *
 * @param maxConcurrent calls at the same time on this node; the next one hears 503
 * @param maxLength a call of a tenant without a limit of its own is ended after this
 * @param decideWithin a call for which no route has decided anything by then hears 480
 * @param agentWithin a call that waits for its agent rings at most this much longer until the agent is ready; 0: not at
 *     all
 * @param drainTimeout how long running calls may go on after SIGTERM, before they get a BYE
 * @param threads {@code call-*} threads; one call is always served by the same one
 * @param apology played to a caller whose agent is gone, before the call ends
 * @param askAgain played when one answer of the agent failed and the call goes on
 * @param oneMoment played when the agent's provider has to be waited for
 */
@ConfigurationProperties(prefix = "firefly.calls", ignoreUnknownFields = false)
record CallControlProperties(
        @DefaultValue("500") int maxConcurrent,
        @DefaultValue("4h") Duration maxLength,
        @DefaultValue("10s") Duration decideWithin,
        @DefaultValue("2s") Duration agentWithin,
        @DefaultValue("30s") Duration drainTimeout,
        @DefaultValue("2") int threads,
        @DefaultValue("audio/apology.wav") Path apology,
        @DefaultValue("audio/sorry-repeat.wav") Path askAgain,
        @DefaultValue("audio/one-moment.wav") Path oneMoment) {
    CallControlProperties {
        if (maxConcurrent < 1) {
            throw new IllegalArgumentException("firefly.calls.max-concurrent = " + maxConcurrent + ": at least 1");
        }
        if (threads < 1 || threads > 32) {
            throw new IllegalArgumentException("firefly.calls.threads = " + threads + ": 1 to 32");
        }
        if (agentWithin.isNegative() || agentWithin.toSeconds() > 30) {
            throw new IllegalArgumentException("firefly.calls.agent-within = " + agentWithin + ": 0s to 30s");
        }
        if (maxLength.toSeconds() < 1) {
            throw new IllegalArgumentException("firefly.calls.max-length = " + maxLength + ": at least 1s");
        }
    }

    /**
     * Tempo of speech with the pitch kept, 0.1 to 5.0; 1.0 costs nothing.
     *
     * @param aiTempo of an agent's voice
     * @param testTempo of the announcement in the flow {@code welcome}
     */
    @ConfigurationProperties(prefix = "firefly.audio", ignoreUnknownFields = false)
    record AudioProperties(
            @DefaultValue("1.0") double aiTempo,
            @DefaultValue("1.0") double testTempo) {
        AudioProperties {
            check("ai-tempo", aiTempo);
            check("test-tempo", testTempo);
        }

        private static void check(String key, double tempo) {
            if (!(tempo >= 0.1 && tempo <= 5.0)) {
                throw new IllegalArgumentException("firefly.audio." + key + " = " + tempo + ": 0.1 to 5.0");
            }
        }
    }

    /** @param console whether the dialogue of every call is printed as {@code [HH:MM:SS] CALLER: ...} */
    @ConfigurationProperties(prefix = "firefly.transcription", ignoreUnknownFields = false)
    record TranscriptionProperties(@DefaultValue("true") boolean console) {}
}
