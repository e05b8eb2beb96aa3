package io.firefly.voip.freeswitch;

import io.firefly.voip.freeswitch.StandInRtp.Codec;
import java.net.InetSocketAddress;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What an offer or answer of the far end says, and what the stand-in answers in FreeSWITCH's words. */
record StandInSdp(Codec codec, int payloadType, InetSocketAddress far, String direction) {
    /** The first codec of the far end that the stand-in knows; null when there is none. */
    static @Nullable StandInSdp read(String sdp) {
        String host = SipText.find("^c=IN IP4 (\\S+)", sdp);
        String port = SipText.find("^m=audio (\\d+)", sdp);
        if (port.isEmpty()) return null;
        String direction = SipText.find("^a=(sendrecv|sendonly|recvonly|inactive)", sdp);
        if (host.equals("0.0.0.0")) direction = "inactive";
        InetSocketAddress far =
                new InetSocketAddress(host.equals("0.0.0.0") ? "127.0.0.1" : host, Integer.parseInt(port));
        for (String type :
                SipText.find("^m=audio \\d+ \\S+ ([\\d ]+)", sdp).strip().split(" ", -1)) {
            Codec codec = codec(
                    type, SipText.find("^a=rtpmap:" + type + " (\\S+)", sdp).toUpperCase(Locale.ROOT));
            if (codec != null)
                return new StandInSdp(codec, Integer.parseInt(type), far, direction.isEmpty() ? "sendrecv" : direction);
        }
        return null;
    }

    private static @Nullable Codec codec(String type, String name) {
        if (type.equals("0") || name.startsWith("PCMU/8000")) return Codec.PCMU;
        if (type.equals("8") || name.startsWith("PCMA/8000")) return Codec.PCMA;
        return name.equals("L16/8000") || name.equals("L16/8000/1") ? Codec.L16 : null;
    }

    /** They do not listen. */
    boolean holds() {
        return direction.equals("sendonly") || direction.equals("inactive");
    }

    String answer(int port, int version) {
        String ours =
                switch (direction) {
                    case "sendonly" -> "a=recvonly\r\n";
                    case "recvonly" -> "a=sendonly\r\n";
                    case "inactive" -> "a=inactive\r\n";
                    default -> "";
                };
        String name = codec == Codec.L16 ? "L16" : codec.name();
        return session(version, port, payloadType + " 101") + "a=rtpmap:" + payloadType + " " + name
                + "/8000\r\na=rtpmap:101 telephone-event/8000\r\na=fmtp:101 0-15\r\n" + ours
                + "a=silenceSupp:off - - - -\r\na=ptime:20\r\n";
    }

    static String offer(int port, int version) {
        return session(version, port, "8 0 101")
                + "a=rtpmap:8 PCMA/8000\r\na=rtpmap:0 PCMU/8000\r\na=rtpmap:101 telephone-event/8000\r\n"
                + "a=fmtp:101 0-15\r\na=silenceSupp:off - - - -\r\na=ptime:20\r\n";
    }

    private static String session(int version, int port, String types) {
        return "v=0\r\no=FreeSWITCH 1795246630 " + (1795246630 + version) + " IN IP4 127.0.0.1\r\ns=FreeSWITCH\r\n"
                + "c=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio " + port + " RTP/AVP " + types + "\r\n";
    }
}
