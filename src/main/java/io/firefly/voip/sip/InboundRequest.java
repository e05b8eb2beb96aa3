package io.firefly.voip.sip;

import gov.nist.javax.sip.header.ContentType;
import gov.nist.javax.sip.header.Expires;
import gov.nist.javax.sip.header.ExtensionHeaderImpl;
import gov.nist.javax.sip.header.SIPHeader;
import gov.nist.javax.sip.message.SIPRequest;
import gov.nist.javax.sip.message.SIPResponse;
import io.firefly.voip.call.Diversion;
import io.firefly.voip.call.Parties;
import io.firefly.voip.call.Party;
import io.firefly.voip.call.Source;
import io.firefly.voip.sip.header.HeaderLines;
import io.firefly.voip.sip.header.HistoryEntry;
import io.firefly.voip.sip.header.SipHeaders;
import io.firefly.voip.sip.header.Tokens;
import io.firefly.voip.sip.stack.SafeParser;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import javax.sip.InvalidArgumentException;
import javax.sip.SipException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One request that came in, with the transaction that answers it.
 *
 * <p>There is none for an ACK, and none yet for the INVITE of a stranger by UDP, whose address may be forged: it hears
 * each response once, without 100 and without Timer G, so that we never send more than was sent to us. A stranger who
 * heard nothing asks again (Timer A) and is answered again.
 */
final class InboundRequest {
    private static final Pattern TOKEN = Pattern.compile("[A-Za-z0-9.!%*_+`'~-]{1,64}");
    private static final Pattern SECONDS = Pattern.compile("[0-9]{1,9}");
    private static final Pattern PLAIN_TYPE = Pattern.compile("[^/;]+/[^/;]+");
    private static final Pattern TAKES_SDP = Pattern.compile("(?s).*(application/sdp|application/\\*|\\*/\\*).*");
    private static final Logger LOG = LoggerFactory.getLogger(InboundRequest.class);
    private static final Set<String> FOR_ROUTES = Set.of(
            "accept",
            "allow",
            "allow-events",
            "authorization",
            "call-id",
            "contact",
            "cseq",
            "date",
            "diversion",
            "event",
            "expires",
            "from",
            "history-info",
            "max-forwards",
            "min-expires",
            "p-asserted-identity",
            "path",
            "priority",
            "privacy",
            "proxy-authorization",
            "reason",
            "refer-to",
            "referred-by",
            "remote-party-id",
            "replaces",
            "require",
            "session-expires",
            "sip-if-match",
            "subject",
            "subscription-state",
            "supported",
            "to",
            "user-agent",
            "via");
    /** Told by trusted sources only: anybody can write them. */
    private static final Set<String> IDENTITIES =
            Set.of("diversion", "history-info", "p-asserted-identity", "remote-party-id");
    /** Set by the transaction; a handler that names them would break it. */
    private static final Set<String> OWN = Set.of(
            "via", "from", "to", "call-id", "cseq", "content-length", "content-type", "record-route", "max-forwards");

    private static final String SALT = Tokens.newTag();
    private static final Set<String> SUPPORTED = Set.of("timer");

    private final SIPRequest request;
    private final SipTransport transport;
    private @Nullable Answering transaction;
    private final HeaderLines lines;
    private final Source source;
    private String localTag;

    /** The transaction that takes care of our responses. */
    @FunctionalInterface
    interface Answering {
        void send(SIPResponse response) throws SipException, InvalidArgumentException;
    }

    InboundRequest(SIPRequest request, @Nullable Answering transaction, SipTransport transport, boolean trusted) {
        this.request = request;
        this.transaction = transaction;
        this.transport = transport;
        this.lines = SafeParser.linesOf(request);
        String over = request.getTopmostVia().getTransport().toLowerCase(Locale.ROOT);
        InetSocketAddress address =
                new InetSocketAddress(request.getPeerPacketSourceAddress(), request.getPeerPacketSourcePort());
        this.source = new Source(over, address, null, trusted);
        this.localTag = transaction == null && !method().equals("INVITE") ? repeatableTag() : Tokens.newTag();
    }

    static boolean isOutsideOfCalls(SIPRequest request) {
        return request.getToTag() == null && !Set.of("INVITE", "ACK", "CANCEL").contains(request.getMethod());
    }

    /**
     * May be done twice: who hears no answer asks again, and hears another. A transaction would live 32 s for each, and
     * anybody could fill the table with REGISTERs.
     */
    static boolean isRepeatable(SIPRequest request) {
        if (!isOutsideOfCalls(request)
                || !request.getTopmostVia().getTransport().equalsIgnoreCase("udp")) return false;
        return request.getMethod().equals("OPTIONS")
                || (request.getMethod().equals("REGISTER")
                        && SafeParser.linesOf(request).first("authorization") == null);
    }

    String method() {
        return request.getMethod();
    }

    String requestUri() {
        String[] parts = lines.startLine().split(" ", 3);
        return parts.length > 1 ? parts[1] : "";
    }

