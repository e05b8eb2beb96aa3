package io.firefly.voip.camel.websocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.firefly.voip.camel.websocket.WebsocketException.Reason;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.ServerWebSocket;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.apache.camel.Exchange;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** {@code websocket:client/<name>}, connect, send and close against a real peer. */
class WebsocketClientTest {
    private final SocketsUnderTest test = new SocketsUnderTest();

    @AfterEach
    void close() throws Exception {
        test.close();
    }

    @Test
    void openComesFirstAndCloseLastWithCodeAndReason() throws Exception {
        HttpServer provider = test.provider(socket -> {
            socket.writeTextMessage("session.created");
            socket.writeBinaryMessage(Buffer.buffer(new byte[] {1, 2}));
            socket.close((short) 4001, "session expired");
        });
        test.hearing("websocket:client/agent");

        test.connect("call-1", provider.actualPort());
        test.awaitEvent("call-1", "CLOSE");

        assertThat(test.events("call-1")).containsExactly("OPEN", "TEXT", "BINARY", "CLOSE");
        assertThat(test.seen.get(1).body()).isEqualTo("session.created");
        assertThat(test.seen.get(2).body()).isEqualTo(new byte[] {1, 2});
        assertThat(test.lastOf("CLOSE").headers())
                .containsEntry(WebsocketHeaders.CLOSE_CODE, 4001)
                .containsEntry(WebsocketHeaders.CLOSE_REASON, "session expired");
    }

    @Test
    void burstsOfTwentySocketsStayInOrderAndNeverOverlap() throws Exception {
        int frames = 2000;
        int calls = 20;
        HttpServer provider = test.provider(socket -> {
            for (int i = 0; i < frames; i++) socket.writeTextMessage("" + i);
        });
        AtomicInteger inversions = new AtomicInteger();
        AtomicInteger overlaps = new AtomicInteger();
        AtomicInteger done = new AtomicInteger();
        Map<String, Integer> next = new ConcurrentHashMap<>();
        Set<String> inside = ConcurrentHashMap.newKeySet();
        test.with(SocketsUnderTest.route("order", "websocket:client/agent", exchange -> {
            String key = exchange.getMessage().getHeader(WebsocketHeaders.KEY, String.class);
            if (!inside.add(key)) overlaps.incrementAndGet();
            if (exchange.getMessage().getBody() instanceof String text) {
                int number = Integer.parseInt(text);
                if (next.merge(key, 1, Integer::sum) != number + 1) inversions.incrementAndGet();
                if (number == frames - 1) done.incrementAndGet();
            }
            inside.remove(key);
        }));

        for (int call = 0; call < calls; call++) test.connect("call-" + call, provider.actualPort());
        await().atMost(20, TimeUnit.SECONDS).untilAsserted(() -> assertThat(done)
                .as("%s %s", test.sockets.statistics(), next)
                .hasValue(calls));

        assertThat(inversions).hasValue(0);
        assertThat(overlaps).hasValue(0);
        assertThat(next.values()).containsOnly(frames);
    }

    @Test
    void socketsAreSpreadOverTheEventLoops() throws Exception {
        HttpServer provider = test.provider(socket -> {});
        Set<String> threads = ConcurrentHashMap.newKeySet();
        AtomicInteger opened = new AtomicInteger();
        test.with(SocketsUnderTest.route("spread", "websocket:client/agent", exchange -> {
            threads.add(Thread.currentThread().getName());
            opened.incrementAndGet();
        }));

        for (int call = 0; call < 8; call++) test.connect("call-" + call, provider.actualPort());
        await().until(() -> opened.get() == 8);

        assertThat(threads).hasSize(2);
    }

