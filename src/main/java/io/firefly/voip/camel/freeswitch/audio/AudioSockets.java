package io.firefly.voip.camel.freeswitch.audio;

import io.firefly.voip.media.freeswitch.fork.ForkDoor;
import io.firefly.voip.media.freeswitch.fork.ForkPeer;
import io.firefly.voip.media.freeswitch.fork.ForkSocket;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.apache.camel.AsyncProducer;
import org.apache.camel.CamelContext;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Which socket belongs to which call. Events of a socket come one at a time, in order; any thread sends. */
final class AudioSockets {
    // The headers of the websocket: component. Known here by name only: the route decides what carries the frames.
    static final String KEY = "WebsocketKey";
    static final String EVENT = "WebsocketEvent";
    static final String CLOSE_CODE = "WebsocketCloseCode";
    static final String CLOSE_REASON = "WebsocketCloseReason";
    static final String TICKET = "Websocket.path.ticket";

    private static final Logger log = LoggerFactory.getLogger(AudioSockets.class);
    private static final int ABNORMAL = 1006;
    private static final int POLICY_VIOLATION = 1008;

    private final ForkDoor door;
    private final Way sending;
    private final Way closing;
    private final Map<String, ForkPeer> peers = new ConcurrentHashMap<>();

    /** Camel is asked for with the first socket: its routes need what needs us. */
    AudioSockets(ForkDoor door, Supplier<CamelContext> camel) {
        this.door = door;
        this.sending = new Way(camel, "websocket:send");
        this.closing = new Way(camel, "websocket:close");
    }

    /** An event of the socket. */
    void deliver(String key, String event, Message message) {
        switch (event) {
            case "OPEN" -> opened(key, message.getHeader(TICKET, String.class));
            case "BINARY" -> {
                ForkPeer peer = peers.get(key);
                if (peer != null) peer.audio(message.getBody(byte[].class));
            }
            case "TEXT" -> {
                ForkPeer peer = peers.get(key);
                if (peer != null) peer.text(message.getBody(String.class));
            }
            case "CLOSE" -> closed(key, message);
            default -> log.debug("FreeSWITCH sent {} on {}: ignored", event, key);
        }
    }

    private void opened(String key, @Nullable String ticket) {
        Carried socket = new Carried(key);
        ForkPeer peer = ticket == null ? null : door.enter(ticket, socket);
        if (peer == null) socket.close(POLICY_VIOLATION, "no call waits for this ticket");
        else peers.put(key, peer);
    }

    private void closed(String key, Message message) {
        ForkPeer peer = peers.remove(key);
        if (peer == null) return;
        String reason = message.getHeader(CLOSE_REASON, String.class);
        peer.closed(message.getHeader(CLOSE_CODE, ABNORMAL, Integer.class), reason == null ? "" : reason);
    }

    /** Sockets that belong to a call. */
    int open() {
        return peers.size();
    }

    private final class Carried implements ForkSocket {
        private final String key;

        Carried(String key) {
            this.key = key;
        }

        @Override
        public boolean send(byte[] bytes, int length) {
            return sending.take(Arrays.copyOf(bytes, length), Map.of(KEY, key));
        }

        @Override
        public boolean send(String text) {
            return sending.take(text, Map.of(KEY, key));
        }

        @Override
        public void close(int code, String reason) {
            boolean unused = closing.take(null, Map.of(KEY, key, CLOSE_CODE, code, CLOSE_REASON, reason));
        }
    }

    /** The way to one endpoint. */
    private static final class Way {
        private final Supplier<CamelContext> camel;
        private final String uri;
        private volatile @Nullable AsyncProducer producer;

        Way(Supplier<CamelContext> camel, String uri) {
            this.camel = camel;
            this.uri = uri;
        }

        boolean take(@Nullable Object body, Map<String, Object> headers) {
            try {
                AsyncProducer open = open();
                Exchange exchange = open.getEndpoint().createExchange();
                headers.forEach(exchange.getMessage()::setHeader);
                exchange.getMessage().setBody(body);
                boolean unused = open.process(exchange, synchronous -> {});
                return exchange.getException() == null;
            } catch (Exception e) {
                log.debug("{} did not take it", uri, e);
                return false;
            }
        }

        private AsyncProducer open() throws Exception {
            AsyncProducer known = producer;
            return known != null ? known : find();
        }

        private synchronized AsyncProducer find() throws Exception {
            AsyncProducer known = producer;
            if (known != null) return known;
            Endpoint endpoint = camel.get().getEndpoint(uri);
            AsyncProducer found = endpoint.createAsyncProducer();
            found.start();
            producer = found;
            return found;
        }
    }
}
