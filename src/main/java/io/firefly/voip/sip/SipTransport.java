package io.firefly.voip.sip;

import gov.nist.core.net.DefaultNetworkLayer;
import gov.nist.javax.sip.SipStackImpl;
import gov.nist.javax.sip.message.SIPRequest;
import gov.nist.javax.sip.message.SIPResponse;
import gov.nist.javax.sip.stack.SIPMessageValve;
import io.firefly.voip.sip.stack.CallThreads;
import io.firefly.voip.sip.stack.FlowRouter;
import io.firefly.voip.sip.stack.NonInviteTransactions;
import io.firefly.voip.sip.stack.SafeParser;
import io.firefly.voip.sip.stack.StackSettings;
import io.firefly.voip.sip.valve.Connections;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import javax.sip.ListeningPoint;
import javax.sip.PeerUnavailableException;
import javax.sip.SipException;
import javax.sip.SipListener;
import javax.sip.SipProvider;
import javax.sip.TransactionAlreadyExistsException;
import javax.sip.TransactionUnavailableException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Owns the JAIN-SIP stack: its settings, sockets and threads. {@link #close()} gives all of them back.
 *
 * <p>The stack is used for parsing, transports and transactions. Dialogs are ours ({@link SipDialog}): the stack's own
 * answer re-INVITE glare, late ACKs and unknown tags in ways RFC 3261 does not.
 */
final class SipTransport implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SipTransport.class);
    private static final int ATTEMPTS_AT_A_FREE_PORT = 20;
    private static final long STOP_DEADLINE_MILLIS = 3000;

    private final SipProperties properties;
    private final SIPMessageValve valve;
    private final Connections connections;
    /** Threads that the stack starts, so that those it forgets are found when it is closed. */
    private final ThreadGroup threads = new ThreadGroup("sip");

    private final Map<String, Integer> ports = new TreeMap<>();
    private final NonInviteTransactions plain;
    private @Nullable Stack stack;
    private @Nullable SipProvider provider;

    SipTransport(SipProperties properties, SIPMessageValve valve, Connections connections) {
        this.properties = properties;
        this.valve = valve;
        this.connections = connections;
        this.plain = new NonInviteTransactions(
                properties.limits().transactions(), System::nanoTime, (request, response) -> reply(request, response));
    }

    /** @throws IllegalStateException when a port cannot be had; the message names it and the setting */
    void open(SipListener listener) {
        Exception last = null;
        int attempts = properties.port() == 0 ? ATTEMPTS_AT_A_FREE_PORT : 1;
        for (int attempt = 0; attempt < attempts && stack == null; attempt++) {
            try {
                int port = properties.port() == 0 ? freePort() : properties.port();
                inGroup(() -> openAt(port, listener));
            } catch (IOException | ExecutionException taken) {
                last = taken;
                endThreads();
            }
        }
        if (stack == null)
            throw new IllegalStateException(
                    "cannot listen for SIP at " + properties.bind() + ":" + properties.port()
                            + " (firefly.sip.bind, firefly.sip.port): is another process there?",
                    last);
        LOG.debug("SIP listens at {} {}", properties.bind(), ports);
    }

    SipProvider provider() {
        SipProvider open = provider;
        if (open == null) throw new IllegalStateException("the SIP stack is not open");
        return open;
    }

    /** Null when there is one already (a retransmission) or too many are open. */
    InboundRequest.@Nullable Answering begin(SIPRequest request) {
        if (NonInviteTransactions.takes(request)) {
            NonInviteTransactions.Transaction own = plain.begin(request);
            return own == null ? null : response -> own.answer(request, response);
        }
        try {
            return provider().getNewServerTransaction(request)::sendResponse;
        } catch (TransactionAlreadyExistsException | TransactionUnavailableException none) {
            LOG.debug("no transaction for {}: {}", request.getMethod(), none.getMessage());
            return null;
        }
    }

    /** What is older than any retransmission is forgotten. */
    void sweep() {
        plain.sweep();
        connections.sweep();
    }

    /** Sends a response without a transaction, to where the request came from. */
    void reply(SIPRequest request, SIPResponse response) {
        try {
            provider().sendResponse(response);
        } catch (SipException unreachable) {
            LOG.debug("{} to {} not sent: {}", response.getStatusCode(), request.getMethod(), unreachable.getMessage());
        }
    }

    Map<String, Integer> ports() {
        return Map.copyOf(ports);
    }

    /** Where a peer reaches us: {@code host:port}, with the address a packet to it would leave from. */
    String hostPort(String transport, InetSocketAddress peer) {
        return host(peer) + ":" + ports.getOrDefault(transport, properties.port());
    }

    String host(InetSocketAddress peer) {
        String advertised = properties.advertise();
        String host = advertised != null ? advertised : localAddressTowards(peer);
        return host.indexOf(':') >= 0 && !host.startsWith("[") ? "[" + host + "]" : host;
    }

    ThreadFactory threads(String name) {
        return CallThreads.factory(threads, name);
    }

    /** Gives sockets and threads back within some seconds. */
    @Override
    public void close() {
        Stack open = stack;
        stack = null;
        provider = null;
        connections.close();
        if (open != null) {
            Thread stopper = new Thread(threads, () -> stop(open), "sip-stop");
            stopper.start();
            join(stopper, STOP_DEADLINE_MILLIS);
        }
        endThreads();
    }

    /** The stack's own stop leaves some waiting for ever, and one of them is no daemon. */
    private void endThreads() {
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(STOP_DEADLINE_MILLIS);
        List<Thread> left = threadsLeft();
        // Interrupted again and again: one that was about to start another missed the first time.
        while (!left.isEmpty() && System.nanoTime() < deadline) {
            threads.interrupt();
            join(left.get(0), 50);
            left = threadsLeft();
        }
        left.forEach(thread -> LOG.warn("SIP thread {} did not end", thread.getName()));
    }

    private List<Thread> threadsLeft() {
        Thread[] found = new Thread[Math.max(16, threads.activeCount() * 2)];
        int count = threads.enumerate(found);
        return Arrays.stream(found, 0, count)
                .filter(thread -> thread != Thread.currentThread())
                .toList();
    }

    private static void stop(Stack open) {
        // The stack sleeps a second in there for no reason; an interrupted thread does not.
        Thread.currentThread().interrupt();
        open.stop();
    }

    private static void join(Thread thread, long millis) {
        try {
            thread.join(millis);
        } catch (InterruptedException stopWaiting) {
            Thread.currentThread().interrupt();
        }
    }

    private Void openAt(int port, SipListener listener) throws Exception {
        Stack opening = new Stack(StackSettings.of(
                properties.limits().messageBytes(), properties.limits().transactions()));
        try {
            opening.plugIn(valve, connections, properties.limits().messageBytes());
            SipProvider opened = null;
            for (String transport : transports()) {
                ListeningPoint point = opening.createListeningPoint(properties.bind(), port, transport);
                if (opened == null) opened = opening.createSipProvider(point);
                else opened.addListeningPoint(point);
                ports.put(transport, port);
            }
            if (opened == null) throw new IllegalStateException("no transport");
            opened.addSipListener(listener);
            provider = opened;
            stack = opening;
            return null;
        } finally {
            if (stack == null) {
                ports.clear();
                stop(opening);
            }
        }
    }

    private String[] transports() {
        if (properties.udp() && properties.tcp()) return new String[] {"udp", "tcp"};
        return new String[] {properties.udp() ? "udp" : "tcp"};
    }

    private int freePort() throws IOException {
        try (DatagramSocket probe = new DatagramSocket(0, InetAddress.getByName(properties.bind()))) {
            return probe.getLocalPort();
        }
    }

    private void inGroup(Callable<Void> work) throws ExecutionException {
        FutureTask<Void> task = new FutureTask<>(work);
        Thread starter = new Thread(threads, task, "sip-start");
        starter.start();
        try {
            task.get();
        } catch (InterruptedException cancelled) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while the SIP stack was opened", cancelled);
        }
    }

    /** Asks the routing table without sending anything. */
    private String localAddressTowards(InetSocketAddress peer) {
        try (DatagramSocket probe = new DatagramSocket()) {
            probe.connect(new InetSocketAddress(peer.getAddress(), Math.max(1, peer.getPort())));
            return probe.getLocalAddress().getHostAddress().toLowerCase(Locale.ROOT);
        } catch (SocketException | IllegalArgumentException noRoute) {
            return properties.bind();
        }
    }

    /** The RI's stack with our parts in it; a subclass because it takes some of them from within only. */
    private static final class Stack extends SipStackImpl {
        Stack(Properties settings) throws PeerUnavailableException {
            super(settings);
        }

        void plugIn(SIPMessageValve valve, Connections connections, int maxMessageBytes) {
            sipMessageValves.add(valve);
            setMessageParserFactory(SafeParser.factory(maxMessageBytes));
            networkLayer = StackSettings.bounded(DefaultNetworkLayer.SINGLETON, connections);
            setRouter(new FlowRouter(this));
        }
    }
}
