package io.firefly.voip.media.sdp;

import java.net.InetAddress;
import org.jspecify.annotations.Nullable;

/** Which of our addresses the other side shall send to: a host may have several. */
@FunctionalInterface
public interface LocalAddress {
    /** @param remote where the other side receives, null when it has not said so yet */
    InetAddress towards(@Nullable InetAddress remote);
}
