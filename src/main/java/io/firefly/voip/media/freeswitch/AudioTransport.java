package io.firefly.voip.media.freeswitch;

import io.firefly.voip.call.CallId;

/** The way of sound between a FreeSWITCH and us: by a second leg and RTP, or by a websocket. */
public interface AudioTransport {
    /**
     * Reserves what one call needs, without waiting. Whoever opens closes.
     *
     * @throws io.firefly.voip.media.MediaUnavailableException when nothing is left to reserve
     */
    ChannelAudio open(CallId call, SwitchNode node);
}
