package io.firefly.voip.camel.websocket;

import java.util.List;
import java.util.Objects;
import org.apache.camel.Consumer;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.support.DefaultEndpoint;
import org.jspecify.annotations.Nullable;

/** One address of the scheme {@code websocket:}; the component has checked its options. */
final class WebsocketEndpoint extends DefaultEndpoint {
    /** The word after {@code websocket:}. */
    enum Role {
        CLIENT,
        SERVER,
        CONNECT,
        SEND,
        CLOSE;

        boolean isConsumer() {
            return this == CLIENT || this == SERVER;
        }

        boolean isNamed() {
            return isConsumer() || this == CONNECT;
        }
    }

    /**
     * How the sockets of a name are treated.
     *
     * @param mailbox events that may wait for the route before the socket is paused
     * @param sendQueueBytes bytes (for text: characters) that may wait for the peer before a frame is refused
     * @param worker whether the route may block, and so runs on a worker thread
     */
    record Options(
            int mailbox, int sendQueueBytes, int maxMessageBytes, int maxFrameBytes, int maxSockets, boolean worker) {
        /** However few, the events that wait may not weigh more than this before the socket is paused. */
        int mailboxBytes() {
            return 1024 * 1024;
        }
    }

    /**
     * Where a server listens and whom it lets in.
     *
     * @param allowedOrigins empty: browsers from pages of the same host name; {@code *}: from anywhere
     * @param handshakeHeaders names of handshake headers that the OPEN event may show
     */
    record Listen(
            String host,
            int port,
            PathTemplate path,
            List<String> allowedOrigins,
            List<String> handshakeHeaders,
            List<String> subProtocols) {}

    private final Role role;
    private final String name;
    private final WebsocketComponent component;
    private @Nullable Options options;
    private @Nullable Listen listen;

    WebsocketEndpoint(String uri, WebsocketComponent component, Role role, String name) {
        super(uri, component);
        this.role = role;
        this.name = name;
        this.component = component;
    }

    void setOptions(Options options) {
        this.options = options;
    }

    void setListen(Listen listen) {
        this.listen = listen;
    }

    Options options() {
        return Objects.requireNonNull(options, "only consumers have options");
    }

    /** Null for everything but a server. */
    @Nullable
    Listen listen() {
        return listen;
    }

    Role role() {
        return role;
    }

    String name() {
        return name;
    }

    Websockets sockets() {
        return component.sockets();
    }

    @Override
    public Producer createProducer() {
        if (role.isConsumer()) {
            throw new IllegalArgumentException(getEndpointUri() + " stands behind 'from'. To send a frame write "
                    + "websocket:send, to dial websocket:connect/" + name);
        }
        return new WebsocketProducer(this);
    }

    @Override
    public Consumer createConsumer(Processor processor) throws Exception {
        if (!role.isConsumer()) {
            throw new IllegalArgumentException(getEndpointUri()
                    + " stands behind 'to'. Events come from websocket:client/<name> or server/<name>");
        }
        WebsocketConsumer consumer = new WebsocketConsumer(this, processor);
        configureConsumer(consumer);
        return consumer;
    }
}
