package io.firefly.voip.sip.stack;

import gov.nist.javax.sip.header.Via;
import gov.nist.javax.sip.message.SIPRequest;
import gov.nist.javax.sip.message.SIPResponse;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Queue;
import java.util.function.BiConsumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The server transactions of requests other than INVITE that came by UDP (RFC 3261 17.2.2): who asks again hears the
 * answer again, and nothing is done twice.
 *
 * <p>In place of the stack's own, which wake a thread twice a second for each request of the last 32 s, tell two clients
 * with the same branch not apart, and refuse new requests when there are too many. Here the oldest is forgotten then.
 * Any thread.
 */
public final class NonInviteTransactions {
    /** Timer J: 64*T1. */
    private static final long MEMORY_NANOS = Duration.ofSeconds(32).toNanos();

    private static final String COOKIE = "z9hg4bk";

    private final int most;
    private final LongSupplier nanoClock;
    private final BiConsumer<SIPRequest, SIPResponse> sender;
    private final Map<String, Transaction> known = new HashMap<>();
    private final Queue<Transaction> byAge = new ArrayDeque<>();

    /**
     * @param most at a time
     * @param sender sends a response to where its request came from
     */
    public NonInviteTransactions(int most, LongSupplier nanoClock, BiConsumer<SIPRequest, SIPResponse> sender) {
        this.most = most;
        this.nanoClock = nanoClock;
        this.sender = sender;
    }

    /** True for a request that belongs here. */
    public static boolean takes(SIPRequest request) {
        return switch (request.getMethod()) {
            case "INVITE", "ACK", "CANCEL" -> false;
            default -> request.getTopmostVia().getTransport().equalsIgnoreCase("udp");
        };
    }

    /** Null when the request was here before; then its answer, if there is one by now, has been sent again. */
    public @Nullable Transaction begin(SIPRequest request) {
        Transaction begun = new Transaction(key(request), nanoClock.getAsLong());
        Transaction before;
        synchronized (byAge) {
            before = known.putIfAbsent(begun.key, begun);
            if (before == null) byAge.add(begun);
            forgetOld(begun.sinceNanos);
        }
        if (before == null) return begun;
        SIPResponse answer = before.answer;
        if (answer != null) sender.accept(request, answer);
        return null;
    }

    /** To be called now and then, for when nobody asks any more. */
    public void sweep() {
        synchronized (byAge) {
            forgetOld(nanoClock.getAsLong());
        }
    }

    /** Remembered now. */
    public int size() {
        synchronized (byAge) {
            return byAge.size();
        }
    }

    private void forgetOld(long nowNanos) {
        Transaction oldest = byAge.peek();
        while (oldest != null && (byAge.size() > most || nowNanos - oldest.sinceNanos >= MEMORY_NANOS)) {
            known.remove(oldest.key);
            byAge.remove();
            oldest = byAge.peek();
        }
    }

    /** RFC 3261 17.2.3; who sets no branch of that RFC is known by what RFC 2543 went by. */
    private static String key(SIPRequest request) {
        Via via = request.getTopmostVia();
        String branch = via.getBranch();
        String key = request.getMethod() + '\n' + via.getSentBy() + '\n' + branch;
        if (branch != null && branch.toLowerCase(Locale.ROOT).startsWith(COOKIE)) return key;
        return key
                + '\n'
                + request.getCallId().getCallId()
                + '\n'
                + request.getCSeq().getSeqNumber()
                + '\n'
                + request.getFromTag()
                + '\n'
                + request.getToTag()
                + '\n'
                + request.getRequestURI();
    }

    /** One request, answered once. */
    public final class Transaction {
        private final String key;
        private final long sinceNanos;
        private volatile @Nullable SIPResponse answer;

        private Transaction(String key, long sinceNanos) {
            this.key = key;
            this.sinceNanos = sinceNanos;
        }

        /** Sends the final response; a second one is dropped. */
        public void answer(SIPRequest request, SIPResponse response) {
            synchronized (this) {
                if (answer != null) return;
                answer = response;
            }
            sender.accept(request, response);
        }
    }
}
