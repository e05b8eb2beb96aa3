package io.firefly.voip.camel.websocket;

import io.firefly.voip.camel.websocket.Mailbox.Event;
import io.firefly.voip.camel.websocket.WebsocketException.Reason;
import io.netty.channel.ChannelFuture;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.WebSocketBase;
import io.vertx.core.http.impl.WebSocketInternal;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * One socket, dialled or accepted, from the first attempt to the CLOSE event. Sending and closing from any thread;
 * everything else on its event loop.
 */
final class LiveSocket implements Mailbox.Sender {
    /** RFC 6455 7.1.5: there was no close frame. */
    static final int ABNORMAL = 1006;
    /** A peer that does not answer our close frame, or keeps TCP open after the handshake, is cut off. */
    static final int CLOSING_SECONDS = 2;

    private static final int NORMAL = 1000;
    private static final int MAX_MISSING_PONGS = 2;
    private static final int TOO_BIG = 1009;
    /** RFC 6455 5.5: a control frame carries 125 bytes, two of them the code. */
    private static final int MAX_REASON_BYTES = 123;

    private final String key;
    private final SocketGroup group;
    private final Context loop;
    private final Map<String, String> headers;
    private final Mailbox mailbox;
    private final AtomicLong queuedBytes = new AtomicLong();
    private volatile @Nullable WebSocketBase wire;
    private volatile boolean unwanted;
    private boolean ended;
    private boolean paused;
    private int missingPongs;
    private @Nullable String failure;

    LiveSocket(String key, SocketGroup group, Context loop, Map<String, String> headers) {
        this.key = key;
        this.group = group;
        this.loop = loop;
        this.headers = Map.copyOf(headers);
        this.mailbox = new Mailbox(this, loop, this);
    }

    String key() {
        return key;
    }

    SocketGroup group() {
        return group;
    }

    Context loop() {
        return loop;
    }

    /** Headers of every event of this socket. */
    Map<String, String> headers() {
        return headers;
    }

    /** The handshake is done. Event loop. */
    void opened(WebSocketBase opened) {
        if (ended || unwanted) {
            opened.close((short) NORMAL, "not wanted any more");
            end(Event.close(ABNORMAL, "closed before it opened"));
            return;
        }
        opened.textMessageHandler(text -> arrived(Event.text(text)));
        opened.binaryMessageHandler(buffer -> arrived(Event.binary(buffer.getBytes())));
        opened.exceptionHandler(this::troubled);
        opened.closeHandler(nothing -> wireClosed(opened));
        wire = opened;
        mailbox.offer(Event.open());
    }

    /**
     * Asks the peer again and again whether it is there (RFC 6455 5.5.2): a peer that loses power, or a firewall that
     * forgets us, says nothing, and TCP notices after minutes. Event loop.
     */
    void keepAlive(WebSocketBase opened, Duration interval) {
        if (ended) return;
        opened.pongHandler(pong -> missingPongs = 0);
        loop.owner().setPeriodic(interval.toMillis(), timer -> {
            if (ended) loop.owner().cancelTimer(timer);
            else if (missingPongs >= MAX_MISSING_PONGS) giveUp(opened, interval);
            else if (!paused) ping(opened); // while paused nothing is read, pongs neither
        });
    }

    private void ping(WebSocketBase opened) {
        missingPongs++;
        Future<Void> unused = opened.writePing(Buffer.buffer());
    }

    private void giveUp(WebSocketBase opened, Duration interval) {
        cutOff(opened);
        long millis = MAX_MISSING_PONGS * interval.toMillis();
        end(Event.close(ABNORMAL, "no answer to " + MAX_MISSING_PONGS + " pings within " + millis + " ms"));
    }

    /** There will be no handshake. Event loop. */
    void refused(String reason) {
        if (ended) return;
        group.sockets().countRefusedHandshake();
        end(Event.close(ABNORMAL, reason));
    }

