package io.firefly.voip.camel.websocket;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.apache.camel.Category;
import org.apache.camel.Consumer;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.spi.Metadata;
import org.apache.camel.spi.UriEndpoint;
import org.apache.camel.spi.UriParam;
import org.apache.camel.spi.UriPath;
import org.apache.camel.support.DefaultEndpoint;
import org.jspecify.annotations.Nullable;

/** Websockets in order and by key: events of those that came or were dialled, and frames to one of them. */
@UriEndpoint(
        firstVersion = "0.1.0",
        scheme = "websocket",
        title = "Websocket",
        syntax = "websocket:role/name",
        category = {Category.NETWORKING},
        headersClass = WebsocketHeaders.class,
        generateConfigurer = false)
@Metadata(excludeProperties = "bridgeErrorHandler,exceptionHandler,exchangePattern,lazyStartProducer")
@SuppressWarnings("UnusedVariable") // options are there for Camel's catalog; the component reads what a route says
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
     * @param pingInterval how often a peer is asked whether it is alive; 0 is never
     */
    record Listen(
            String host,
            int port,
            PathTemplate path,
            List<String> allowedOrigins,
            List<String> handshakeHeaders,
            List<String> subProtocols,
            Duration pingInterval) {}

    @UriPath(
            enums = "client,server,connect,send,close",
            description =
                    "From: client (the sockets we dialled) or server (those that came to us). To: connect, send or"
                            + " close")
    @Metadata(required = true)
    private final Role role;

    @UriPath(description = "Names the sockets of client, server and connect; send and close have none")
    private final String name;

    private final WebsocketComponent component;

    @UriParam(label = "consumer", defaultValue = "64", description = "Events of one socket that may wait for the route")
    private int mailbox;

    @UriParam(
            label = "consumer",
            defaultValue = "1048576",
            description = "Bytes that may wait for a slow peer before a frame is refused")
    private int sendQueueSize;

    @UriParam(
            label = "consumer",
            defaultValueNote = "16 MiB for client, 1 MiB for server",
            description = "Longest message taken, in bytes")
    private int maxMessageSize;

    @UriParam(
            label = "consumer",
            defaultValueNote = "maxMessageSize for client, 64 KiB for server",
            description = "Longest frame taken, in bytes")
    private int maxFrameSize;

    @UriParam(label = "consumer", defaultValue = "2000", description = "Sockets at a time")
    private int maxSockets;

    @UriParam(
            label = "consumer",
            enums = "eventLoop,worker",
            defaultValue = "eventLoop",
            description = "worker when the route may block")
    private @Nullable String dispatch;

    @UriParam(label = "consumer", description = "Of a server, and needed there: its path, such as /audio/{ticket}")
    private @Nullable String path;

    @UriParam(label = "consumer", defaultValue = "127.0.0.1", description = "Of a server: address to listen at")
    private @Nullable String host;

    @UriParam(label = "consumer", defaultValue = "8085", description = "Of a server: port to listen at, 0 any free one")
    private int port;

    @UriParam(
            label = "consumer",
            description = "Of a server: host:port to listen at, instead of host and port; one setting may say both")
    private @Nullable String address;

    @UriParam(
            label = "consumer",
            defaultValue = "true",
            description = "Of a server: a Simple predicate, such as '{{some.setting}}' == 'on'; false: nothing listens")
    private @Nullable String enabled;

    @UriParam(
            label = "consumer",
            javaType = "java.time.Duration",
            defaultValue = "0s",
            description = "Of a server: peers are asked this often whether they are alive, and are gone after two"
                    + " unanswered pings; 0s never")
    private @Nullable String pingInterval;

    @UriParam(
            label = "consumer,security",
            description =
                    "Of a server: origins of browsers that may come, separated by commas; * any; empty: pages of the"
                            + " same host name")
    private @Nullable String allowedOrigins;

    @UriParam(
            label = "consumer,security",
            description = "Of a server: headers of the handshake that the OPEN event shows, separated by commas")
    private @Nullable String handshakeHeaders;

    @UriParam(label = "consumer", description = "Of a server: sub-protocols it speaks, separated by commas")
    private @Nullable String subProtocols;

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

    void setListen(@Nullable Listen listen) {
        this.listen = listen;
    }

    Options options() {
        return Objects.requireNonNull(options, "only consumers have options");
    }

    /** Null for everything but a server that is enabled. */
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
