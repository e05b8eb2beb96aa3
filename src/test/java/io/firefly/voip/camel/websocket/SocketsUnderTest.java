package io.firefly.voip.camel.websocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketClientOptions;
import io.vertx.core.http.WebSocketConnectOptions;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.camel.Exchange;
import org.apache.camel.RoutesBuilder;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.jspecify.annotations.Nullable;

/** A Camel context with the component, and a Vert.x of its own that plays the peers. */
final class SocketsUnderTest implements AutoCloseable {
    final Vertx ours;
    final Vertx theirs = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(2));
    final Websockets sockets;
    final DefaultCamelContext camel = new DefaultCamelContext();
    final List<Seen> seen = new CopyOnWriteArrayList<>();

    /** One event as a route saw it. */
    record Seen(String key, String event, @Nullable Object body, Map<String, Object> headers) {}

    SocketsUnderTest() {
        this(settings(Duration.ofSeconds(5)), new WebSocketClientOptions());
    }

    SocketsUnderTest(WebsocketProperties settings, WebSocketClientOptions clientOptions) {
        ours = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(2));
        sockets = new Websockets(ours, settings, clientOptions);
        camel.addComponent("websocket", new WebsocketComponent(sockets));
        camel.getShutdownStrategy().setTimeout(2);
        camel.start();
    }

    static WebsocketProperties settings(Duration hold) {
        return new WebsocketProperties(2, 4, Duration.ofSeconds(15), hold, Duration.ZERO);
    }

    static WebsocketProperties hasty(Duration connectTimeout) {
        return new WebsocketProperties(1, 1, connectTimeout, Duration.ofSeconds(5), Duration.ZERO);
    }

    SocketsUnderTest with(RoutesBuilder routes) throws Exception {
        camel.addRoutes(routes);
        return this;
    }

    /** Remembers every event. */
    SocketsUnderTest hearing(String uri) throws Exception {
        return with(route("heard", uri, this::remember));
    }

    static RouteBuilder route(String id, String uri, org.apache.camel.Processor processor) {
        return new RouteBuilder() {
            @Override
            public void configure() {
                errorHandler(noErrorHandler());
                from(uri).routeId(id).process(processor);
            }
        };
    }

    void remember(Exchange exchange) {
        Map<String, Object> headers = new HashMap<>(exchange.getMessage().getHeaders());
        seen.add(new Seen(
                String.valueOf(headers.get(WebsocketHeaders.KEY)),
                String.valueOf(headers.get(WebsocketHeaders.EVENT)),
                exchange.getMessage().getBody(),
                headers));
    }

    List<String> events(String key) {
        return seen.stream().filter(s -> s.key().equals(key)).map(Seen::event).toList();
    }

    Seen lastOf(String event) {
        return seen.stream()
                .filter(s -> s.event().equals(event))
                .reduce((a, b) -> b)
                .orElseThrow();
    }

    Exchange order(String uri, @Nullable Object body, Map<String, Object> headers) {
        return camel.createProducerTemplate().request(uri, exchange -> {
            exchange.getMessage().setBody(body);
            exchange.getMessage().setHeaders(new HashMap<>(headers));
        });
    }

    Exchange connect(String key, int port) {
        return order(
                "websocket:connect/agent",
                null,
                Map.of(WebsocketHeaders.KEY, key, WebsocketHeaders.URI, "ws://127.0.0.1:" + port + "/v1?model=x"));
    }

    Exchange send(String key, @Nullable Object body) {
        return order("websocket:send", body, Map.of(WebsocketHeaders.KEY, key));
    }

    /** Opens a server that plays the provider. */
    HttpServer provider(Consumer<ServerWebSocket> onSocket) throws Exception {
        return theirs.createHttpServer(new HttpServerOptions().setMaxWebSocketMessageSize(32 << 20))
                .webSocketHandler(onSocket::accept)
                .listen(0, "127.0.0.1")
                .toCompletionStage()
                .toCompletableFuture()
                .get(5, TimeUnit.SECONDS);
    }

    /** Dials our server as FreeSWITCH or a browser would. */
    WebSocket dial(WebSocketConnectOptions request) throws Exception {
        WebSocketClient client = theirs.createWebSocketClient();
        return client.connect(request.setHost("127.0.0.1"))
                .toCompletionStage()
                .toCompletableFuture()
                .get(5, TimeUnit.SECONDS);
    }

    /** A provider that is handed out, to be played by the test. */
    HttpServer provider(CompletableFuture<ServerWebSocket> socket) throws Exception {
        return provider(opened -> {
            socket.complete(opened);
        });
    }

    void awaitEvent(String key, String event) {
        await().atMost(10, TimeUnit.SECONDS).untilAsserted(() -> assertThat(seen)
                .as("%s %s; %s", key, event, sockets.statistics())
                .anySatisfy(s -> assertThat(s.key() + s.event()).isEqualTo(key + event)));
    }

    @Override
    public void close() throws Exception {
        camel.stop();
        sockets.close();
        ours.close().toCompletionStage().toCompletableFuture().get(5, TimeUnit.SECONDS);
        theirs.close().toCompletionStage().toCompletableFuture().get(5, TimeUnit.SECONDS);
    }
}
