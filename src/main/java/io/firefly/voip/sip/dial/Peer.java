package io.firefly.voip.sip.dial;

import io.firefly.voip.sip.header.SipUri;
import java.net.InetSocketAddress;

/**
 * Where a request goes.
 *
 * @param host name or address; IPv6 in brackets
 * @param transport {@code udp} or {@code tcp}
 */
public record Peer(String host, int port, String transport) {
    static Peer at(InetSocketAddress address, String transport) {
        String host = address.getAddress().getHostAddress();
        return new Peer(host.contains(":") ? "[" + host + "]" : host, address.getPort(), transport);
    }

    /** @param otherwise the transport when the address does not say one */
    static Peer of(SipUri uri, String otherwise) {
        String over = uri.parameters().containsKey("transport") ? uri.transport() : otherwise;
        return new Peer(uri.host(), uri.portOrDefault(), over);
    }
}
