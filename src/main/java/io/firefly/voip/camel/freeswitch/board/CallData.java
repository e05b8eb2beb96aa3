package io.firefly.voip.camel.freeswitch.board;

import io.firefly.voip.call.Diversion;
import io.firefly.voip.call.Parties;
import io.firefly.voip.call.Party;
import io.firefly.voip.call.Source;
import io.firefly.voip.camel.freeswitch.esl.EslEvent;
import io.firefly.voip.sip.header.HistoryEntry;
import io.firefly.voip.sip.header.SipHeaders;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/**
 * What a channel's data says about a call. FreeSWITCH keeps every value of a header as an array only with
 * {@code parse-all-invite-headers}; without it, the last of several Diversions is all there is.
 */
record CallData(EslEvent data, Predicate<InetAddress> trusted) {
    /** As the SIP door lets through, as far as FreeSWITCH keeps them. */
    private static final List<String> HEADERS = List.of(
            "Alert-Info",
            "Call-Info",
            "Contact",
            "Diversion",
            "From",
            "History-Info",
            "P-Asserted-Identity",
            "P-Called-Party-ID",
            "Priority",
            "Privacy",
            "Reason",
            "Referred-By",
            "Remote-Party-ID",
            "Subject",
            "To",
            "User-Agent",
            "User-To-User");

    private static final Set<String> IDENTITIES =
            Set.of("diversion", "history-info", "p-asserted-identity", "remote-party-id");

    Source source() {
        InetSocketAddress address = address();
        boolean isTrusted = address.getAddress() != null && trusted.test(address.getAddress());
        String transport = data.text("variable_sip_via_protocol").toLowerCase(Locale.ROOT);
        return new Source(transport.isEmpty() ? "udp" : transport, address, null, isTrusted);
    }

    /** Where the INVITE came from, as FreeSWITCH saw it. No name server is asked. */
    private InetSocketAddress address() {
        String ip = first("variable_sip_network_ip", "variable_sip_received_ip", "Caller-Network-Addr");
        int port = data.number("variable_sip_network_port");
        if (!ip.matches("[0-9.]+|\\[?[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*]?"))
            return InetSocketAddress.createUnresolved("unknown", port);
        try {
            return new InetSocketAddress(InetAddress.getByName(ip), port);
        } catch (UnknownHostException e) {
            return InetSocketAddress.createUnresolved("unknown", port);
        }
    }

    Parties parties(boolean isTrusted) {
        Party caller = caller();
        Party called = address("variable_sip_req_uri", "Caller-Destination-Number");
        Party to = address("variable_sip_to_uri", "variable_sip_req_uri");
        if (!isTrusted) return new Parties(caller, called, to, null, List.of(), List.of());
        List<HistoryEntry> history = SipHeaders.parseHistory(all("History-Info"));
        List<Diversion> diversions = SipHeaders.parseDiversions(all("Diversion"));
        return new Parties(
                caller,
                called,
                to,
                SipHeaders.parseAssertedIdentity(asserted()),
                diversions.isEmpty() ? SipHeaders.diversionsOf(history) : diversions,
                history.stream().map(HistoryEntry::party).toList());
    }

    private Party caller() {
        String full = data.text("variable_sip_full_from");
        if (!full.isEmpty()) return SipHeaders.parseParty(full);
        Party plain = address("variable_sip_from_uri", "Caller-Caller-ID-Number");
        String name = data.value("Caller-Caller-ID-Name");
        return new Party(plain.user(), plain.host(), plain.uri(), name);
    }

    /** A URI without its scheme, or a number. */
    private Party address(String uri, String otherwise) {
        String text = first(uri, otherwise);
        if (text.isEmpty()) return Party.ANONYMOUS;
        String host = text.contains("@") ? "" : "@" + first("variable_sip_req_host", "variable_domain_name");
        return SipHeaders.parseUri("sip:" + text + (host.equals("@") ? "@invalid" : host));
    }

    /** Its user part is all that FreeSWITCH keeps, unless the profile says p-asserted-id-parse=verbatim. */
    private List<String> asserted() {
        List<String> whole = data.values("variable_sip_i_p_asserted_identity");
        if (!whole.isEmpty()) return whole;
        String kept = data.text("variable_sip_P-Asserted-Identity");
        if (kept.isEmpty()) return data.values("variable_sip_h_P-Asserted-Identity");
        return List.of(kept.contains(":") ? kept : "<sip:" + kept + "@invalid>");
    }

    /** Of one SIP header, in the order of the wire. */
    private List<String> all(String header) {
        List<String> every =
                data.values("variable_sip_i_" + header.toLowerCase(Locale.ROOT).replace('-', '_'));
        if (!every.isEmpty()) return every;
        List<String> kept = data.values("variable_sip_h_" + header);
        if (!kept.isEmpty()) return kept;
        return header.equals("History-Info") ? data.values("variable_sip_history_info") : List.of();
    }

    Map<String, List<String>> headers(boolean isTrusted) {
        Map<String, List<String>> found = new LinkedHashMap<>();
        for (String header : HEADERS) {
            String name = header.toLowerCase(Locale.ROOT);
            if (!isTrusted && IDENTITIES.contains(name)) continue;
            List<String> values = values(name, header);
            if (!values.isEmpty()) found.put(name, values);
        }
        return found;
    }

    private List<String> values(String name, String header) {
        return switch (name) {
            case "user-agent" -> data.values("variable_sip_user_agent");
            case "p-asserted-identity" -> asserted();
            default -> all(header);
        };
    }

    String sdpOffer() {
        return data.text("variable_switch_r_sdp");
    }

    /** Empty for a channel that is no SIP call. */
    String sipCallId() {
        return data.text("variable_sip_call_id");
    }

    private String first(String... names) {
        for (String name : names) {
            String value = data.text(name);
            if (!value.isEmpty()) return value;
        }
        return "";
    }
}