    @Test
    void aSlowRoutePausesItsSocketAndLosesNothingBeforeTheClose() throws Exception {
        int frames = 300;
        HttpServer provider = test.provider(socket -> {
            for (int i = 0; i < frames; i++) socket.writeTextMessage(i + ":" + "x".repeat(2000));
            socket.close((short) 1000, "all said");
        });
        CountDownLatch gate = new CountDownLatch(1);
        test.with(SocketsUnderTest.route("slow", "websocket:client/agent?dispatch=worker&mailbox=8", exchange -> {
            gate.await(10, TimeUnit.SECONDS);
            test.remember(exchange);
        }));

        test.connect("call-1", provider.actualPort());
        await().until(() -> test.sockets.statistics().pauses() > 0);
        gate.countDown();
        test.awaitEvent("call-1", "CLOSE");

        List<String> numbers = test.seen.stream()
                .filter(s -> s.event().equals("TEXT"))
                .map(s -> String.valueOf(s.body()).split(":", 2)[0])
                .toList();
        assertThat(numbers)
                .containsExactlyElementsOf(
                        IntStream.range(0, frames).mapToObj(String::valueOf).toList());
        assertThat(test.events("call-1")).startsWith("OPEN").endsWith("CLOSE");
        assertThat(test.lastOf("CLOSE").headers()).containsEntry(WebsocketHeaders.CLOSE_REASON, "all said");
    }

    @Test
    void aPeerThatFloodsASlowRouteIsHeldBackAtItsOwnEnd() throws Exception {
        CompletableFuture<ServerWebSocket> peer = new CompletableFuture<>();
        HttpServer provider = test.provider(peer);
        CountDownLatch gate = new CountDownLatch(1);
        AtomicInteger routed = new AtomicInteger();
        test.with(SocketsUnderTest.route("slow", "websocket:client/agent?dispatch=worker", exchange -> {
            gate.await(20, TimeUnit.SECONDS);
            routed.incrementAndGet();
        }));
        test.connect("call-1", provider.actualPort());

        String frame = "x".repeat(64_000);
        for (int i = 0; i < 800; i++) peer.get().writeTextMessage(frame);
        await().until(() -> test.sockets.statistics().pauses() > 0);
        long receivedWhilePaused = test.sockets.statistics().received();
        boolean peerHasToWait = peer.get().writeQueueFull();
        gate.countDown();
        await().atMost(20, TimeUnit.SECONDS).until(() -> routed.get() == 801);

        assertThat(receivedWhilePaused).isLessThan(100);
        assertThat(peerHasToWait).isTrue();
    }

    @Test
    void fiftySocketsToOneAddressHaveTheirOwnHeaders() throws Exception {
        Set<String> seen = ConcurrentHashMap.newKeySet();
        HttpServer provider = test.provider(socket -> {
            seen.add(socket.uri() + " " + socket.headers().get("Authorization"));
            socket.textMessageHandler(
                    text -> socket.writeTextMessage(socket.headers().get("Authorization") + " said " + text));
        });
        test.hearing("websocket:client/agent");

        for (int i = 0; i < 50; i++) {
            test.order(
                    "websocket:connect/agent",
                    null,
                    Map.of(
                            WebsocketHeaders.KEY, "call-" + i,
                            WebsocketHeaders.URI, "ws://127.0.0.1:" + provider.actualPort() + "/v1?model=x",
                            WebsocketHeaders.HANDSHAKE, Map.of("Authorization", "Bearer " + i)));
        }
        await().atMost(10, TimeUnit.SECONDS).until(() -> test.seen.size() == 50);
        for (int i = 0; i < 50; i++)
            assertThat(test.send("call-" + i, "hello").getException()).isNull();
        await().atMost(10, TimeUnit.SECONDS).until(() -> test.seen.size() == 100);

        assertThat(seen).hasSize(50).contains("/v1?model=x Bearer 49");
        assertThat(test.seen).filteredOn(s -> s.event().equals("TEXT")).allSatisfy(s -> assertThat(s.body())
                .isEqualTo("Bearer " + s.key().substring("call-".length()) + " said hello"));
    }

