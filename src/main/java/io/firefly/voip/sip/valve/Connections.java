package io.firefly.voip.sip.valve;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketImpl;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The stack's sockets with bounds on what strangers may open: connections in all and per address, none that stays
 * silent, and none that does not read what we answer, for which the writing thread would wait without end. The stack's
 * own limit stops accepting for everybody instead.
 */
public final class Connections implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Connections.class);
    private static final long FIRST_MESSAGE_NANOS = TimeUnit.SECONDS.toNanos(10);
    private static final long IDLE_NANOS = TimeUnit.HOURS.toNanos(2);
    private static final long WRITE_NANOS = TimeUnit.SECONDS.toNanos(5);

    private final int max;
    private final int maxPerAddress;
    private final LongAdder refused = new LongAdder();
    private final Map<SocketAddress, Accepted> accepted = new ConcurrentHashMap<>();

    public Connections(int max, int maxPerAddress) {
        this.max = max;
        this.maxPerAddress = maxPerAddress;
    }

    public long refused() {
        return refused.sum();
    }

    /** A message came by this connection: it may stay for longer. */
    public void heard(SocketAddress peer) {
        Accepted connection = accepted.get(peer);
        if (connection != null) connection.heardNanos = System.nanoTime();
    }

    /** Closes what said or read nothing for too long; called every few seconds. */
    public void sweep() {
        long now = System.nanoTime();
        accepted.values().removeIf(connection -> {
            boolean useless = connection.isSilent(now) || connection.socket.isStuck(now);
            if (useless) closeQuietly(connection.socket);
            return useless || connection.socket.isClosed();
        });
    }

    @Override
    public void close() {
        accepted.values().forEach(connection -> closeQuietly(connection.socket));
        accepted.clear();
    }

    /** The listening socket of the stack: it closes at once what is one too many. */
    public ServerSocket listen(int port, int backlog, InetAddress address) throws IOException {
        return new GuardedServerSocket(port, backlog, address);
    }

    private boolean admit(WatchedSocket socket) {
        accepted.values().removeIf(connection -> connection.socket.isClosed());
        long ofThisAddress = accepted.values().stream()
                .filter(connection -> connection.socket.getInetAddress().equals(socket.getInetAddress()))
                .count();
        if (accepted.size() >= max || ofThisAddress >= maxPerAddress) {
            refused.increment();
            return false;
        }
        accepted.put(socket.getRemoteSocketAddress(), new Accepted(socket));
        return true;
    }

    private static void closeQuietly(Socket socket) {
        try {
            socket.close();
        } catch (IOException alreadyGone) {
            LOG.trace("close", alreadyGone);
        }
    }

    private static final class Accepted {
        private final WatchedSocket socket;
        private final long acceptedNanos = System.nanoTime();
        private volatile long heardNanos;

        Accepted(WatchedSocket socket) {
            this.socket = socket;
        }

        boolean isSilent(long now) {
            long heard = heardNanos;
            return heard == 0 ? now - acceptedNanos > FIRST_MESSAGE_NANOS : now - heard > IDLE_NANOS;
        }
    }

    private final class GuardedServerSocket extends ServerSocket {
        GuardedServerSocket(int port, int backlog, InetAddress address) throws IOException {
            super(port, backlog, address);
        }

        @Override
        public Socket accept() throws IOException {
            WatchedSocket socket = acceptOne();
            while (!admit(socket)) {
                closeQuietly(socket);
                socket = acceptOne();
            }
            return socket;
        }

        private WatchedSocket acceptOne() throws IOException {
            WatchedSocket socket = new WatchedSocket();
            implAccept(socket);
            return socket;
        }
    }

    /** Knows since when a thread waits for its peer to read. */
    private static final class WatchedSocket extends Socket {
        private volatile long writingSinceNanos;

        WatchedSocket() throws SocketException {
            super((SocketImpl) null);
        }

        boolean isStuck(long now) {
            long since = writingSinceNanos;
            return since != 0 && now - since > WRITE_NANOS;
        }

        @Override
        public OutputStream getOutputStream() throws IOException {
            return new WatchedStream(super.getOutputStream());
        }

        private final class WatchedStream extends FilterOutputStream {
            WatchedStream(OutputStream out) {
                super(out);
            }

            /** The stack lets one thread write at a time. */
            @Override
            public void write(byte[] bytes, int from, int length) throws IOException {
                writingSinceNanos = System.nanoTime() | 1; // 0 means that nobody does
                try {
                    out.write(bytes, from, length);
                } finally {
                    writingSinceNanos = 0;
                }
            }
        }
    }
}
