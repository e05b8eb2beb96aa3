package io.firefly.voip.sip.dial;

import io.firefly.voip.call.LegDialer.Invitation;
import io.firefly.voip.sip.header.HeaderLines;
import io.firefly.voip.sip.header.HeaderSyntaxException;
import io.firefly.voip.sip.header.NameAddr;
import io.firefly.voip.sip.header.SipUri;
import io.firefly.voip.sip.header.Tokens;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The dialog as its caller has it (RFC 3261 12.1.2): tags, route set, remote target, sequence numbers, and our requests
 * as they are written. A fork is one more of them. Thread of the leg.
 */
final class FarEnd {
    private static final Logger LOG = LoggerFactory.getLogger(FarEnd.class);
    private static final int MAX_ROUTES = 32;
    private static final Set<String> OWN = Set.of(
            "via",
            "from",
            "to",
            "call-id",
            "cseq",
            "contact",
            "route",
            "record-route",
            "max-forwards",
            "content-length",
            "content-type");

    private final Invitation invitation;
    private final String localTag;
    private final String us;
    private final Peer first;
    private final String from;
    private String to;
    private @Nullable String remoteTag;
    private List<String> routeSet = List.of();
    private String target;
    private Peer source;
    private long localCseq = 1;
    private long remoteCseq = -1;

    /** @param us {@code host:port} where the peer reaches us */
    FarEnd(Invitation invitation, String localTag, Peer first, String us) {
        this.invitation = invitation;
        this.localTag = localTag;
        this.first = first;
        this.us = us;
        this.target = invitation.uri();
        this.source = first;
        this.to = "<" + invitation.uri() + ">";
        this.from = "<" + ourAddress(invitation, us) + ">;tag=" + localTag;
    }

    private static String ourAddress(Invitation invitation, String us) {
        for (Map.Entry<String, String> header : invitation.headers().entrySet()) {
            if (!header.getKey().equalsIgnoreCase("from")) continue;
            try {
                return NameAddr.parse(header.getValue()).uriText();
            } catch (HeaderSyntaxException unreadable) {
                LOG.warn("Call-ID {}: From not taken: {}", invitation.callId(), unreadable.getMessage());
            }
        }
        return "sip:firefly@" + us;
    }

    /** Another who answered the same INVITE (RFC 3261 13.2.2.4). */
    FarEnd fork(Answer answer) {
        FarEnd other = new FarEnd(invitation, localTag, first, us);
        other.answered(answer);
        return other;
    }

    /** The Request-URI of the first INVITE, for which its digest is made. */
    String calledUri() {
        return invitation.uri();
    }

    String callId() {
        return invitation.callId();
    }

    boolean isAt(String tag) {
        return tag.equals(remoteTag);
    }

    /** The first 2xx makes the dialog: tag, routes (in reverse, RFC 3261 12.1.2) and target. */
    void answered(Answer answer) {
        remoteTag = answer.tag();
        String named = answer.lines().first("to");
        if (named != null) to = named;
        List<String> routes = new ArrayList<>(NameAddr.entries(answer.lines().all("record-route"), MAX_ROUTES));
        Collections.reverse(routes);
        routeSet = routes;
        refreshTarget(answer.lines(), answer.source());
    }

    /** Takes the Contact of a 2xx, re-INVITE or UPDATE as the address of the far end (RFC 3261 12.2). */
    void refreshTarget(HeaderLines lines, InetSocketAddress from) {
        source = Peer.at(from, first.transport());
        List<String> contacts = NameAddr.entries(lines.all("contact"), 1);
        if (contacts.isEmpty()) return;
        try {
            target = NameAddr.parse(contacts.get(0)).uriText();
        } catch (HeaderSyntaxException unreadable) {
            LOG.info("Call-ID {}: Contact kept as it was: {}", callId(), unreadable.getMessage());
        }
    }

    /** False for a request that is older than one we had (RFC 3261 12.2.2). */
    boolean accepts(long cseq) {
        if (cseq <= remoteCseq) return false;
        remoteCseq = cseq;
        return true;
    }

    long nextCseq() {
        return ++localCseq;
    }

