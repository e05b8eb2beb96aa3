package io.firefly.voip.media.rtp;

import io.firefly.voip.media.MediaUnavailableException;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ProtocolFamily;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.channels.DatagramChannel;
import java.security.SecureRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Even RTP ports and the odd RTCP ports above them (RFC 3550 11). A call gets a random pair, so that nobody can guess
 * where the next one listens, and never one that was in use a moment ago: late packets of the old call would be heard
 * in the new one. Any thread.
 */
final class PortPool {
    /** RFC 4594: expedited forwarding, as voice has it. */
    private static final int DSCP_EF = 0xB8;

    private static final int RECEIVE_BUFFER_BYTES = 256 * 1024;
    private static final long LEASED = Long.MIN_VALUE;
    private static final long NEVER_USED = Long.MIN_VALUE + 1;

    private final RtpProperties settings;
    private final LongSupplier nanoClock;
    private final SecureRandom random = new SecureRandom();
    /** For each pair: leased, never used, or when it was given back. */
    private final AtomicLongArray pairs;

    private final AtomicInteger leased = new AtomicInteger();

    PortPool(RtpProperties settings, LongSupplier nanoClock) {
        this.settings = settings;
        this.nanoClock = nanoClock;
        pairs = new AtomicLongArray((settings.lastPort() - settings.firstPort() + 1) / 2);
        for (int i = 0; i < pairs.length(); i++) pairs.set(i, NEVER_USED);
    }

    /** @throws MediaUnavailableException when no pair is free; the message names the settings */
    synchronized Lease lease() {
        int count = pairs.length();
        int start = random.nextInt(count);
        int inQuarantine = 0;
        int foreign = 0;
        for (int i = 0; i < count; i++) {
            int pair = (start + i) % count;
            long state = pairs.get(pair);
            if (state == LEASED) continue;
            if (isInQuarantine(state)) {
                inQuarantine++;
                continue;
            }
            Lease lease = bind(pair);
            if (lease != null) return lease;
            foreign++;
        }
        throw new MediaUnavailableException("no RTP port left from firefly.media.rtp.first-port "
                + settings.firstPort() + " to last-port " + settings.lastPort() + ": " + leased.get()
                + " pairs in use, "
                + inQuarantine + " in quarantine for "
                + settings.portQuarantine().toSeconds() + " s, " + foreign
                + " taken by other programs; widen the range");
    }

    int leased() {
        return leased.get();
    }

    private boolean isInQuarantine(long givenBackNanos) {
        return givenBackNanos != NEVER_USED
                && nanoClock.getAsLong() - givenBackNanos
                        < settings.portQuarantine().toNanos();
    }

    private @Nullable Lease bind(int pair) {
        int port = settings.firstPort() + 2 * pair;
        DatagramChannel rtp = open(port);
        if (rtp == null) return null;
        DatagramChannel rtcp = open(port + 1);
        if (rtcp == null) {
            close(rtp);
            return null;
        }
        pairs.set(pair, LEASED);
        leased.incrementAndGet();
        return new Lease(pair, port, rtp, rtcp);
    }

    /** Null when somebody else has the port. */
    private @Nullable DatagramChannel open(int port) {
        InetAddress bind = settings.bind();
        ProtocolFamily family =
                bind instanceof Inet4Address ? StandardProtocolFamily.INET : StandardProtocolFamily.INET6;
        DatagramChannel channel = null;
        try {
            channel = DatagramChannel.open(family);
            channel.configureBlocking(false);
            channel.setOption(StandardSocketOptions.SO_RCVBUF, RECEIVE_BUFFER_BYTES);
            channel.setOption(StandardSocketOptions.IP_TOS, DSCP_EF);
            channel.bind(new InetSocketAddress(bind, port));
            return channel;
        } catch (IOException e) {
            if (channel != null) close(channel);
            return null;
        }
    }

    private static void close(DatagramChannel channel) {
        try {
            channel.close();
        } catch (IOException e) {
            throw new IllegalStateException("cannot close an RTP socket", e);
        }
    }

    /** No lock: this is the media thread, and {@link #lease} may be busy with thousands of ports. */
    private void giveBack(int pair) {
        pairs.set(pair, nanoClock.getAsLong());
        leased.decrementAndGet();
    }

    /** Two bound, non-blocking sockets. Closing twice is fine. */
    final class Lease implements AutoCloseable {
        private final int pair;
        private final int port;
        private final DatagramChannel rtp;
        private final DatagramChannel rtcp;
        private boolean closed;

        private Lease(int pair, int port, DatagramChannel rtp, DatagramChannel rtcp) {
            this.pair = pair;
            this.port = port;
            this.rtp = rtp;
            this.rtcp = rtcp;
        }

        int port() {
            return port;
        }

        DatagramChannel rtp() {
            return rtp;
        }

        DatagramChannel rtcp() {
            return rtcp;
        }

        @Override
        public synchronized void close() {
            if (closed) return;
            closed = true;
            PortPool.close(rtp);
            PortPool.close(rtcp);
            giveBack(pair);
        }
    }
}
