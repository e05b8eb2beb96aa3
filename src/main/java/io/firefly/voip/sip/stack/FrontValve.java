package io.firefly.voip.sip.stack;

import gov.nist.javax.sip.header.MaxForwards;
import gov.nist.javax.sip.message.SIPRequest;
import gov.nist.javax.sip.message.SIPResponse;
import gov.nist.javax.sip.stack.MessageChannel;
import gov.nist.javax.sip.stack.SIPMessageValve;
import io.firefly.voip.sip.header.HeaderLines;
import io.firefly.voip.sip.header.Tokens;
import io.firefly.voip.sip.valve.Connections;
import io.firefly.voip.sip.valve.SourceRates;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.text.ParseException;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import javax.sip.InvalidArgumentException;
import javax.sip.SipStack;
import javax.sip.message.Response;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at every message before the stack spends anything on it: silence for scanners and banned addresses, a rate for
 * each that is not trusted, 400 for what the stack would let pass. Stack threads.
 */
public final class FrontValve implements SIPMessageValve {
    private static final Pattern VERSION_2 = Pattern.compile("(?i).* SIP/2\\.0\\s*");
    private static final Pattern HOPS = Pattern.compile("[0-9]{1,3}");
    private static final Logger LOG = LoggerFactory.getLogger(FrontValve.class);
    private static final Pattern SCANNER = Pattern.compile(
            "friendly-scanner|sipvicious|sundayddr|sipcli|sip-?scan|smap|iwar|vaxsip|pplsip|sipsak|sipptk|siparmyknife",
            Pattern.CASE_INSENSITIVE);
    private static final Set<String> SCHEMES = Set.of("sip", "sips", "tel");

    private static final int MAX_VIA = 32;
    private static final long MAX_CSEQ = 0x7FFF_FFFFL;

    private final Predicate<InetAddress> trusted;
    private final Connections connections;
    private final SourceRates rates;
    private final Function<SIPRequest, @Nullable String> legs;
    private final Map<String, LongAdder> counters = new ConcurrentHashMap<>();
    private volatile BiConsumer<SIPRequest, SIPResponse> replies = (request, response) -> {};

    /**
     * @param trusted addresses without limits
     * @param rate for each of the others
     * @param legs what names the leg that a request belongs to; null when it is none of ours
     */
    public FrontValve(
            Predicate<InetAddress> trusted,
            SourceRates.Rate rate,
            Connections connections,
            Function<SIPRequest, @Nullable String> legs) {
        this.trusted = trusted;
        this.connections = connections;
        this.legs = legs;
        this.rates = new SourceRates(rate, System::nanoTime);
    }

    /** Whoever is at that address and port receives what we send there. */
    public void proved(InetSocketAddress flow) {
        rates.proved(flow);
    }

    /** Where stateless responses go out. */
    public void repliesBy(BiConsumer<SIPRequest, SIPResponse> sender) {
        replies = sender;
    }

    public void count(String what) {
        counters.computeIfAbsent(what, first -> new LongAdder()).increment();
    }

    /** What was refused or dropped since the start, by reason. */
    public Map<String, Long> counted() {
        Map<String, Long> now = new TreeMap<>();
        counters.forEach((what, count) -> now.put(what, count.sum()));
        return now;
    }

    @Override
    @SuppressWarnings("IllegalCatch") // An Error would end the stack's only parser thread: nobody could call any more.
    public boolean processRequest(SIPRequest request, MessageChannel channel) {
        try {
            return admit(request, channel);
        } catch (Throwable failure) {
            count("valve-failure");
            LOG.error("request dropped", failure);
            return false;
        }
    }

    @Override
    public boolean processResponse(Response response, MessageChannel channel) {
        SIPResponse received = (SIPResponse) response;
        connections.heard(
                new InetSocketAddress(received.getPeerPacketSourceAddress(), received.getPeerPacketSourcePort()));
        return true;
    }

    @Override
    public void init(SipStack stack) {
        // Everything was given at birth.
    }

    @Override
    public void destroy() {
        // Nothing is held.
    }

