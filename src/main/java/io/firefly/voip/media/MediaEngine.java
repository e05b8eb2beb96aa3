package io.firefly.voip.media;

import io.firefly.voip.call.CallId;

/** The media side of the exchange: embedded RTP or FreeSWITCH. */
public interface MediaEngine {
    /**
     * Reserves what one call needs (ports, a channel) without waiting. Whoever opens closes.
     *
     * @throws MediaUnavailableException when nothing is left to reserve: the call is refused with 503
     */
    MediaSession open(CallId id);

    /** Sessions open now; 0 at rest. */
    int openSessions();
}