    String contact() {
        String over = first.transport();
        return "<sip:firefly@" + us + (over.equals("udp") ? "" : ";transport=" + over) + ">";
    }

    /** Where requests of the dialog go. */
    Peer peer() {
        if (remoteTag == null) return first;
        try {
            SipUri next = routeSet.isEmpty()
                    ? SipUri.parse(target)
                    : NameAddr.parse(routeSet.get(0)).uri();
            return next.host().isEmpty() ? source : Peer.of(next, first.transport());
        } catch (HeaderSyntaxException unreadable) {
            return source;
        }
    }

    /** Where they go when that is not found. */
    Peer otherwise() {
        return source;
    }

    String invite(Attempt attempt, @Nullable String sdp, Map<String, List<String>> capabilities) {
        StringBuilder extra = new StringBuilder("Contact: " + contact() + "\r\n").append(attempt.authorization());
        if (remoteTag == null) invitation.headers().forEach((name, value) -> addForeign(extra, name, value));
        capabilities.forEach((name, values) -> {
            if (!isNamed(name)) extra.append(name + ": " + String.join(", ", values) + "\r\n");
        });
        return request("INVITE", attempt.cseq(), attempt.branch(), extra.toString(), sdp);
    }

    /** RFC 3261 13.2.2.4: the number of its INVITE, a branch of its own. */
    String ack(long cseq, @Nullable String sdp) {
        return request("ACK", cseq, Tokens.newBranch(), "", sdp);
    }

    /** RFC 3261 9.1: all but the method as in the INVITE. */
    String cancel(Attempt invite) {
        return request("CANCEL", invite.cseq(), invite.branch(), "", null);
    }

    String bye(String reason) {
        return request("BYE", nextCseq(), Tokens.newBranch(), "Reason: " + reason + "\r\n", null);
    }

    private boolean isNamed(String name) {
        return remoteTag == null && invitation.headers().keySet().stream().anyMatch(name::equalsIgnoreCase);
    }

    private void addForeign(StringBuilder lines, String name, String value) {
        boolean sendable = name.matches("[A-Za-z0-9.!%*_+`'~-]{1,64}") && !OWN.contains(name.toLowerCase(Locale.ROOT));
        if (sendable) lines.append(name + ": " + value + "\r\n");
        else if (!name.equalsIgnoreCase("from"))
            LOG.warn("Call-ID {}: header {} not sent: not ours to set", callId(), name);
    }

    private String request(String method, long cseq, String branch, String headerLines, @Nullable String sdp) {
        List<String> routes = new ArrayList<>(routeSet);
        String uri = target;
        if (!routes.isEmpty() && !isLooseRouter(routes.get(0))) {
            // RFC 3261 12.2.1.1: a strict router gets itself as Request-URI and the target as last Route.
            routes.add("<" + target + ">");
            uri = uriOf(routes.remove(0));
        }
        String body = sdp == null ? "" : sdp;
        StringBuilder text = new StringBuilder(method + " " + uri + " SIP/2.0\r\n");
        String over = peer().transport().toUpperCase(Locale.ROOT);
        text.append("Via: SIP/2.0/" + over + " " + us + ";branch=" + branch + ";rport\r\n");
        text.append("Max-Forwards: 70\r\n");
        for (String route : routes) text.append("Route: " + route + "\r\n");
        text.append("From: " + from + "\r\nTo: " + to + "\r\nCall-ID: " + callId() + "\r\n");
        text.append("CSeq: " + cseq + " " + method + "\r\n").append(headerLines);
        if (!body.isEmpty()) text.append("Content-Type: application/sdp\r\n");
        int length = body.getBytes(StandardCharsets.UTF_8).length;
        return text.append("Content-Length: " + length + "\r\n\r\n")
                .append(body)
                .toString();
    }

    private static boolean isLooseRouter(String route) {
        return uriOf(route).toLowerCase(Locale.ROOT).matches("(?s).*;lr([;=?].*)?");
    }

    private static String uriOf(String route) {
        try {
            return NameAddr.parse(route).uriText();
        } catch (HeaderSyntaxException unreadable) {
            return route;
        }
    }
}