    private boolean admit(SIPRequest request, MessageChannel channel) {
        if (request.getPeerPacketSourceAddress() == null) {
            // From ourselves: the stack takes a short cut around the network and its parser.
            request.setPeerPacketSourceAddress(request.getRemoteAddress());
            request.setPeerPacketSourcePort(Math.max(0, request.getRemotePort()));
        }
        InetAddress source = request.getPeerPacketSourceAddress();
        boolean known = trusted.test(source);
        HeaderLines lines = SafeParser.linesOf(request);
        if (!known && SCANNER.matcher(lines.all("user-agent").toString()).find()) return dropped("scanner");
        String transport = channel.getTransport().toLowerCase(Locale.ROOT);
        if (!known && !withinRate(request, source, !transport.equals("udp"))) return false;
        connections.heard(new InetSocketAddress(source, request.getPeerPacketSourcePort()));
        if (!transport.equalsIgnoreCase(request.getTopmostVia().getTransport())) {
            // The stack would look for a listening point of that transport and fail without an answer.
            setViaTransport(request, transport);
            return refused(request, 400, "Via names another transport");
        }
        // RFC 3261 18.2.2 sends the response to maddr, which is meant for multicast: anybody could aim us at a third
        // party.
        if (transport.equals("udp")) request.getTopmostVia().removeParameter("maddr");
        if (!VERSION_2.matcher(lines.startLine()).matches()) return refused(request, 505, null);
        if (lines.isCut()) return refused(request, 513, null);
        String fault = fault(request, lines);
        if (fault != null) return refused(request, 400, fault);
        String scheme = request.getRequestURI().getScheme().toLowerCase(Locale.ROOT);
        if (!SCHEMES.contains(scheme)) return refused(request, 416, null);
        boolean lastHop =
                request.getMaxForwards() != null && request.getMaxForwards().getMaxForwards() == 0;
        // RFC 3261 16.3: OPTIONS that ends at us may be answered.
        if (lastHop && !request.getMethod().equals("OPTIONS") && request.getToTag() == null)
            return refused(request, 483, null);
        return true;
    }

    /** What makes a request no request of RFC 3261; null when nothing does. Before there is a transaction. */
    private static @Nullable String fault(SIPRequest request, HeaderLines lines) {
        if (!lines.missing().isEmpty()) return "Missing " + String.join(", ", lines.missing());
        if (!lines.repeated().isEmpty()) return "More than one " + String.join(", ", lines.repeated());
        if (request.getViaHeaders().size() > MAX_VIA) return "Too many Via";
        if (request.getCSeq().getSeqNumber() > MAX_CSEQ) return "CSeq out of range";
        String forwards = lines.first("max-forwards");
        if (forwards != null && !HOPS.matcher(forwards).matches()) return "Bad Max-Forwards";
        if (forwards != null && Integer.parseInt(forwards) > 255) return "Bad Max-Forwards";
        String length = lines.first("content-length");
        if (length != null && lines.contentLength() < 0) return "Bad Content-Length";
        byte[] body = request.getRawContent();
        if (lines.contentLength() > (body == null ? 0 : body.length)) return "Body shorter than Content-Length";
        return incomplete(request, forwards == null);
    }

    /** The stack makes no transaction without these, and says nothing. RFC 2543 had no Max-Forwards: that is forgiven. */
    private static @Nullable String incomplete(SIPRequest request, boolean withoutMaxForwards) {
        try {
            if (withoutMaxForwards) request.setHeader(new MaxForwards(70));
            request.checkHeaders();
            return null;
        } catch (ParseException | InvalidArgumentException missing) {
            return "Missing or wrong header";
        }
    }

    private boolean withinRate(SIPRequest request, InetAddress source, boolean connected) {
        boolean newcomer =
                request.getToTag() == null && !Set.of("ACK", "CANCEL").contains(request.getMethod());
        double cost = newcomer ? 1 : 0.2;
        String leg = legs.apply(request);
        SourceRates.Verdict verdict = leg != null
                ? rates.askDialog(leg, cost)
                : rates.ask(new InetSocketAddress(source, request.getPeerPacketSourcePort()), cost, connected);
        return switch (verdict) {
            case PASS -> true;
            case SLOW_DOWN -> refused(request, 503, null);
            case SILENCE -> dropped("flood");
            case BANNED -> dropped("banned");
        };
    }

    private boolean dropped(String reason) {
        count(reason);
        return false;
    }

    private boolean refused(SIPRequest request, int status, @Nullable String reason) {
        count("refused-" + status);
        if (request.getMethod().equals("ACK")) return false;
        SIPResponse response = request.createResponse(status, reason);
        if (request.getToTag() == null) response.setToTag(Tokens.newTag());
        replies.accept(request, response);
        return false;
    }

    private static void setViaTransport(SIPRequest request, String transport) {
        try {
            request.getTopmostVia().setTransport(transport.toUpperCase(Locale.ROOT));
        } catch (ParseException cannotBe) {
            throw new IllegalStateException(cannotBe);
        }
    }
}
