package io.firefly.voip.sip;

import gov.nist.javax.sip.message.SIPRequest;
import io.firefly.voip.sip.dial.DialedLegs;
import io.firefly.voip.sip.stack.CallThreads;
import io.firefly.voip.sip.stack.FrontValve;
import io.firefly.voip.sip.stack.NonInviteTransactions;
import io.firefly.voip.sip.valve.Connections;
import io.firefly.voip.sip.valve.MethodTable;
import io.firefly.voip.sip.valve.SourceRates;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sip.DialogTerminatedEvent;
import javax.sip.IOExceptionEvent;
import javax.sip.RequestEvent;
import javax.sip.ResponseEvent;
import javax.sip.ServerTransaction;
import javax.sip.SipListener;
import javax.sip.TimeoutEvent;
import javax.sip.TransactionTerminatedEvent;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The front door over JAIN-SIP. A stack thread makes the transaction of a request and, as soon as nobody else is at
 * its Call-ID, it goes to its leg, to the handler of its method, or is refused.
 */
final class JainSipFront implements SipFront, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(JainSipFront.class);

    private final SipProperties properties;
    private final List<SipProperties.Network> trustedNetworks;
    private final SipDialog.Timers timers;
    private final FrontValve valve;
    private final Connections connections;
    private final SipTransport transport;
    private final ClientTransactions clients;
    private final CallThreads callThreads;
    private final MethodTable<SipRequestHandler> handlers = new MethodTable<>();
    private final Board board = new Board();
    private final EventDialogs events = new EventDialogs(board);
    private final DialLine dialed;
    private final Map<String, SipLeg> legsByInvite = new ConcurrentHashMap<>();
    private final Map<String, SipLeg> legsByDialog = new ConcurrentHashMap<>();
    private final AtomicInteger alive = new AtomicInteger();
    private final AtomicBoolean closed = new AtomicBoolean();

    JainSipFront(SipProperties properties, SipDialog.Timers timers) {
        this(properties, timers, InetAddress::getByName);
    }

    JainSipFront(SipProperties properties, SipDialog.Timers timers, ClientTransactions.Names.Lookup lookup) {
        this.properties = properties;
        this.trustedNetworks = properties.trustedNetworks();
        this.timers = timers;
        this.connections = new Connections(
                properties.limits().connections(), properties.limits().connectionsPerAddress());
        SipProperties.Limits limits = properties.limits();
        this.valve = new FrontValve(
                source -> SipProperties.Network.anyHas(trustedNetworks, source),
                new SourceRates.Rate(limits.burst(), limits.ratePerSecond(), limits.ban()),
                connections,
                this::legOf);
        this.transport = new SipTransport(properties, valve, connections);
        this.clients = new ClientTransactions(transport, lookup);
        this.callThreads = new CallThreads(properties.threads());
        this.dialed = new DialLine(board, timers);
    }

    /** Opens the ports. @throws IllegalStateException when one is taken; nothing is open then */
    JainSipFront open() {
        valve.repliesBy(transport::reply);
        transport.open(new Listener());
        callThreads.every(Duration.ofSeconds(2), transport::sweep);
        return this;
    }

    @Override
    public AutoCloseable handle(Set<String> methods, SipRequestHandler handler) {
        return handlers.add(methods, handler);
    }

    @Override
    public CompletionStage<SipResponse> send(Outgoing request) {
        return request.method().equals("SUBSCRIBE") ? events.subscribe(request) : clients.send(request);
    }

    @Override
    public CompletionStage<Boolean> notifyWatcher(String dialogId, Notification notification) {
        return events.notifyWatcher(dialogId, notification);
    }

    DialedLegs dialer() {
        return dialed.legs();
    }

    @Override
    public int openSubscriptions() {
        return events.open();
    }

    @Override
    public void ready() {
        handlers.complete();
    }

    @Override
    public int openDialogs() {
        return alive.get();
    }

    @Override
    public Map<String, Integer> ports() {
        return transport.ports();
    }

    @Override
    public Map<String, Long> counters() {
        Map<String, Long> counters = new TreeMap<>(valve.counted());
        counters.put("connections-refused", connections.refused());
        return counters;
    }

    @Override
    public int rememberedLegs() {
        return legsByDialog.size();
    }

    /** Gives back every socket and thread. Sends nothing: ending the calls first is up to their owner. */
    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) return;
        callThreads.close();
        clients.close();
        transport.close();
        events.clear();
        dialed.legs().clear();
        legsByInvite.clear();
        legsByDialog.clear();
    }

    // Stack threads.

    private void received(RequestEvent event) {
        SIPRequest request = (SIPRequest) event.getRequest();
        boolean trusted = SipProperties.Network.anyHas(trustedNetworks, request.getPeerPacketSourceAddress());
        boolean stateless = request.getMethod().equals("ACK")
                || InboundRequest.isRepeatable(request)
                || (!trusted && isDoubtful(request));
        ServerTransaction made = event.getServerTransaction();
        InboundRequest.Answering transaction = made == null ? null : made::sendResponse;
        if (transaction == null && !stateless) transaction = transport.begin(request);
        if (transaction == null && !stateless) {
            valve.count(NonInviteTransactions.takes(request) ? "repeated" : "no-transaction");
            return;
        }
        InboundRequest inbound = new InboundRequest(request, stateless ? null : transaction, transport, trusted);
        if (InboundRequest.isOutsideOfCalls(request)) {
            // Its handler hands over, and nothing comes before or after it.
            outsideOfDialogs(inbound);
            return;
        }
        boolean onConnection = !inbound.source().transport().equals("udp");
        if (callThreads.offer(inbound.callId(), onConnection, () -> dispatch(inbound))) return;
        valve.count("overload");
        inbound.respond(SipResponse.overloaded());
    }

    /** A request whose sender nobody knows, and whose address may be somebody else's. */
    private boolean isDoubtful(SIPRequest request) {
        if (!request.getTopmostVia().getTransport().equalsIgnoreCase("udp")) return false;
        return EventDialogs.isUnproven(request) || (request.getMethod().equals("INVITE") && legOf(request) == null);
    }

    /** The key of the leg that a request belongs to by its Call-ID and tags; null when we know none. */
    private @Nullable String legOf(SIPRequest request) {
        String key = InboundRequest.key(request);
        boolean tagged = request.getToTag() != null;
        boolean known = tagged
                ? legsByDialog.containsKey(key)
                        || dialed.legs().isOurs(request.getCallId().getCallId(), request.getToTag())
                : request.getMethod().equals("CANCEL") && legsByInvite.containsKey(key);
        return known ? key : null;
    }

    // Thread of the call.

    private void dispatch(InboundRequest request) {
        String toTag = request.toTag();
        if (request.method().equals("CANCEL")) {
            SipLeg leg = legsByInvite.get(request.inviteKey());
            if (leg != null) leg.cancelled(request);
            else if (!dialed.asked(request)) request.respond(481);
        } else if (toTag != null) {
            SipLeg leg = legsByDialog.get(SipDialog.key(request.callId(), toTag, request.fromTag()));
            if (leg == null) inOtherDialog(request);
            else if (request.method().equals("ACK")) leg.acknowledged(request);
            else leg.inDialog(request);
        } else if (!request.method().equals("ACK")) {
            outsideOfDialogs(request);
        }
    }

    private void outsideOfDialogs(InboundRequest request) {
        if (isRepeated(request)) return;
        if (Set.of("BYE", "PRACK", "UPDATE", "INFO").contains(request.method())) {
            request.respond(481);
            return;
        }
        SipRequestHandler handler = handlers.handler(request.method());
        SipResponse refusal = handler == null ? untaken(request.method()) : request.refusal();
        if (refusal != null) request.respond(refusal);
        else if (request.method().equals("INVITE")) invited(request, handler);
        else handedOver(request, handler, events.answerOnce(request));
    }

    private void inOtherDialog(InboundRequest request) {
        if (dialed.asked(request) || request.method().equals("ACK")) return;
        SipRequestHandler handler = handlers.handler(request.method());
        SipResponse refusal = handler == null ? SipResponse.of(481) : events.refusal(request);
        if (refusal != null) request.respond(refusal);
        else handedOver(request, handler, events.answerOnce(request));
    }

    /** What hears a request outside of a dialog that no route takes. */
    private SipResponse untaken(String method) {
        int status = handlers.refusal(method);
        // RFC 6665 4.1.3: it belongs to a subscription, and there is none.
        if (status == 405 && method.equals("NOTIFY")) return SipResponse.of(481);
        return switch (status) {
            case 405 -> SipResponse.of(405, null, board.capabilities());
            case 503 -> SipResponse.of(503, null, Map.of("Retry-After", List.of("1")));
            default -> SipResponse.of(501);
        };
    }

    /** The same INVITE once more, after the transaction forgot it; or by another way (RFC 3261 8.2.2.2). */
    private boolean isRepeated(InboundRequest request) {
        if (dialed.legs().isOurs(request.callId(), request.fromTag())) {
            // We called ourselves.
            request.respond(SipResponse.of(482, "Loop Detected", Map.of()));
            return true;
        }
        SipLeg known = request.method().equals("INVITE") ? legsByInvite.get(request.inviteKey()) : null;
        if (known == null) return false;
        if (!known.invite().branch().equals(request.branch()))
            request.respond(SipResponse.of(482, "Loop Detected", Map.of()));
        return true;
    }

    private void invited(InboundRequest request, @Nullable SipRequestHandler handler) {
        if (alive.get() >= properties.limits().calls()) {
            valve.count("too-many-calls");
            request.respond(SipResponse.overloaded());
            return;
        }
        SipLeg leg = new SipLeg(request, board);
        alive.incrementAndGet();
        legsByInvite.put(request.inviteKey(), leg);
        legsByDialog.put(leg.dialog().key(), leg);
        leg.offered(properties.unansweredTimeout());
        handedOver(request, handler, leg);
    }

    private void handedOver(InboundRequest request, @Nullable SipRequestHandler handler, SipResponder responder) {
        if (handler == null) return;
        try {
            handler.onRequest(
                    request.toSipRequest(responder instanceof SipLeg leg ? leg::becomeCall : null), responder);
        } catch (RuntimeException failure) {
            LOG.error("Call-ID {}: handler of {} failed", request.callId(), request.method(), failure);
            responder.respond(SipResponse.of(500));
        }
    }

    private final class Board implements SipDialog.Switchboard {
        @Override
        public SipTransport transport() {
            return transport;
        }

        @Override
        public ClientTransactions clients() {
            return clients;
        }

        @Override
        public SipDialog.Timers timers() {
            return timers;
        }

        @Override
        public Map<String, List<String>> capabilities() {
            return SipResponse.capabilities(handlers.methods());
        }

        @Override
        public void execute(String callId, Runnable work) {
            callThreads.execute(callId, work);
        }

        @Override
        public void handOver(String callId, Runnable work) {
            callThreads.handOver(callId, work);
        }

        @Override
        public Future<?> later(String callId, Duration delay, Runnable work) {
            return callThreads.later(callId, delay, work);
        }

        @Override
        public void reofferOpen(InboundRequest request, SipLeg leg, boolean open) {
            if (open) legsByInvite.put(request.inviteKey(), leg);
            else legsByInvite.remove(request.inviteKey(), leg);
        }

        @Override
        public void proved(InetSocketAddress flow) {
            valve.proved(flow);
        }

        @Override
        public @Nullable Credentials credentialsFor(InetSocketAddress peer) {
            return properties.credentialsFor(peer.getAddress());
        }

        @Override
        public void ended(SipLeg leg) {
            alive.decrementAndGet();
            legsByInvite.remove(leg.invite().inviteKey(), leg);
        }

        @Override
        public void forget(SipLeg leg) {
            legsByDialog.remove(leg.dialog().key(), leg);
        }
    }

    /** Nothing may get out of here: the stack's thread would end and leave nobody to listen. */
    @SuppressWarnings("IllegalCatch")
    private final class Listener implements SipListener {
        @Override
        public void processRequest(RequestEvent event) {
            guarded(() -> received(event));
        }

        @Override
        public void processResponse(ResponseEvent event) {
            guarded(() -> {
                if (!dialed.answered(event)) ClientTransactions.answered(event);
            });
        }

        @Override
        public void processTimeout(TimeoutEvent event) {
            guarded(() -> {
                if (!event.isServerTransaction()) ClientTransactions.unanswered(event.getClientTransaction(), 408);
            });
        }

        @Override
        public void processIOException(IOExceptionEvent event) {
            valve.count("io-failure");
            LOG.debug("SIP I/O with {}:{} failed", event.getHost(), event.getPort());
        }

        @Override
        public void processTransactionTerminated(TransactionTerminatedEvent event) {
            guarded(() -> {
                if (!event.isServerTransaction()) ClientTransactions.unanswered(event.getClientTransaction(), 503);
            });
        }

        @Override
        public void processDialogTerminated(DialogTerminatedEvent event) {
            // The stack keeps no dialogs for us.
        }

        private void guarded(Runnable work) {
            try {
                work.run();
            } catch (Throwable failure) {
                valve.count("listener-failure");
                LOG.error("SIP event dropped", failure);
            }
        }
    }
}
