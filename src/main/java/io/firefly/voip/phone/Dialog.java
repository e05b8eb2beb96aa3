package io.firefly.voip.phone;

import io.firefly.voip.sip.digest.ClientDigest;
import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Makes the messages of one call (RFC 3261 section 12, 13). Main thread only. */
final class Dialog {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final Pattern ADDRESS = Pattern.compile("<([^>]+)>|^\\s*([^<>;,\\s]+)");

    private final CallSettings settings;
    private final String transport;
    private final String hostPort;
    private final String callId = random();
    private final String contact;
    private String from;
    private String to;
    private String remoteTarget;
    private List<String> routes = List.of();
    private long sequence;
    private SipMessage invite = SipMessage.request("INVITE", "sip:nobody.invalid");

    Dialog(CallSettings settings, InetSocketAddress local) {
        this.settings = settings;
        this.transport = settings.transport();
        String host = local.getAddress().getHostAddress();
        this.hostPort = (local.getAddress() instanceof Inet6Address ? "[" + host + "]" : host) + ":" + local.getPort();
        this.contact = "<sip:firefly-call@" + hostPort + (transport.equals("tcp") ? ";transport=tcp" : "") + ">";
        this.from = "<" + settings.from() + ">;tag=" + random();
        this.to = "<" + settings.target().uri() + ">";
        this.remoteTarget = settings.target().uri();
    }

    /** @param challenge the 401 or 407 to answer, null at first */
    SipMessage invite(String sdp, @Nullable SipMessage challenge) {
        invite = request("INVITE", challenge)
                .add("Contact", contact)
                .add("Allow", "INVITE, ACK, CANCEL, BYE, OPTIONS, UPDATE, INFO, NOTIFY, MESSAGE")
                .add("Supported", "replaces");
        for (String header : settings.headers()) {
            int colon = header.indexOf(':');
            invite.add(
                    header.substring(0, colon).strip(),
                    header.substring(colon + 1).strip());
        }
        return invite.body("application/sdp", sdp);
    }

    SipMessage bye(@Nullable SipMessage challenge) {
        return request("BYE", challenge);
    }

    /** RFC 3261 9.1: the branch of the INVITE, so that it finds it. */
    SipMessage cancel() {
        return SipMessage.request("CANCEL", settings.target().uri())
                .add("Via", invite.must("Via"))
                .add("Max-Forwards", "70")
                .add("From", from)
                .add("To", invite.must("To"))
                .add("Call-ID", callId)
                .add("CSeq", invite.sequence() + " CANCEL");
    }

    /** RFC 3261 17.1.1.3: belongs to the transaction of the INVITE. */
    SipMessage ackOfFailure(SipMessage response) {
        return SipMessage.request("ACK", settings.target().uri())
                .add("Via", response.must("Via"))
                .add("Max-Forwards", "70")
                .add("From", from)
                .add("To", response.must("To"))
                .add("Call-ID", callId)
                .add("CSeq", response.sequence() + " ACK");
    }

    /** The 200 makes the dialog; its ACK is a request of its own (13.2.2.4). */
    SipMessage establish(SipMessage ok) {
        to = ok.must("To");
        String far = ok.first("Contact");
        if (far != null) remoteTarget = address(far);
        List<String> hops = new ArrayList<>();
        for (String header : ok.all("Record-Route")) hops.addAll(List.of(header.split(",\\s*(?=<)", -1)));
        Collections.reverse(hops);
        routes = hops;
        SipMessage ack = head("ACK", remoteTarget).add("CSeq", ok.sequence() + " ACK");
        return ack;
    }

    SipMessage answer(int status, String reason, SipMessage request) {
        return SipMessage.response(status, reason, request).add("Contact", contact);
    }

    boolean owns(SipMessage message) {
        return message.must("Call-ID").equals(callId);
    }

    /** Whether a response is to the last INVITE that was sent, not to an earlier one. */
    boolean isCurrent(SipMessage response) {
        return response.sequence() == invite.sequence();
    }

    /** A re-INVITE or UPDATE may move the other side (12.2.2). */
    void retarget(SipMessage request) {
        String far = request.first("Contact");
        if (far != null) remoteTarget = address(far);
    }

    private SipMessage request(String method, @Nullable SipMessage challenge) {
        sequence++;
        SipMessage request = head(method, remoteTarget).add("CSeq", sequence + " " + method);
        if (challenge != null) authorize(request, method, challenge);
        return request;
    }

    private SipMessage head(String method, String uri) {
        String via = "SIP/2.0/" + (transport.equals("tcp") ? "TCP " : "UDP ") + hostPort + ";branch=z9hG4bK" + random()
                + ";rport";
        SipMessage head = SipMessage.request(method, uri).add("Via", via).add("Max-Forwards", "70");
        for (String route : routes) head.add("Route", route);
        return head.add("From", from).add("To", to).add("Call-ID", callId).add("User-Agent", "firefly-call");
    }

    /** @throws IllegalArgumentException when no challenge is one we can answer */
    private void authorize(SipMessage request, String method, SipMessage challenge) {
        var credentials = settings.credentials();
        if (credentials == null) throw new IllegalArgumentException("no --user and --password");
        boolean proxy = challenge.status() == 407;
        IllegalArgumentException last = new IllegalArgumentException("no challenge in the " + challenge.status());
        for (String offered : challenge.all(proxy ? "Proxy-Authenticate" : "WWW-Authenticate")) {
            try {
                String proof = ClientDigest.authorization(
                        offered, method, remoteTarget, credentials.user(), credentials.password());
                request.add(proxy ? "Proxy-Authorization" : "Authorization", proof);
                return;
            } catch (IllegalArgumentException e) {
                last = e;
            }
        }
        throw last;
    }

    private static String address(String header) {
        Matcher address = ADDRESS.matcher(header);
        if (!address.find()) return header;
        return address.group(1) != null ? address.group(1) : address.group(2);
    }

    private static String random() {
        byte[] bits = new byte[8];
        RANDOM.nextBytes(bits);
        return HexFormat.of().formatHex(bits);
    }
}
