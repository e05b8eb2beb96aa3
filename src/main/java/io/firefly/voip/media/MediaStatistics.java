package io.firefly.voip.media;

import org.jspecify.annotations.Nullable;

/**
 * A snapshot of one session's counters.
 *
 * @param jitterMillis interarrival jitter (RFC 3550 6.4.1) of what we receive
 * @param concealedFrames frames that were made up because nothing arrived in time
 * @param strangerPackets packets dropped because they came from somebody who is not the caller
 */
public record MediaStatistics(
        @Nullable String codec,
        long packetsReceived,
        long packetsSent,
        long packetsLost,
        long packetsLate,
        long packetsDuplicated,
        long concealedFrames,
        long strangerPackets,
        double jitterMillis) {}