    /** Sends a String as a text message, bytes as a binary one. Any thread; order of calls is order on the wire. */
    void send(Object body) throws WebsocketException {
        WebSocketBase open = wire;
        if (open == null || open.isClosed()) throw gone(key);
        int length = body instanceof String text ? text.length() : ((byte[]) body).length;
        long queued = queuedBytes.get();
        if (queued > 0 && queued + length > group.options().sendQueueBytes()) {
            group.sockets().countUnsent();
            throw new WebsocketException(
                    Reason.QUEUE_FULL, "socket '" + key + "' reads too slowly: " + queued + " bytes wait to be sent");
        }
        queuedBytes.addAndGet(length);
        write(open, body).onComplete(written -> queuedBytes.addAndGet(-length));
        group.sockets().countSent();
    }

    private static Future<Void> write(WebSocketBase open, Object body) {
        return body instanceof String text
                ? open.writeTextMessage(text)
                : open.writeBinaryMessage(Buffer.buffer((byte[]) body));
    }

    static WebsocketException gone(String key) {
        return new WebsocketException(Reason.GONE, "no open socket has the key '" + key + "'");
    }

    /** Says goodbye; the CLOSE event follows when the peer did, or after {@link #CLOSING_SECONDS}. Any thread. */
    void close(int code, @Nullable String reason) {
        unwanted = true;
        loop.runOnContext(nothing -> {
            WebSocketBase open = wire;
            if (open == null) {
                end(Event.close(ABNORMAL, "closed before it opened"));
            } else {
                open.close((short) code, reason == null ? null : shortened(reason));
            }
        });
    }

    /** The route has come back, or may take more. Any thread. */
    void routeIsBack() {
        loop.runOnContext(nothing -> mailbox.deliver());
    }

    /** The route stays away: nothing of this socket will be routed any more. Any thread. */
    void abandon(int code, String reason) {
        loop.runOnContext(nothing -> mailbox.abandon());
        close(code, reason);
    }

    /** An exchange that took its time is over. Any thread. */
    void routed(Event event) {
        mailbox.routed(event);
    }

    @Override
    public void pause() {
        paused = true;
        WebSocketBase open = wire;
        if (open != null) open.pause();
        group.sockets().countPause();
    }

    @Override
    public void resume() {
        paused = false;
        missingPongs = 0;
        WebSocketBase open = wire;
        if (open != null) open.resume();
    }

    @Override
    public void lost() {
        group.sockets().countLost();
    }

    @Override
    public void emptied() {
        group.remove(this);
    }

    private void arrived(Event event) {
        group.sockets().countReceived();
        missingPongs = 0;
        mailbox.offer(event);
    }

    private void troubled(Throwable trouble) {
        failure = trouble.getMessage();
        // Vert.x reports a message over the limit in this way and would skip it in silence.
        WebSocketBase open = wire;
        if (trouble instanceof IllegalStateException && open != null) {
            open.close((short) TOO_BIG, "message too big");
        }
    }

    private void wireClosed(WebSocketBase closed) {
        Short code = closed.closeStatusCode();
        String reason = closed.closeReason();
        loop.owner().setTimer(CLOSING_SECONDS * 1000L, timer -> cutOff(closed));
        end(Event.close(code == null ? ABNORMAL : code, reason == null || reason.isEmpty() ? failure : reason));
    }

    private static void cutOff(WebSocketBase closed) {
        ChannelFuture unused =
                ((WebSocketInternal) closed).channelHandlerContext().close();
    }

    private void end(Event last) {
        if (ended) return;
        ended = true;
        group.sockets().forget(this);
        mailbox.close(last);
    }

    private static String shortened(String reason) {
        int end = Math.min(reason.length(), MAX_REASON_BYTES);
        while (reason.substring(0, end).getBytes(StandardCharsets.UTF_8).length > MAX_REASON_BYTES) end--;
        return reason.substring(0, end);
    }
}
