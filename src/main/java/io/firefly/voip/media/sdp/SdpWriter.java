package io.firefly.voip.media.sdp;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;

/** Writes exactly what RFC 8866 asks for: order of lines, CRLF, addresses with their type. */
final class SdpWriter {
    private SdpWriter() {}

    static String write(SessionDescription description) {
        StringBuilder text = new StringBuilder(512);
        line(text, "v=0");
        line(text, "o=" + description.origin());
        line(text, "s=" + description.name());
        if (description.connection() != null) line(text, "c=" + description.connection());
        line(text, "t=0 0");
        for (SdpAttribute attribute : description.attributes()) line(text, "a=" + attribute.line());
        for (MediaDescription media : description.media()) write(text, media);
        return text.toString();
    }

    private static void write(StringBuilder text, MediaDescription media) {
        line(
                text,
                "m=" + media.media() + " " + media.port() + " " + media.protocol() + " "
                        + String.join(" ", media.formats()));
        if (media.connection() != null) line(text, "c=" + media.connection());
        for (SdpAttribute attribute : media.attributes()) line(text, "a=" + attribute.line());
    }

    private static void line(StringBuilder text, String content) {
        text.append(content).append("\r\n");
    }

    /** {@code IN IP4 192.0.2.1}. */
    static String connection(InetAddress address) {
        String literal = address.getHostAddress();
        int zone = literal.indexOf('%');
        return (address instanceof Inet6Address ? "IN IP6 " : "IN IP4 ")
                + (zone < 0 ? literal : literal.substring(0, zone));
    }

    /** Our audio line; {@code maps} in the order of preference. */
    static MediaDescription audio(int port, String protocol, List<RtpMap> maps, AudioAttributes further) {
        List<SdpAttribute> attributes = new ArrayList<>();
        for (RtpMap map : maps) {
            attributes.add(new SdpAttribute("rtpmap", map.value()));
            // RFC 4733 2.4.1: the sixteen keys, no flash.
            if (map.isTelephoneEvent()) attributes.add(new SdpAttribute("fmtp", map.payloadType() + " 0-15"));
        }
        attributes.add(new SdpAttribute("ptime", "20"));
        attributes.add(new SdpAttribute(further.direction().attribute(), null));
        if (further.rtcpMux()) attributes.add(new SdpAttribute("rtcp-mux", null));
        List<String> formats =
                maps.stream().map(map -> String.valueOf(map.payloadType())).toList();
        return new MediaDescription("audio", port, protocol, formats, null, attributes);
    }

    /** What an audio line says besides codecs. */
    record AudioAttributes(Direction direction, boolean rtcpMux) {}

    /** RFC 8866 5.2: the identity of a session never changes, its version counts the changes. */
    static SessionDescription session(long id, long version, InetAddress address, List<MediaDescription> media) {
        String connection = connection(address);
        return new SessionDescription("- " + id + " " + version + " " + connection, "-", connection, List.of(), media);
    }
}