    @Test
    void aRefusedUpgradeIsACloseThatNamesTheStatus() throws Exception {
        HttpServer provider = test.theirs
                .createHttpServer()
                .requestHandler(request -> request.response()
                        .setStatusCode(Integer.parseInt(request.path().substring(1)))
                        .end("{\"error\":\n\"quota\"}"))
                .listen(0, "127.0.0.1")
                .toCompletionStage()
                .toCompletableFuture()
                .get();
        test.hearing("websocket:client/agent");

        for (int status : new int[] {401, 403, 429, 500}) {
            String key = "call-" + status;
            test.order(
                    "websocket:connect/agent",
                    null,
                    Map.of(
                            WebsocketHeaders.KEY,
                            key,
                            WebsocketHeaders.URI,
                            "ws://127.0.0.1:" + provider.actualPort() + "/" + status));
            test.awaitEvent(key, "CLOSE");

            assertThat(test.events(key)).containsExactly("CLOSE");
            assertThat(test.lastOf("CLOSE").headers()).containsEntry(WebsocketHeaders.CLOSE_CODE, 1006);
            assertThat((String) test.lastOf("CLOSE").headers().get(WebsocketHeaders.CLOSE_REASON))
                    .startsWith("HTTP " + status)
                    .endsWith("{\"error\": \"quota\"}");
        }
        assertThat(test.sockets.statistics().open()).isZero();
    }

    @Test
    void nobodyListeningIsAClose() throws Exception {
        int nobody;
        try (ServerSocket probe = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            nobody = probe.getLocalPort();
        }
        test.hearing("websocket:client/agent");

        test.connect("call-1", nobody);
        test.awaitEvent("call-1", "CLOSE");

        assertThat(test.lastOf("CLOSE").headers().get(WebsocketHeaders.CLOSE_REASON))
                .asString()
                .contains("refused");
    }

    @Test
    void sendingToAGoneKeyFailsAndSaysSo() throws Exception {
        HttpServer provider = test.provider(socket -> socket.close());
        test.hearing("websocket:client/agent");
        test.connect("call-1", provider.actualPort());
        test.awaitEvent("call-1", "CLOSE");

        assertRefused(test.send("call-1", "late"), Reason.GONE, "call-1");
        assertRefused(test.send("never", "x"), Reason.GONE, "never");
        assertRefused(test.order("websocket:send", "x", Map.of()), Reason.BAD_ORDER, WebsocketHeaders.KEY);
        assertRefused(test.send("call-1", null), Reason.BAD_ORDER, "body");
    }

    @Test
    void aPeerThatDoesNotReadFillsABoundedQueue() throws Exception {
        HttpServer provider = test.provider(ServerWebSocket::pause);
        test.hearing("websocket:client/agent?sendQueueSize=200000");
        test.connect("call-1", provider.actualPort());
        test.awaitEvent("call-1", "OPEN");

        String frame = "x".repeat(50_000);
        @Nullable Exchange refused = null;
        for (int i = 0; i < 1000 && refused == null; i++) {
            Exchange sent = test.send("call-1", frame);
            if (sent.getException() != null) refused = sent;
        }

        assertRefused(refused, Reason.QUEUE_FULL, "reads too slowly");
        assertThat(test.sockets.statistics().unsent()).isEqualTo(1);
    }

    @Test
    void framesOfOneMessageAreJoinedUpToTheLimit() throws Exception {
        String huge = "y".repeat(3_000_000);
        HttpServer provider = test.provider(socket -> socket.writeTextMessage(huge));
        test.hearing("websocket:client/agent");

        test.connect("call-1", provider.actualPort());
        test.awaitEvent("call-1", "TEXT");

        assertThat(test.seen.get(1).body()).isEqualTo(huge);
    }

    @Test
    void aMessageOverTheLimitClosesTheSocket() throws Exception {
        AtomicInteger code = new AtomicInteger();
        HttpServer provider = test.provider(socket -> {
            socket.closeHandler(nothing -> code.set(socket.closeStatusCode()));
            for (int i = 0; i < 40; i++) {
                socket.writeFrame(
                        i == 0
                                ? io.vertx.core.http.WebSocketFrame.textFrame("z".repeat(1000), false)
                                : io.vertx.core.http.WebSocketFrame.continuationFrame(
                                        Buffer.buffer("z".repeat(1000)), i == 39));
            }
        });
        test.hearing("websocket:client/agent?maxMessageSize=20000");

        test.connect("call-1", provider.actualPort());
        test.awaitEvent("call-1", "CLOSE");

        assertThat(test.events("call-1")).containsExactly("OPEN", "CLOSE");
        assertThat(code).hasValue(1009);
    }

