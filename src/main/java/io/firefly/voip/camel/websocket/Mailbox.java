package io.firefly.voip.camel.websocket;

import io.vertx.core.Context;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * The events of one socket on their way to the route: in order, one exchange at a time. Event loop of the socket only,
 * but for {@link #routed}.
 */
final class Mailbox {
    /** Who sends the events, and can be asked to wait. */
    interface Sender {
        void pause();

        void resume();

        /** An event will never be routed. */
        void lost();

        /** The last event was routed or lost. */
        void emptied();
    }

    /**
     * What happened to a socket.
     *
     * @param name {@link WebsocketHeaders#OPEN} and so on
     * @param size bytes or characters of the body
     */
    record Event(
            String name,
            @Nullable Object body,
            int size,
            int closeCode,
            @Nullable String closeReason) {
        static Event open() {
            return new Event(WebsocketHeaders.OPEN, null, 0, 0, null);
        }

        static Event text(String text) {
            return new Event(WebsocketHeaders.TEXT, text, text.length(), 0, null);
        }

        static Event binary(byte[] bytes) {
            return new Event(WebsocketHeaders.BINARY, bytes, bytes.length, 0, null);
        }

        static Event close(int code, @Nullable String reason) {
            return new Event(WebsocketHeaders.CLOSE, null, 0, code, reason);
        }

        boolean isLast() {
            return name.equals(WebsocketHeaders.CLOSE);
        }

        /** Handshake headers are shown once, the others with every event. */
        boolean shows(String header) {
            return !header.startsWith(WebsocketHeaders.HANDSHAKE_PREFIX) || name.equals(WebsocketHeaders.OPEN);
        }
    }

    private final LiveSocket socket;
    private final Context loop;
    private final Sender sender;
    private final Deque<Event> waiting = new ArrayDeque<>();
    private long waitingBytes;
    private boolean underWay;
    private boolean paused;
    private boolean closing;
    private boolean abandoned;

    Mailbox(LiveSocket socket, Context loop, Sender sender) {
        this.socket = socket;
        this.loop = loop;
        this.sender = sender;
    }

    void offer(Event event) {
        if (abandoned) {
            lose(event);
            return;
        }
        waiting.add(event);
        waitingBytes += event.size();
        deliver();
        if (!closing && !paused && isFull()) {
            paused = true;
            sender.pause();
        }
    }

    /** Routes what waits, as long as the route takes it at once. Harmless when there is nothing to do. */
    void deliver() {
        while (!underWay && !waiting.isEmpty()) {
            WebsocketConsumer route = socket.group().route();
            if (route == null) return;
            Event event = waiting.remove();
            waitingBytes -= event.size();
            underWay = !route.route(socket, event);
            if (event.isLast() && !underWay) sender.emptied();
        }
        resumeIfRoom();
    }

    /** An exchange that took its time is over. Any thread. */
    void routed(Event event) {
        loop.runOnContext(nothing -> {
            underWay = false;
            if (event.isLast()) sender.emptied();
            deliver();
        });
    }

    /**
     * The wire is closed, and what was read before must be routed before the CLOSE event. What the paused socket still
     * holds comes out on resume in a task of this event loop; the CLOSE event gets in line behind that task.
     */
    void close(Event last) {
        closing = true;
        if (paused) {
            paused = false;
            sender.resume();
        }
        loop.runOnContext(nothing -> offer(last));
    }

    /** Nobody will route the events of this socket any more. */
    void abandon() {
        abandoned = true;
        waiting.forEach(this::lose);
        waiting.clear();
        waitingBytes = 0;
    }

    private void lose(Event event) {
        sender.lost();
        if (event.isLast()) sender.emptied();
    }

    private void resumeIfRoom() {
        WebsocketEndpoint.Options options = socket.group().options();
        if (paused && waiting.size() <= options.mailbox() / 2 && waitingBytes <= options.mailboxBytes() / 2) {
            paused = false;
            sender.resume();
        }
    }

    private boolean isFull() {
        WebsocketEndpoint.Options options = socket.group().options();
        return waiting.size() >= options.mailbox() || waitingBytes >= options.mailboxBytes();
    }
}
