package io.firefly.voip.sip;

import io.firefly.voip.call.CallLegListener;
import io.firefly.voip.call.HangupCause;
import io.firefly.voip.sip.header.HeaderSyntaxException;
import io.firefly.voip.sip.header.NameAddr;
import io.firefly.voip.sip.header.SessionTimer;
import io.firefly.voip.sip.header.SipUri;
import io.firefly.voip.sip.header.Tokens;
import io.firefly.voip.sip.refer.Referrals;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import javax.sip.address.Hop;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What makes one dialog of ours (RFC 3261 12.1.1, always as the called side): tags, route set, remote target, sequence
 * numbers. Used on the thread of its call only.
 */
final class SipDialog {
    private static final Logger LOG = LoggerFactory.getLogger(SipDialog.class);
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int MAX_ROUTES = 32;

    private final SipTransport transport;
    private final InboundRequest invite;
    private final List<String> routeSet;
    private String remoteTarget;
    private long remoteCseq;
    private long localCseq;

    SipDialog(InboundRequest invite, SipTransport transport) {
        this.invite = invite;
        this.transport = transport;
        this.routeSet = NameAddr.entries(invite.lines().all("record-route"), MAX_ROUTES);
        this.remoteTarget = invite.requestUri();
        this.remoteCseq = invite.cseq();
        refreshTarget(invite);
    }

    /** 0 to 10 seconds, as RFC 3261 14.2 wants them in Retry-After. */
    static int secondsToWait() {
        return RANDOM.nextInt(11);
    }

    static String key(String callId, String localTag, String remoteTag) {
        return callId + '\n' + localTag + '\n' + remoteTag;
    }

    String key() {
        return key(invite.callId(), invite.localTag(), invite.fromTag());
    }

    /** False for a request that is older than one we had (RFC 3261 12.2.2). */
    boolean accepts(long cseq) {
        if (cseq <= remoteCseq) return false;
        remoteCseq = cseq;
        return true;
    }

    /** Takes the Contact of an INVITE or UPDATE that we accept as the address of the far end (RFC 3261 12.2.2). */
    void refreshTarget(InboundRequest request) {
        List<String> contacts = NameAddr.entries(request.lines().all("contact"), 1);
        if (contacts.isEmpty()) return;
        try {
            remoteTarget = NameAddr.parse(contacts.get(0)).uriText();
        } catch (HeaderSyntaxException unreadable) {
            LOG.info("Call-ID {}: Contact kept as it was: {}", invite.callId(), unreadable.getMessage());
        }
    }

    /** Our Contact value. */
    String contact() {
        String over = invite.source().transport();
        String hostPort = transport.hostPort(over, invite.source().address());
        return "<sip:" + hostPort + (over.equals("udp") ? "" : ";transport=" + over) + ">";
    }

    /** Sends BYE; {@code done} when it was answered or given up. */
    void bye(HangupCause cause, ClientTransactions clients, Runnable done) {
        long unused = send("BYE", "Reason: " + reason(cause) + "\r\n", "", clients, response -> done.run());
    }

    /**
     * Sends a request of ours in this dialog.
     *
     * @param headerLines what the method needs beside the dialog's own, each with its line end
     * @param then hears the final response once, on any thread
     * @return its CSeq
     */
    long send(String method, String headerLines, String body, ClientTransactions clients, Consumer<SipResponse> then) {
        List<String> routes = new ArrayList<>(routeSet);
        if (isStrictlyRouted()) {
            // RFC 3261 12.2.1.1: a strict router gets itself as Request-URI and the target as last Route.
            routes.remove(0);
            routes.add("<" + remoteTarget + ">");
        }
        String over = invite.source().transport();
        StringBuilder text = new StringBuilder(method + " " + requestUri() + " SIP/2.0\r\n");
        text.append("Via: SIP/2.0/" + over.toUpperCase(Locale.ROOT) + " ");
        text.append(
                transport.hostPort(over, invite.source().address()) + ";branch=" + Tokens.newBranch() + ";rport\r\n");
        text.append("Max-Forwards: 70\r\n");
        for (String route : routes) text.append("Route: " + route + "\r\n");
        text.append("From: " + withTag(invite.lines().first("to"), invite.localTag()) + "\r\n");
        text.append("To: " + invite.lines().first("from") + "\r\n");
        text.append("Call-ID: " + invite.callId() + "\r\n");
        localCseq++;
        text.append("CSeq: " + localCseq + " " + method + "\r\n").append(headerLines);
        text.append("Content-Length: " + body.getBytes(StandardCharsets.UTF_8).length + "\r\n\r\n")
                .append(body);
        clients.send(text.toString(), nextHop(), wayBack(), then);
        return localCseq;
    }