    String callId() {
        return request.getCallId().getCallId();
    }

    long cseq() {
        return request.getCSeq().getSeqNumber();
    }

    /** Empty when there is none (RFC 2543). */
    String fromTag() {
        String tag = request.getFromTag();
        return tag == null ? "" : tag;
    }

    @Nullable
    String toTag() {
        return request.getToTag();
    }

    /** The tag our responses carry when the request has none; 96 random bits. */
    String localTag() {
        return localTag;
    }

    /** Answers with the tag of another request: a CANCEL with that of its INVITE. */
    void answerAs(String tag) {
        localTag = tag;
    }

    /** Without a transaction the same request must hear the same tag (RFC 3261 8.2.7). */
    private String repeatableTag() {
        return Integer.toHexString((SALT + branch() + callId() + cseq()).hashCode());
    }

    String branch() {
        String branch = request.getTopmostVia().getBranch();
        return branch == null ? "" : branch;
    }

    Source source() {
        return source;
    }

    HeaderLines lines() {
        return lines;
    }

    String dialogId() {
        String tag = toTag();
        return SipDialog.key(callId(), tag == null ? localTag : tag, fromTag());
    }

    /** What a CANCEL and its INVITE have in common beside the branch, whose sent-by some phones change. */
    String inviteKey() {
        return callId() + '\n' + fromTag() + '\n' + cseq();
    }

    /** The dialog's key of a request with a To tag, the INVITE's of one without. */
    static String key(SIPRequest request) {
        String callId = request.getCallId().getCallId();
        String fromTag = request.getFromTag() == null ? "" : request.getFromTag();
        return request.getToTag() == null
                ? callId + '\n' + fromTag + '\n' + request.getCSeq().getSeqNumber()
                : SipDialog.key(callId, request.getToTag(), fromTag);
    }

    /** Media type without parameters, lower case; null when there is no body. */
    @Nullable
    String contentType() {
        String type = lines.first("content-type");
        if (body().isEmpty()) return null;
        return type == null ? "" : type.split(";", 2)[0].trim().toLowerCase(Locale.ROOT);
    }

    /** RFC 3261 18.3: what stands behind Content-Length does not belong to the message. */
    String body() {
        byte[] content = request.getRawContent();
        if (content == null) return "";
        int announced = lines.contentLength();
        int length = announced < 0 ? content.length : Math.min(announced, content.length);
        return new String(content, 0, length, StandardCharsets.UTF_8);
    }

    @Nullable
    String sdp() {
        return "application/sdp".equals(contentType()) ? body() : null;
    }

    boolean hasForeignBody() {
        return contentType() != null && sdp() == null;
    }

    /** What is wrong with a new request whatever its method (RFC 3261 8.2); null when nothing is. */
    @Nullable
    SipResponse refusal() {
        Set<String> unsupported = new TreeSet<>();
        for (String value : lines.all("require")) {
            for (String option : value.split(",", -1)) {
                String tag = option.trim().toLowerCase(Locale.ROOT);
                if (!tag.isEmpty() && !SUPPORTED.contains(tag)) unsupported.add(tag);
            }
        }
        if (!unsupported.isEmpty())
            return SipResponse.of(420, "Bad Extension", Map.of("Unsupported", List.of(String.join(", ", unsupported))));
        return method().equals("INVITE") ? inviteRefusal() : null;
    }

    private @Nullable SipResponse inviteRefusal() {
        if (lines.first("contact") == null) return SipResponse.of(400, "Missing Contact", Map.of());
        if (hasForeignBody() || lines.first("content-encoding") != null) return unsupportedMediaType("application/sdp");
        String accept = String.join(",", lines.all("accept")).toLowerCase(Locale.ROOT);
        boolean takesSdp = accept.isBlank() || TAKES_SDP.matcher(accept).matches();
        return takesSdp ? null : SipResponse.of(406);
    }

    static SipResponse unsupportedMediaType(String accepted) {
        return SipResponse.of(415, "Unsupported Media Type", Map.of("Accept", List.of(accepted)));
    }

    /** The request as handlers see it. */
    SipRequest toSipRequest(SipRequest.@Nullable CallOffer offer) {
        Map<String, List<String>> headers = new HashMap<>(lines.only(FOR_ROUTES));
        if (!source.trusted()) headers.keySet().removeAll(IDENTITIES);
        return new SipRequest(
                method(),
                requestUri(),
                SipHeaders.parseUri(requestUri()),
                SipHeaders.parseParty(lines.first("from")),
                SipHeaders.parseParty(lines.first("to")),
                callId(),
                cseq(),
                dialogId(),
                headers,
                contentType(),
                body(),
                source,
                offer);
    }

