package io.firefly.voip.call;

import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * Where a call came from.
 *
 * @param transport {@code udp}, {@code tcp} or {@code tls}
 * @param subscriber the user that proved itself by digest; null for a trusted address
 * @param trusted true when the address is configured as trusted: only then may it assert identities and diversions
 */
public record Source(
        String transport,
        InetSocketAddress address,
        @Nullable String subscriber,
        boolean trusted) {}