    /** Of what we send next. */
    private String requestUri() {
        return isStrictlyRouted() ? uriOf(routeSet.get(0)) : remoteTarget;
    }

    private boolean isStrictlyRouted() {
        return !routeSet.isEmpty() && !isLooseRouter(routeSet.get(0));
    }

    private static String withTag(@Nullable String address, String tag) {
        if (address == null) return "";
        // An addr-spec gets brackets, so that the tag cannot become a parameter of the address.
        return (address.contains("<") ? address : "<" + address + ">") + ";tag=" + tag;
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

    /**
     * Where a request of ours goes. Without a proxy in between, a caller behind NAT is reached where its INVITE came
     * from, because the private address in its Contact leads nowhere; a connection of the caller is used again.
     */
    private Hop nextHop() {
        InetSocketAddress source = invite.source().address();
        Hop back = wayBack();
        try {
            if (!routeSet.isEmpty())
                return hopTo(NameAddr.parse(routeSet.get(0)).uri());
            if (!invite.source().transport().equals("udp")) return back;
            SipUri target = SipUri.parse(remoteTarget);
            return isUnreachable(target.host(), source.getAddress()) ? back : hopTo(target);
        } catch (HeaderSyntaxException unreadable) {
            return back;
        }
    }

    private Hop wayBack() {
        InetSocketAddress source = invite.source().address();
        return ClientTransactions.hop(
                source.getAddress().getHostAddress(),
                source.getPort(),
                invite.source().transport());
    }

    private Hop hopTo(SipUri uri) {
        String over = uri.parameters().containsKey("transport")
                ? uri.transport()
                : invite.source().transport();
        return ClientTransactions.hop(uri.host(), uri.portOrDefault(), over);
    }

    private static boolean isUnreachable(String host, InetAddress source) {
        if (!host.matches("[0-9.]+|\\[.*]")) return false;
        try {
            InetAddress address = InetAddress.getByName(host);
            boolean local = address.isSiteLocalAddress()
                    || address.isLoopbackAddress()
                    || address.isLinkLocalAddress()
                    || address.isAnyLocalAddress()
                    || isCarrierNat(address.getAddress());
            return local && !address.equals(source);
        } catch (UnknownHostException noAddress) {
            return true;
        }
    }

    /** 100.64.0.0/10 (RFC 6598). */
    private static boolean isCarrierNat(byte[] address) {
        return address.length == 4 && address[0] == 100 && (address[1] & 0xC0) == 64;
    }

    /** The final response that tells a caller why there will be no call. */
    static SipResponse refusal(HangupCause cause) {
        Map<String, List<String>> headers = new HashMap<>();
        headers.put("Reason", List.of(reason(cause)));
        if (cause.sipStatus() == 503) headers.put("Retry-After", List.of(String.valueOf(5 + RANDOM.nextInt(26))));
        return SipResponse.of(cause.sipStatus(), null, headers);
    }

    private static String reason(HangupCause cause) {
        return "Q.850;cause=" + cause.q850() + ";text=\"" + cause.label() + "\"";
    }

    /** RFC 3261 17.1.1.1 and 13.3.1; tests are in more of a hurry. */
    record Timers(Duration t1, Duration t2, Duration ackLimit, Duration ringRepeat, Duration reofferLimit) {
        static final Timers RFC_3261 = new Timers(
                Duration.ofMillis(500),
                Duration.ofSeconds(4),
                Duration.ofSeconds(32),
                Duration.ofSeconds(60),
                Duration.ofSeconds(10));
    }

    /** What legs and dialogs need of the front door. */
    interface Switchboard {
        SipTransport transport();

        ClientTransactions clients();

        SipDialog.Timers timers();

        /** Headers that say what we can: Allow, Supported. */
        Map<String, List<String>> capabilities();

        /** At once, when nobody is at that Call-ID. */
        void execute(String callId, Runnable work);

        /** By another thread: it may have to wait for a connection. */
        void handOver(String callId, Runnable work);

        Future<?> later(String callId, Duration delay, Runnable work);

        /** A re-INVITE waits for our answer, or does no more: a CANCEL may ask for it. */
        void reofferOpen(InboundRequest request, SipLeg leg, boolean open);

        /** Who is there receives what we send: acknowledged or registered. */
        void proved(InetSocketAddress flow);

        /** What we prove with who we are, when they ask; null when they shall not know. */
        SipFront.@Nullable Credentials credentialsFor(InetSocketAddress peer);

        /** The call is over for its owner. */
        void ended(SipLeg leg);

        /** The last transaction of the dialog is over: nothing needs it any more. */
        void forget(SipLeg leg);
    }

    /** How the referrals of a leg reach its far end. */
    record ReferLine(SipLeg leg, Switchboard switchboard) implements Referrals.Line {
        private static final String ALARM = "refer";

        @Override
        public boolean isUp() {
            return !leg.isOffered() && !leg.awaitsAck();
        }

        @Override
        public String contact() {
            return leg.dialog().contact();
        }

        @Override
        public long send(String headerLines, Consumer<Referrals.Reply> then) {
            String uri = leg.dialog().requestUri();
            return leg.dialog().send("REFER", headerLines, "", switchboard.clients(), response -> {
                String referSub = String.join("", response.headers().getOrDefault("refer-sub", List.of()));
                SipFront.Credentials ours =
                        switchboard.credentialsFor(leg.invite().source().address());
                String authorization = ours == null ? null : ours.answer(response, "REFER", uri);
                leg.run(() -> then.accept(new Referrals.Reply(response.status(), referSub, authorization)));
            });
        }

        @Override
        public void alarm(Duration delay, Runnable work) {
            leg.alarm(ALARM, delay, work);
        }

        @Override
        public void quiet() {
            leg.quiet(ALARM);
        }
    }

    /** The re-INVITEs and UPDATEs of one leg: one at a time is open (RFC 3261 14.2, RFC 3311 5.2). */
    static final class Reoffers {
        private final SipLeg leg;
        private final Switchboard switchboard;
        private @Nullable InboundRequest open;

        Reoffers(SipLeg leg, Switchboard switchboard) {
            this.leg = leg;
            this.switchboard = switchboard;
        }

        void asked(InboundRequest request) {
            boolean update = request.method().equals("UPDATE");
            SipResponse refusal = refusal(request, update);
            if (refusal != null) {
                request.respond(refusal);
                return;
            }
            String offer = request.sdp();
            CallLegListener decides = leg.listener();
            if (update && offer == null) leg.accept(request, null);
            else if (decides == null) request.respond(488);
            else {
                if (!update) request.trying();
                open(request);
                ask(decides, offer).whenComplete((answer, failure) -> leg.run(() -> decided(request, answer, failure)));
            }
        }

        /** True when the CANCEL was meant for the open re-INVITE, which hears 487. */
        boolean cancelled(InboundRequest cancel) {
            InboundRequest request = open;
            if (request == null || request.cseq() != cancel.cseq()) return false;
            close();
            return true;
        }

        /** RFC 3261 15.1.2: what is open when the dialog ends hears 487. */
        void close() {
            InboundRequest request = open;
            if (request == null) return;
            settled(request);
            request.respond(487);
        }

        private @Nullable SipResponse refusal(InboundRequest request, boolean update) {
            SipResponse refusal = request.refusal();
            if (refusal != null) return refusal;
            if (request.hasForeignBody()) return InboundRequest.unsupportedMediaType("application/sdp");
            if (SessionTimer.of(request.lines()).isTooShort())
                return SipResponse.of(422, "Session Interval Too Small", Map.of("Min-SE", List.of("90")));
            if (update && request.sdp() == null) return null;
            if (leg.isOffered() || open != null)
                return SipResponse.of(500, null, Map.of("Retry-After", List.of(String.valueOf(secondsToWait()))));
            return leg.awaitsAck() ? SipResponse.of(491) : null;
        }

        private void open(InboundRequest request) {
            open = request;
            switchboard.reofferOpen(request, leg, true);
            IllegalStateException late = new IllegalStateException("nobody answered the re-offer in time");
            leg.alarm("reoffer", switchboard.timers().reofferLimit(), () -> decided(request, null, late));
        }

        private static CompletionStage<@Nullable String> ask(CallLegListener decides, @Nullable String offer) {
            try {
                return decides.reoffered(offer);
            } catch (RuntimeException failure) {
                return CompletableFuture.failedStage(failure);
            }
        }

        private void decided(InboundRequest request, @Nullable String answer, @Nullable Throwable failure) {
            if (open != request) return;
            settled(request);
            if (failure != null) LOG.warn("Call-ID {}: re-offer failed", request.callId(), failure);
            if (answer == null) request.respond(failure == null ? 488 : 500);
            else leg.accept(request, answer);
        }

        private void settled(InboundRequest request) {
            open = null;
            leg.quiet("reoffer");
            switchboard.reofferOpen(request, leg, false);
        }
    }
}
