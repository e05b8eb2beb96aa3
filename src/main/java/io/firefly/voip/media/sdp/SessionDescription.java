package io.firefly.voip.media.sdp;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A whole description: the session part and its media, in the order of the text. */
record SessionDescription(
        String origin,
        String name,
        @Nullable String connection,
        List<SdpAttribute> attributes,
        List<MediaDescription> media) {

    SessionDescription {
        attributes = List.copyOf(attributes);
        media = List.copyOf(media);
    }

    /** The address that counts for {@code line}: its own, else the session's; null when there is none. */
    @Nullable
    String connectionOf(MediaDescription line) {
        return line.connection() != null ? line.connection() : connection;
    }

    /** {@code sendrecv} when nothing is said (RFC 8866 6.7). */
    Direction directionOf(MediaDescription line) {
        Direction own = line.direction();
        if (own != null) return own;
        Direction common = SdpReader.direction(attributes);
        return common != null ? common : Direction.SENDRECV;
    }
}
