package io.firefly.voip.camel.rehearsal;

import io.firefly.voip.call.Party;
import io.firefly.voip.call.Source;
import io.firefly.voip.sip.SipRequest;
import io.firefly.voip.sip.header.SipHeaders;
import io.firefly.voip.tenant.plan.NetworkPlan.Network;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A call as somebody describes it who wants to know what would become of it. Numbers, names and whole SIP addresses are
 * all understood.
 *
 * @param diversions newest first, as the Diversion header has them (RFC 5806)
 * @param asserted P-Asserted-Identity (RFC 3325)
 * @param source the address it comes from, an IP address; 127.0.0.1 unless it says otherwise
 * @param trusted whether that address need not prove who it is and may assert identities; null: as the setting {@code
 *     firefly.sip.trusted-addresses} says, which ships with loopback alone
 * @param subscriber who the caller has proved to be, for a source that is not trusted
 * @param headers further SIP headers, as routes see them: {@code user-agent}
 * @param at when it comes
 */
public record Described(
        String from,
        String to,
        @Nullable String displayName,
        List<String> diversions,
        @Nullable String asserted,
        String source,
        @Nullable Boolean trusted,
        @Nullable String subscriber,
        Map<String, String> headers,
        @Nullable Instant at) {
    private static final String HOST = "rehearsal.invalid";
    private static final Set<String> IDENTITIES =
            Set.of("diversion", "history-info", "p-asserted-identity", "remote-party-id");

    public Described {
        diversions = List.copyOf(diversions);
        Map<String, String> lower = new LinkedHashMap<>();
        headers.forEach((name, value) -> lower.put(name.toLowerCase(Locale.ROOT), value));
        headers = Map.copyOf(lower);
    }

    /** From a trusted trunk, now. */
    public static Described call(String from, String to) {
        return new Described(from, to, null, List.of(), null, "127.0.0.1", null, null, Map.of(), null);
    }

    public boolean isTrusted() {
        return trusted != null ? trusted : address().getAddress().isLoopbackAddress();
    }

    /** The same call, its source judged by the networks that are trusted unless the description says what it is. */
    Described judgedBy(List<String> trustedNetworks) {
        if (trusted != null) return this;
        Network own = Network.parse(address().getAddress().getHostAddress());
        boolean isOurs = trustedNetworks.stream()
                .map(Network::parse)
                .anyMatch(network -> network != null && own != null && network.covers(own));
        return new Described(from, to, displayName, diversions, asserted, source, isOurs, subscriber, headers, at);
    }

    Instant when() {
        return at == null ? Instant.now() : at;
    }

    /** The request such a call begins with. */
    SipRequest request(String method, SipRequest.@Nullable CallOffer offer) {
        Source from = new Source("udp", address(), null, isTrusted());
        Party requested = SipHeaders.parseUri(uri(to));
        return new SipRequest(
                method,
                requested.uri(),
                requested,
                caller(),
                SipHeaders.parseParty("<" + uri(to) + ">"),
                "rehearsal-" + Long.toHexString(System.nanoTime()),
                1,
                "rehearsal",
                headersForRoutes(),
                null,
                "",
                from,
                offer);
    }

    private Party caller() {
        String name = displayName == null ? "" : "\"" + displayName.replaceAll("[\"\\\\]", "") + "\" ";
        return SipHeaders.parseParty(name + "<" + uri(from) + ">");
    }

    /** What a stranger asserts is removed at the front door, before routes see it. */
    private Map<String, List<String>> headersForRoutes() {
        Map<String, List<String>> all = new LinkedHashMap<>();
        headers.forEach((name, value) -> all.put(name, List.of(value)));
        if (!diversions.isEmpty()) {
            List<String> values = new ArrayList<>();
            for (String each : diversions) values.add(nameAddr(each));
            all.put("diversion", values);
        }
        if (asserted != null) all.put("p-asserted-identity", List.of(nameAddr(asserted)));
        if (!isTrusted()) all.keySet().removeAll(IDENTITIES);
        return all;
    }

    private static String nameAddr(String who) {
        return who.contains("<") ? who : "<" + uri(who) + ">";
    }

    private static String uri(String who) {
        String bare = who.strip();
        if (bare.contains("<")) bare = bare.substring(bare.indexOf('<') + 1).replaceFirst(">.*", "");
        if (bare.matches("(?i)(sips?|tel):.*")) return bare;
        bare = bare.replaceAll("[ ()]", "");
        return "sip:" + bare + (bare.contains("@") ? "" : "@" + HOST);
    }

    /** @throws IllegalArgumentException when the source is no IP address: no name server is asked */
    InetSocketAddress address() {
        if (!source.matches("[0-9.]+|[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*")) throw noAddress();
        try {
            return new InetSocketAddress(InetAddress.getByName(source), 5060);
        } catch (UnknownHostException e) {
            throw noAddress();
        }
    }

    private IllegalArgumentException noAddress() {
        return new IllegalArgumentException(
                "source '" + source + "' must be an IP address, such as 127.0.0.1 or 203.0.113.7");
    }
}
