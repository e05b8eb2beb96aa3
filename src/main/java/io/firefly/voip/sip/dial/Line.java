package io.firefly.voip.sip.dial;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/** What dialling needs of the front door. Every method returns at once. */
public interface Line {
    /** @param then hears null when the host was not found in time; on any thread, must not wait */
    void find(String host, Consumer<@Nullable InetAddress> then);

    /** {@code host:port} where the peer reaches us. */
    String hostPort(String transport, InetSocketAddress peer);

    /**
     * Sends a request in a transaction of its own.
     *
     * @param otherwise where to when the name of the peer is not found
     * @param then hears the final status once, on any thread: 408 when none came, 503 when it could not be sent. Of an
     *     INVITE it hears only these two; its responses come to {@link DialedLegs#answered}
     */
    void send(String request, Peer to, Peer otherwise, IntConsumer then);

    /**
     * Sends an ACK, which has no transaction.
     *
     * @param left when it is on its way, or lost; on any thread
     */
    void sendAck(String ack, Peer to, Peer otherwise, Runnable left);

    /**
     * The header line that proves who we are to who asked for it; null when they shall not know, or ask what we cannot
     * answer.
     *
     * @param called where the challenged request went, by address: what is answered to a stranger is not what a carrier may hear
     */
    @Nullable
    String authorization(Answer challenge, Peer called, String uri);

    void execute(String callId, Runnable work);

    Future<?> later(String callId, Duration delay, Runnable work);

    /** Headers that say what we can. */
    Map<String, List<String>> capabilities();

    /** Who is there receives what we send. */
    void proved(InetSocketAddress flow);
}
