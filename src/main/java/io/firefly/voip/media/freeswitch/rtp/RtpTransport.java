package io.firefly.voip.media.freeswitch.rtp;

import io.firefly.voip.call.CallId;
import io.firefly.voip.media.MediaEngine;
import io.firefly.voip.media.freeswitch.AudioTransport;
import io.firefly.voip.media.freeswitch.ChannelAudio;
import io.firefly.voip.media.freeswitch.SwitchNode;
import io.firefly.voip.media.freeswitch.leg.LegDesk;
import io.firefly.voip.media.freeswitch.leg.Strands;
import java.net.InetAddress;
import java.net.UnknownHostException;
import org.jspecify.annotations.Nullable;

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
        var inner = embedded.open(call, literal(node.sipAddress()));
        return new RtpAudio(new RtpAudio.Place(call, node, inner), desk, strands.of(call));
    }

    /** A name would have to be looked up, and nobody may wait here: then the default route counts. */
    private static @Nullable InetAddress literal(String hostAndPort) {
        int colon = hostAndPort.lastIndexOf(':');
        String host = hostAndPort.substring(0, colon < 0 ? hostAndPort.length() : colon);
        if (!host.matches("[0-9.]+|\\[[0-9a-fA-F:.]+\\]")) return null;
        try {
            return InetAddress.getByName(host);
        } catch (UnknownHostException e) {
            return null;
        }
    }
}
