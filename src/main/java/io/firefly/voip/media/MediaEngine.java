package io.firefly.voip.media;

import io.firefly.voip.call.CallId;
import java.net.InetAddress;
import org.jspecify.annotations.Nullable;

/** The media side of the exchange: embedded RTP or FreeSWITCH. */
public interface MediaEngine {
    /**
     * Reserves what one call needs (ports, a channel) without waiting. Whoever opens closes.
     *
     * @throws MediaUnavailableException when nothing is left to reserve: the call is refused with 503
     */
    MediaSession open(CallId id);

    /**
     * As {@link #open(CallId)}, when it is known who the far end is: an offer of ours shows the address that leads there.
     *
     * @param peer null when it is not known
     */
    default MediaSession open(CallId id, @Nullable InetAddress peer) {
        return open(id);
    }

    /** As {@link #open(CallId)}, for somebody we call for a caller: the offer will be ours. */
    default MediaSession openCalled(CallId id) {
        return open(id);
    }

    /** Sessions open now; 0 at rest. */
    int openSessions();
}
