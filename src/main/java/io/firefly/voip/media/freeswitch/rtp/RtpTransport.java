package io.firefly.voip.media.freeswitch.rtp;

import io.firefly.voip.call.CallId;
import io.firefly.voip.media.MediaEngine;
import io.firefly.voip.media.freeswitch.AudioTransport;
import io.firefly.voip.media.freeswitch.ChannelAudio;
import io.firefly.voip.media.freeswitch.SwitchNode;
import io.firefly.voip.media.freeswitch.leg.LegDesk;
import io.firefly.voip.media.freeswitch.leg.Strands;

/** Sound by a second leg and RTP. Any thread. */
public final class RtpTransport implements AudioTransport {
    private final MediaEngine embedded;
    private final LegDesk desk;
    private final Strands strands;

    public RtpTransport(MediaEngine embedded, LegDesk desk, Strands strands) {
        this.embedded = embedded;
        this.desk = desk;
        this.strands = strands;
    }

    @Override
    public ChannelAudio open(CallId call, SwitchNode node) {
        return new RtpAudio(new RtpAudio.Place(call, node, embedded.open(call)), desk, strands.of(call));
    }
}
