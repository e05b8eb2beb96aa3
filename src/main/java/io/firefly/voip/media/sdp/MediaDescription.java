package io.firefly.voip.media.sdp;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One {@code m=} line with all that belongs to it.
 *
 * @param formats the payload types as text: for a profile that is not RTP they are no numbers
 * @param connection the address of its own {@code c=} line
 */
record MediaDescription(
        String media,
        int port,
        String protocol,
        List<String> formats,
        @Nullable String connection,
        List<SdpAttribute> attributes) {

    MediaDescription {
        formats = List.copyOf(formats);
        attributes = List.copyOf(attributes);
    }

    /** The same line switched off (RFC 3264 6): port 0, one format kept because the grammar wants one. */
    MediaDescription rejected() {
        return new MediaDescription(media, 0, protocol, formats.subList(0, 1), null, List.of());
    }

    boolean isPlainRtpAudio() {
        return media.equals("audio") && (protocol.equals("RTP/AVP") || protocol.equals("RTP/AVPF"));
    }

    boolean has(String attribute) {
        return attributes.stream().anyMatch(a -> a.is(attribute));
    }

    @Nullable
    String value(String attribute) {
        for (SdpAttribute candidate : attributes) {
            if (candidate.is(attribute)) return candidate.value();
        }
        return null;
    }

    /** The payload types in the order of the line; those nobody explains are left out. */
    List<RtpMap> rtpMaps() {
        List<RtpMap> maps = new ArrayList<>();
        for (String format : formats) {
            Integer payloadType = SdpReader.number(format, 127);
            RtpMap map = payloadType == null ? null : rtpMap(payloadType);
            if (map != null) maps.add(map);
        }
        return maps;
    }

    private @Nullable RtpMap rtpMap(int payloadType) {
        for (SdpAttribute attribute : attributes) {
            RtpMap map = attribute.is("rtpmap") && attribute.value() != null ? RtpMap.parse(attribute.value()) : null;
            if (map != null && map.payloadType() == payloadType) return map;
        }
        return RtpMap.ofStatic(payloadType);
    }

    @Nullable
    Direction direction() {
        return SdpReader.direction(attributes);
    }
}
