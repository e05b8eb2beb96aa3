package io.firefly.voip.camel.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.firefly.voip.agent.Upstream;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.ServerWebSocket;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** An agent's socket through the shipped routes, against a real peer. */
class CamelUpstreamTest {
    private final AgentRoutes routes = new AgentRoutes();
    private final Vertx provider = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(2));
    private final Heard heard = new Heard();

    @AfterEach
    void close() throws Exception {
        routes.close();
        provider.close().toCompletionStage().toCompletableFuture().get(5, TimeUnit.SECONDS);
    }

    @Test
    void aConversationGoesThroughTheRoutesAndBack() throws Exception {
        routes.file("agent-upstream").file("agent-downstream");
        int port = provide(socket -> socket.textMessageHandler(text -> {
            if (text.equals("bye")) {
                socket.close((short) 1000, "see you");
            } else {
                socket.writeTextMessage(socket.headers().get("Authorization") + " " + text);
            }
        }));

        Upstream.Socket socket = open("call-1", port);
        await().until(() -> heard.events.contains("opened"));
        for (int i = 0; i < 500; i++) assertThat(socket.send("" + i)).isTrue();
        socket.send("bye");
        await().atMost(10, TimeUnit.SECONDS).until(heard::isClosed);

        assertThat(heard.events.get(0)).isEqualTo("opened");
        assertThat(heard.events.subList(1, 501))
                .containsExactlyElementsOf(IntStream.range(0, 500)
                        .mapToObj(i -> "Bearer secret " + i)
                        .toList());
        assertThat(heard.events).hasSize(502).endsWith("closed 1000 see you");
        assertThat(socket.send("late")).isFalse();
        assertThat(routes.upstream.openSockets()).isZero();
    }

    @Test
    void closingIsHeardOnceAndMayBeAskedTwice() throws Exception {
        routes.file("agent-upstream").file("agent-downstream");
        CompletableFuture<String> goodbye = new CompletableFuture<>();
        int port = provide(socket -> socket.closeHandler(
                nothing -> goodbye.complete(socket.closeStatusCode() + " " + socket.closeReason())));
        Upstream.Socket socket = open("call-1", port);
        await().until(() -> heard.events.contains("opened"));

        socket.close(1000, "hung up");
        socket.close(1000, "hung up");

        assertThat(goodbye.get(5, TimeUnit.SECONDS)).isEqualTo("1000 hung up");
        await().until(heard::isClosed);
        assertThat(heard.events).hasSize(2);
        assertThat(routes.sockets.statistics().open()).isZero();
    }

    @Test
    void withoutRoutesOpeningEndsWithTheirName() throws Exception {
        open("call-1", 9);
        await().until(heard::isClosed);

        assertThat(heard.events).containsExactly("closed 1006 route agent-downstream is not running");
    }

    @Test
    void withoutTheUpstreamRouteOpeningEndsToo() throws Exception {
        routes.file("agent-downstream");

        open("call-1", 9);
        await().until(heard::isClosed);

        assertThat(heard.events).containsExactly("closed 1006 no running route begins with websocket:client/agent");
    }

    @Test
    void aRefusedKeyIsAnswerEnough() throws Exception {
        routes.file("agent-upstream").file("agent-downstream");
        HttpServer server = provider.createHttpServer()
                .requestHandler(request -> request.response().setStatusCode(401).end())
                .listen(0, "127.0.0.1")
                .toCompletionStage()
                .toCompletableFuture()
                .get(5, TimeUnit.SECONDS);

        open("call-1", server.actualPort());
        await().until(heard::isClosed);

        assertThat(heard.events).containsExactly("closed 1006 HTTP 401 Unauthorized");
    }

    @Test
    void aReloadOfBothRoutesLosesNoFrameInEitherDirection() throws Exception {
        routes.file("agent-upstream").file("agent-downstream");
        List<String> atProvider = new CopyOnWriteArrayList<>();
        CompletableFuture<ServerWebSocket> peer = new CompletableFuture<>();
        int port = provide(socket -> {
            socket.textMessageHandler(atProvider::add);
            peer.complete(socket);
        });
        Upstream.Socket socket = open("call-1", port);
        await().until(() -> heard.events.contains("opened"));

        for (String route : List.of("agent-upstream", "agent-downstream")) {
            routes.camel.getRouteController().stopRoute(route);
            routes.camel.removeRoute(route);
        }
        for (int i = 0; i < 100; i++) {
            assertThat(socket.send("" + i)).isTrue();
            peer.get().writeTextMessage("" + i);
        }
        routes.file("agent-upstream").file("agent-downstream");
        assertThat(socket.send("100")).isTrue();
        await().atMost(10, TimeUnit.SECONDS).until(() -> atProvider.size() == 101 && heard.events.size() == 101);

        assertThat(atProvider)
                .containsExactlyElementsOf(
                        IntStream.rangeClosed(0, 100).mapToObj(String::valueOf).toList());
        assertThat(heard.events.subList(1, 101))
                .containsExactlyElementsOf(
                        IntStream.range(0, 100).mapToObj(String::valueOf).toList());
    }

    @Test
    void aSecondSocketUnderTheSameKeyIsClosedAndTheFirstStays() throws Exception {
        routes.file("agent-upstream").file("agent-downstream");
        int port = provide(socket -> {});
        open("call-1", port);
        await().until(() -> heard.events.contains("opened"));

        Heard second = new Heard();
        routes.upstream.open(request("call-1", port), second);
        await().until(second::isClosed);

        assertThat(second.events).containsExactly("closed 1006 a socket with the key 'call-1' is open already");
        assertThat(heard.events).containsExactly("opened");
    }

    @Test
    void aSocketNobodyWantsIsClosed() throws Exception {
        routes.file("agent-upstream").file("agent-downstream");
        CompletableFuture<Short> code = new CompletableFuture<>();
        int port = provide(socket -> {
            socket.closeHandler(nothing -> code.complete(socket.closeStatusCode()));
            socket.writeTextMessage("hello?");
        });

        routes.camel
                .createProducerTemplate()
                .sendBodyAndHeaders(
                        "websocket:connect/agent",
                        null,
                        Map.of(CamelUpstream.KEY, "stranger", CamelUpstream.URI, "ws://127.0.0.1:" + port + "/"));

        assertThat(code.get(5, TimeUnit.SECONDS)).isEqualTo((short) 1000);
        assertThat(routes.upstream.strays()).isPositive();
    }

    private int provide(Consumer<ServerWebSocket> onSocket) throws Exception {
        return provider.createHttpServer()
                .webSocketHandler(onSocket::accept)
                .listen(0, "127.0.0.1")
                .toCompletionStage()
                .toCompletableFuture()
                .get(5, TimeUnit.SECONDS)
                .actualPort();
    }

    private Upstream.Socket open(String key, int port) {
        return routes.upstream.open(request(key, port), heard);
    }

    private static Upstream.Request request(String key, int port) {
        return new Upstream.Request(
                key,
                URI.create("ws://127.0.0.1:" + port + "/v1/realtime?model=x"),
                Map.of("Authorization", "Bearer secret"));
    }

    /** Writes down what a conversation hears. */
    private static final class Heard implements Upstream.Listener {
        final List<String> events = new CopyOnWriteArrayList<>();

        @Override
        public void opened() {
            events.add("opened");
        }

        @Override
        public void text(String frame) {
            events.add(frame);
        }

        @Override
        public void closed(int code, @Nullable String reason) {
            events.add("closed " + code + " " + reason);
        }

        boolean isClosed() {
            return events.stream().anyMatch(event -> event.startsWith("closed"));
        }
    }
}
