package io.firefly.voip.media.sdp;

import io.firefly.voip.audio.G711;
import java.util.List;

/**
 * What our side brings to a negotiation.
 *
 * @param port where we receive RTP; RTCP comes to the same port when multiplexed, else to the next one
 * @param codecs in the order of our own offers; an answer follows the order of the offer instead
 */
public record LocalAudio(LocalAddress address, int port, List<G711> codecs) {
    public LocalAudio {
        codecs = List.copyOf(codecs);
        if (codecs.isEmpty()) throw new IllegalArgumentException("no codec to offer");
        if (port < 1 || port > 65_535) throw new IllegalArgumentException("RTP port " + port);
    }
}
