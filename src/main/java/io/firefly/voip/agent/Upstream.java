package io.firefly.voip.agent;

import java.net.URI;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Opens websockets to a provider: one per conversation, with headers of its own. The product's implementation carries
 * every frame through Camel's {@code websocket:} endpoint and the routes {@code agent-upstream} and
 * {@code agent-downstream}.
 */
public interface Upstream {
    /** Begins to connect and returns at once. The listener hears events one at a time, in order. */
    Socket open(Request request, Listener listener);

    /**
     * One socket to be opened.
     *
     * @param key names the socket for the routes: the call's id and a number; no other socket may have had it
     */
    record Request(String key, URI uri, Map<String, String> headers) {}

    /** Our end of an upstream socket. */
    interface Socket {
        /**
         * Sends one text frame, in order; any thread.
         *
         * @return false when the socket is gone or its queue is full: the frame was dropped
         */
        boolean send(String text);

        /** Closes with a websocket status code (RFC 6455 7.4). May be called twice. */
        void close(int code, String reason);
    }

    /** What the far end does. Told in order, never two at a time, on a websocket thread. */
    interface Listener {
        void opened();

        void text(String frame);

        /** Last event of a socket, also when it never opened. {@code code} is 1006 when there was no close frame. */
        void closed(int code, @Nullable String reason);
    }
}