    /** Everybody named; identities and diversions are there when the source may assert them. */
    static Parties parties(SipRequest request) {
        Map<String, List<String>> headers = request.headers();
        Party asserted = null;
        List<Diversion> diversions = List.of();
        List<HistoryEntry> history = List.of();
        if (request.isTrusted()) {
            asserted = SipHeaders.parseAssertedIdentity(headers.getOrDefault("p-asserted-identity", List.of()));
            diversions = SipHeaders.parseDiversions(headers.getOrDefault("diversion", List.of()));
            history = SipHeaders.parseHistory(headers.getOrDefault("history-info", List.of()));
            if (diversions.isEmpty()) diversions = SipHeaders.diversionsOf(history);
        }
        List<Party> stations = history.stream().map(HistoryEntry::party).toList();
        boolean withheld = SipHeaders.asksForPrivacy(headers.getOrDefault("privacy", List.of()));
        return new Parties(request.from(), request.requested(), request.to(), asserted, diversions, stations, withheld);
    }

    /** RFC 3261 17.2.1; not to a stranger before a route made a call of the INVITE. */
    void trying() {
        if (transaction != null) send(100, null, List.of(), null);
    }

    boolean hasTransaction() {
        return transaction != null;
    }

    /** From now on a transaction takes care that the responses arrive; false when another one has the request. */
    boolean beginTransaction() {
        if (transaction == null && !method().equals("ACK")) transaction = transport.begin(request);
        return transaction != null;
    }

    /** Answers; what the transaction forbids by now (a second final response) is dropped. */
    @Nullable
    SIPResponse respond(SipResponse response) {
        List<SIPHeader> headers = new ArrayList<>();
        response.headers().forEach((name, values) -> {
            for (String value : values) addHeader(headers, name, value);
        });
        String type = response.contentType();
        boolean hasBody = type != null
                && isPrintable("Content-Type", type)
                && !response.body().isEmpty();
        if (type != null && hasBody) addRaw(headers, "Content-Type", type);
        String reason = response.reason();
        if (reason != null && !isPrintable("reason phrase", reason)) reason = null;
        return send(response.status(), reason, headers, type == null || hasBody ? response.body() : "");
    }

    @Nullable
    SIPResponse respond(int status) {
        return respond(SipResponse.of(status));
    }

    /** Sends a 2xx once more; the transaction has ended with the first (RFC 3261 13.3.1.4). */
    void repeat(SIPResponse response) {
        try {
            pass(response);
        } catch (SipException | InvalidArgumentException gone) {
            LOG.debug("Call-ID {}: {} not repeated: {}", callId(), response.getStatusCode(), gone.getMessage());
        }
    }

    private @Nullable SIPResponse send(
            int status, @Nullable String reason, List<SIPHeader> headers, @Nullable String body) {
        if (method().equals("ACK")) return null;
        try {
            SIPResponse response = request.createResponse(status, reason);
            if (status > 100 && toTag() == null) response.setToTag(localTag);
            for (SIPHeader header : headers) response.attachHeader(header, false);
            if (body != null && !body.isEmpty()) response.setMessageContent(body.getBytes(StandardCharsets.UTF_8));
            pass(response);
            return response;
        } catch (SipException | InvalidArgumentException | ParseException gone) {
            LOG.debug("Call-ID {}: {} to {} not sent: {}", callId(), status, method(), gone.getMessage());
            return null;
        }
    }

    private void pass(SIPResponse response) throws SipException, InvalidArgumentException {
        Answering answering = transaction;
        if (answering == null) transport.reply(request, response);
        else answering.send(response);
    }

    private static void addHeader(List<SIPHeader> headers, String name, String value) {
        boolean named = TOKEN.matcher(name).matches() && !OWN.contains(name.toLowerCase(Locale.ROOT));
        if (!named) LOG.warn("Response header '{}' not sent: not ours to set", name.replaceAll("\\p{Cntrl}", "?"));
        else if (isPrintable(name, value)) addRaw(headers, name, value);
    }

    /** A line break in a value would begin a header, or a response, of its sender's choice. */
    private static boolean isPrintable(String what, String value) {
        boolean printable = value.chars().allMatch(c -> c >= ' ' && c != 127);
        if (!printable) LOG.warn("{} of a response not sent: it has a control character", what);
        return printable;
    }

    /** As text, so that it goes out as it was written; the stack insists on its own class for these two. */
    private static void addRaw(List<SIPHeader> headers, String name, String value) {
        try {
            if (name.equalsIgnoreCase("expires") && SECONDS.matcher(value).matches()) {
                Expires expires = new Expires();
                expires.setExpires(Integer.parseInt(value));
                headers.add(expires);
            } else if (name.equalsIgnoreCase("content-type")
                    && PLAIN_TYPE.matcher(value).matches()) {
                headers.add(new ContentType(value.split("/", 2)[0], value.split("/", 2)[1]));
            } else {
                ExtensionHeaderImpl header = new ExtensionHeaderImpl(name);
                header.setValue(value);
                headers.add(header);
            }
        } catch (InvalidArgumentException negative) {
            throw new IllegalArgumentException(negative);
        }
    }
}
