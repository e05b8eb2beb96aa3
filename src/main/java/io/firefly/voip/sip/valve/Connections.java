package io.firefly.voip.sip.valve;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketAddress;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The stack's sockets with bounds on what strangers may open: connections in all and per address, and none that
 * stays silent. The stack's own limit stops accepting for everybody instead.
 */
public final class Connections implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Connections.class);
    private static final long FIRST_MESSAGE_NANOS = TimeUnit.SECONDS.toNanos(10);
    private static final long IDLE_NANOS = TimeUnit.HOURS.toNanos(2);

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

    /** Closes what said nothing for too long; called every few seconds. */
    public void sweep() {
        long now = System.nanoTime();
        accepted.values().removeIf(connection -> {
            boolean silent = connection.isSilent(now);
            if (silent) closeQuietly(connection.socket);
            return silent || connection.socket.isClosed();
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

    private boolean admit(Socket socket) {
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
        private final Socket socket;
        private final long acceptedNanos = System.nanoTime();
        private volatile long heardNanos;

        Accepted(Socket socket) {
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
            Socket socket = super.accept();
            while (!admit(socket)) {
                closeQuietly(socket);
                socket = super.accept();
            }
            return socket;
        }
    }
}
