package io.firefly.voip.phone;

import io.firefly.voip.audio.G711;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The little SDP a G.711 phone needs (RFC 8866, RFC 3264). */
final class PhoneSdp {
    static final int TELEPHONE_EVENT = 101;

    private static final Pattern AUDIO = Pattern.compile("m=audio (\\d{1,5})(?:/\\d+)? (\\S+)((?: \\d{1,3})+)");
    private static final Pattern CONNECTION = Pattern.compile("c=IN IP[46] ([^\\s/]+).*");
    private static final Pattern EVENT =
            Pattern.compile("a=rtpmap:(\\d{1,3}) telephone-event/8000", Pattern.CASE_INSENSITIVE);
    private static final Pattern DIRECTION = Pattern.compile("a=(sendrecv|sendonly|recvonly|inactive)");

    private PhoneSdp() {}

    /**
     * What the other side said.
     *
     * @param eventType payload type of telephone-events, -1 when it takes none
     * @param direction of the other side: {@code sendrecv}, {@code sendonly}, {@code recvonly} or {@code inactive}
     */
    record FarMedia(InetSocketAddress address, G711 codec, int eventType, String direction) {
        boolean listens() {
            return direction.equals("sendrecv") || direction.equals("recvonly");
        }

        String ourDirection() {
            return switch (direction) {
                case "sendonly" -> "recvonly";
                case "recvonly" -> "sendonly";
                default -> direction;
            };
        }
    }

    static int payloadType(G711 law) {
        return law == G711.PCMA ? 8 : 0;
    }

    static @Nullable G711 lawOf(int payloadType) {
        return payloadType == 8 ? G711.PCMA : payloadType == 0 ? G711.PCMU : null;
    }

    /** @param version grows by one with every change (RFC 3264 section 8) */
    static String describe(InetSocketAddress rtp, List<G711> codecs, String direction, int version) {
        InetAddress address = rtp.getAddress();
        String where = (address instanceof Inet6Address ? "IP6 " : "IP4 ") + address.getHostAddress();
        StringBuilder types = new StringBuilder();
        StringBuilder maps = new StringBuilder();
        for (G711 law : codecs) {
            types.append(payloadType(law)).append(' ');
            maps.append("a=rtpmap:%d %s/8000\r\n".formatted(payloadType(law), law));
        }
        return "v=0\r\n" + "o=- " + rtp.getPort() + " " + version + " IN " + where + "\r\n" + "s=firefly call\r\n"
                + "c=IN " + where + "\r\n" + "t=0 0\r\n" + "m=audio " + rtp.getPort() + " RTP/AVP " + types
                + TELEPHONE_EVENT + "\r\n" + maps + "a=rtpmap:" + TELEPHONE_EVENT + " telephone-event/8000\r\n"
                + "a=fmtp:" + TELEPHONE_EVENT + " 0-16\r\n" + "a=ptime:20\r\n" + "a=" + direction + "\r\n";
    }

    /** @throws IllegalArgumentException when we cannot talk by it; says why */
    static FarMedia parse(String sdp, List<G711> ours) {
        List<String> lines = new ArrayList<>();
        Matcher audio = null;
        String host = null;
        for (String line : sdp.split("\r?\n", -1)) {
            if (line.startsWith("m=") && audio != null) break;
            Matcher media = AUDIO.matcher(line.strip());
            if (media.matches()) audio = media;
            Matcher connection = CONNECTION.matcher(line.strip());
            boolean ofVideo =
                    line.startsWith("c=") && audio == null && lines.stream().anyMatch(l -> l.startsWith("m="));
            if (connection.matches() && !ofVideo) host = connection.group(1);
            lines.add(line.strip());
        }
        if (audio == null || host == null) throw new IllegalArgumentException("no audio and address in the SDP");
        int port = Integer.parseInt(audio.group(1));
        if (port < 1 || port > 65_535) throw new IllegalArgumentException("audio is refused (port " + port + ")");
        if (!audio.group(2).toUpperCase(Locale.ROOT).startsWith("RTP/AVP")) {
            throw new IllegalArgumentException("profile " + audio.group(2) + "; we speak RTP/AVP");
        }
        G711 codec = common(audio.group(3), ours);
        return new FarMedia(address(host, port), codec, eventType(lines), direction(lines));
    }

    private static G711 common(String types, List<G711> ours) {
        for (String type : types.strip().split(" ", -1)) {
            G711 law = lawOf(Integer.parseInt(type));
            if (law != null && ours.contains(law)) return law;
        }
        throw new IllegalArgumentException("no common codec: they offer payload types" + types + ", we speak " + ours);
    }

    private static InetSocketAddress address(String host, int port) {
        // A name would make us ask a name server what a stranger wants us to ask.
        if (!host.matches("[0-9.]+|[0-9a-fA-F:.]*:[0-9a-fA-F:.]*")) {
            throw new IllegalArgumentException("media address '" + host + "' is not an IP address");
        }
        try {
            return new InetSocketAddress(InetAddress.getAllByName(host)[0], port);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException("media address '" + host + "'", e);
        }
    }

    private static int eventType(List<String> lines) {
        for (String line : lines) {
            Matcher event = EVENT.matcher(line);
            if (event.lookingAt()) return Integer.parseInt(event.group(1));
        }
        return -1;
    }

    private static String direction(List<String> lines) {
        String found = "sendrecv";
        for (String line : lines) {
            Matcher direction = DIRECTION.matcher(line);
            if (direction.matches()) found = direction.group(1);
        }
        return found;
    }
}
