package io.firefly.voip.media.freeswitch.fork;

import java.security.SecureRandom;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** Where the module's sockets come in: each brings the ticket of its call, which is good once. Any thread. */
public final class ForkDoor {
    private static final int TICKET_BYTES = 24;
    private final SecureRandom random = new SecureRandom();
    private final Map<String, Holder> expected = new ConcurrentHashMap<>();
    private final LongAdder refused = new LongAdder();

    /** Who waits for a socket. */
    interface Holder {
        /** Null when it is not wanted any more. */
        @Nullable
        ForkPeer joined(ForkSocket socket);
    }

    /** A new ticket: 192 random bits, safe in a path. Whoever issues it takes it back. */
    String issue(Holder holder) {
        byte[] bits = new byte[TICKET_BYTES];
        random.nextBytes(bits);
        String ticket = Base64.getUrlEncoder().withoutPadding().encodeToString(bits);
        expected.put(ticket, holder);
        return ticket;
    }

    void takeBack(String ticket) {
        expected.remove(ticket);
    }

    /**
     * A socket came with this ticket.
     *
     * @return null when there is no such ticket: it never was, was used before, or its time is over. Close the socket
     */
    public @Nullable ForkPeer enter(String ticket, ForkSocket socket) {
        Holder holder = expected.remove(ticket);
        ForkPeer peer = holder == null ? null : holder.joined(socket);
        if (peer == null) refused.increment();
        return peer;
    }

    /** Calls that wait for their socket. */
    public int expected() {
        return expected.size();
    }

    /** Sockets with a ticket that was not good. */
    public long refused() {
        return refused.sum();
    }
}