    @Test
    void closeSendsCodeAndReasonAndMayBeOrderedTwice() throws Exception {
        List<String> closes = new CopyOnWriteArrayList<>();
        HttpServer provider = test.provider(socket ->
                socket.closeHandler(nothing -> closes.add(socket.closeStatusCode() + " " + socket.closeReason())));
        test.hearing("websocket:client/agent");
        test.connect("call-1", provider.actualPort());
        test.awaitEvent("call-1", "OPEN");

        Map<String, Object> goodbye = Map.of(
                WebsocketHeaders.KEY,
                "call-1",
                WebsocketHeaders.CLOSE_CODE,
                1000,
                WebsocketHeaders.CLOSE_REASON,
                "caller hung up ä".repeat(20));
        test.order("websocket:close", null, goodbye);
        test.order("websocket:close", null, goodbye);
        test.awaitEvent("call-1", "CLOSE");

        assertThat(closes).hasSize(1);
        assertThat(closes.get(0)).startsWith("1000 caller hung up");
        assertThat(test.events("call-1")).containsExactly("OPEN", "CLOSE");
        assertRefused(
                test.order(
                        "websocket:close",
                        null,
                        Map.of(WebsocketHeaders.KEY, "call-1", WebsocketHeaders.CLOSE_CODE, 1006)),
                Reason.BAD_ORDER,
                "may not be sent");
    }

    @Test
    void aPeerThatVanishesIs1006() throws Exception {
        CompletableFuture<ServerWebSocket> peer = new CompletableFuture<>();
        HttpServer provider = test.provider(peer);
        test.hearing("websocket:client/agent");
        test.connect("call-1", provider.actualPort());
        test.awaitEvent("call-1", "OPEN");

        var unused = ((io.vertx.core.http.impl.WebSocketInternal) peer.get())
                .channelHandlerContext()
                .close();
        test.awaitEvent("call-1", "CLOSE");

        assertThat(test.lastOf("CLOSE").headers()).containsEntry(WebsocketHeaders.CLOSE_CODE, 1006);
    }

    @Test
    void badOrdersAreRefusedWithTheirReason() throws Exception {
        HttpServer provider = test.provider(socket -> {});
        assertRefused(test.connect("call-0", provider.actualPort()), Reason.BAD_ORDER, "no running route");
        test.hearing("websocket:client/agent");
        test.connect("call-1", provider.actualPort());
        test.awaitEvent("call-1", "OPEN");

        assertRefused(test.connect("call-1", provider.actualPort()), Reason.BAD_ORDER, "open already");
        for (String bad : List.of("http://127.0.0.1/", "ws:nothing", "::", "file:///etc/passwd")) {
            Exchange answer = test.order(
                    "websocket:connect/agent", null, Map.of(WebsocketHeaders.KEY, "k", WebsocketHeaders.URI, bad));
            assertRefused(answer, Reason.BAD_ORDER, WebsocketHeaders.URI);
        }
        Exchange smuggled = test.order(
                "websocket:connect/agent",
                null,
                Map.of(
                        WebsocketHeaders.KEY, "k",
                        WebsocketHeaders.URI, "ws://127.0.0.1:1/",
                        WebsocketHeaders.HANDSHAKE, Map.of("X", "a\r\nHost: evil")));
        assertRefused(smuggled, Reason.BAD_ORDER, WebsocketHeaders.HANDSHAKE);
    }

    static void assertRefused(@Nullable Exchange exchange, Reason reason, String words) {
        assertThat(Objects.requireNonNull(exchange).getException())
                .isInstanceOfSatisfying(WebsocketException.class, e -> {
                    assertThat(e.reason()).isEqualTo(reason);
                    assertThat(e).hasMessageContaining(words);
                });
    }
}
