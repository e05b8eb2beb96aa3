package io.firefly.voip.media.sdp;

import io.firefly.voip.audio.G711;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * What both sides agreed on, from our view.
 *
 * @param remote where the other side wants its RTP; null when it wants none ({@code c=0.0.0.0}, the old hold)
 * @param remoteRtcp where it wants its RTCP ({@code a=rtcp}, RFC 3605, else the next port); null like {@code remote}
 * @param rtcpMux RTP and RTCP share one port (RFC 5761)
 * @param payloadType the number of {@code codec} in both directions
 * @param eventPayloadType the number of telephone-event at 8000 Hz, or {@link #NO_EVENTS}
 * @param direction what we may do: {@code RECVONLY} and {@code INACTIVE} mean that we are on hold
 * @param ptimeMillis the packet length the other side asked for, 20 when it did not say; only a wish
 * @param sendMillis the packet length we send: 20, or 10 when the other side takes no more ({@code a=maxptime})
 */
public record AudioAgreement(
        @Nullable InetSocketAddress remote,
        @Nullable InetSocketAddress remoteRtcp,
        boolean rtcpMux,
        G711 codec,
        int payloadType,
        int eventPayloadType,
        Direction direction,
        int ptimeMillis,
        int sendMillis) {
    public static final int NO_EVENTS = -1;

    public boolean hasEvents() {
        return eventPayloadType != NO_EVENTS;
    }
}
