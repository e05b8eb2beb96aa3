package io.firefly.voip.camel.websocket;

import org.apache.camel.spi.Metadata;

/** The headers a route meets at the {@code websocket:} component. */
public final class WebsocketHeaders {
    /** Names one socket. In every event; needed by connect, send and close. String. */
    @Metadata(description = "Names one socket. In every event; needed by connect, send and close", javaType = "String")
    public static final String KEY = "WebsocketKey";

    /** What happened: {@link #OPEN}, {@link #TEXT} (body String), {@link #BINARY} (body byte[]) or {@link #CLOSE}. */
    @Metadata(label = "consumer", description = "What happened", javaType = "String", enums = "OPEN,TEXT,BINARY,CLOSE")
    public static final String EVENT = "WebsocketEvent";

    /** In CLOSE events and for close: status code of RFC 6455 7.4; 1006 when there was no close frame. Integer. */
    @Metadata(
            description =
                    "Status code of RFC 6455 7.4, in CLOSE events and for close; 1006 when there was no close frame",
            javaType = "Integer")
    public static final String CLOSE_CODE = "WebsocketCloseCode";

    /** In CLOSE events and for close: the reason in words, where one is known. String. */
    @Metadata(description = "The reason in words, in CLOSE events and for close", javaType = "String")
    public static final String CLOSE_REASON = "WebsocketCloseReason";

    /** For connect: {@code ws:} or {@code wss:} address. String or {@link java.net.URI}. */
    @Metadata(label = "producer", description = "connect: ws: or wss: address", javaType = "String or java.net.URI")
    public static final String URI = "WebsocketUri";

    /** For connect: header lines of the handshake request, such as Authorization. {@code Map<String, String>}. */
    @Metadata(
            label = "producer",
            description = "connect: header lines of the handshake request",
            javaType = "Map<String, String>")
    public static final String HANDSHAKE = "WebsocketHandshake";

    /** In events of a server: address of the peer. String. */
    @Metadata(label = "consumer", description = "Address of the peer, in events of a server", javaType = "String")
    public static final String REMOTE_ADDRESS = "WebsocketRemoteAddress";

    /** In events of a server: {@code Websocket.path.ticket} is the parameter {@code {ticket}} of the path. String. */
    @Metadata(
            label = "consumer",
            description = "Begins the name of a parameter of the path, in events of a server",
            javaType = "String")
    public static final String PATH_PREFIX = "Websocket.path.";

    /** In OPEN events of a server: the handshake headers the endpoint's {@code handshakeHeaders} allows. String. */
    @Metadata(
            label = "consumer",
            description = "Begins the name of a header of the handshake, in OPEN events of a server",
            javaType = "String")
    public static final String HANDSHAKE_PREFIX = "Websocket.handshake.";

    public static final String OPEN = "OPEN";
    public static final String TEXT = "TEXT";
    public static final String BINARY = "BINARY";
    public static final String CLOSE = "CLOSE";

    private WebsocketHeaders() {}
}
