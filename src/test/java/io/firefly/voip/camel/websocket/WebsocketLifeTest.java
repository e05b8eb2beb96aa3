package io.firefly.voip.camel.websocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketClientOptions;
import io.vertx.core.http.WebSocketConnectOptions;
import io.vertx.core.net.PfxOptions;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What outlives a route, what a restart does to sockets, and what is left when all is over. */
class WebsocketLifeTest {
    @Test
    void socketsSurviveARestartOfTheirRouteAndLoseNoFrame() throws Exception {
        try (SocketsUnderTest test = new SocketsUnderTest()) {
            CompletableFuture<ServerWebSocket> peer = new CompletableFuture<>();
            HttpServer provider = test.provider(peer);
            test.hearing("websocket:client/agent?mailbox=4");
            test.connect("call-1", provider.actualPort());
            test.awaitEvent("call-1", "OPEN");

            test.camel.getRouteController().stopRoute("heard");
            for (int i = 0; i < 100; i++) peer.get().writeTextMessage("" + i);
            await().until(() -> test.sockets.statistics().pauses() == 1);
            int whileStopped = test.seen.size();
            test.camel.getRouteController().startRoute("heard");
            await().until(() -> test.seen.size() == 101);

            assertThat(whileStopped).isEqualTo(1);
            assertThat(test.seen.subList(1, 101))
                    .extracting(SocketsUnderTest.Seen::body)
                    .containsExactlyElementsOf(
                            IntStream.range(0, 100).mapToObj(String::valueOf).toList());
        }
    }

    @Test
    void aReloadedServerRouteKeepsItsPortAndItsSockets() throws Exception {
        try (SocketsUnderTest test = new SocketsUnderTest()) {
            test.hearing("websocket:server/audio?path=/audio/{ticket}&port=0");
            int port = test.sockets.port("audio");
            WebSocket phone = test.dial(audio(port));
            await().until(() -> test.seen.size() == 1);

            test.camel.getRouteController().stopRoute("heard");
            test.camel.removeRoute("heard");
            phone.writeTextMessage("between");
            WebSocket late = test.dial(audio(port));
            test.hearing("websocket:server/audio?path=/audio/{ticket}&port=0&mailbox=32");
            phone.writeTextMessage("after");
            await().until(() -> test.seen.size() == 4);

            assertThat(test.sockets.port("audio")).isEqualTo(port);
            assertThat(test.events(test.seen.get(0).key())).containsExactly("OPEN", "TEXT", "TEXT");
            assertThat(late.isClosed()).isFalse();
        }
    }

    @Test
    void aRouteThatStaysAwayLosesItsSocketsAndItsPort() throws Exception {
        try (SocketsUnderTest test =
                new SocketsUnderTest(SocketsUnderTest.settings(Duration.ofMillis(200)), new WebSocketClientOptions())) {
            test.hearing("websocket:server/audio?path=/audio/{ticket}&port=0");
            int port = test.sockets.port("audio");
            WebSocket phone = test.dial(audio(port));
            await().until(() -> test.seen.size() == 1);

            test.camel.getRouteController().stopRoute("heard");
            phone.writeTextMessage("nobody hears this");
            await().until(phone::isClosed);
            await().until(() -> test.sockets.statistics().open() == 0);

            assertThat(phone.closeStatusCode()).isEqualTo((short) 1012);
            await().untilAsserted(
                            () -> assertThat(test.sockets.statistics().lost()).isGreaterThanOrEqualTo(2));
            await().untilAsserted(() ->
                    assertThatThrownBy(() -> test.dial(audio(port))).hasStackTraceContaining("refused"));
        }
    }

    @Test
    void onlyOneRouteHearsTheSocketsOfAName() throws Exception {
        try (SocketsUnderTest test = new SocketsUnderTest()) {
            test.hearing("websocket:client/agent");

            assertThatThrownBy(() -> test.with(
                            SocketsUnderTest.route("second", "websocket:client/agent?mailbox=3", exchange -> {})))
                    .hasStackTraceContaining("route 'heard' begins with websocket:client/agent already");
        }
    }

    @Test
    void aFailingRouteKeepsItsSocket() throws Exception {
        try (SocketsUnderTest test = new SocketsUnderTest()) {
            CompletableFuture<ServerWebSocket> peer = new CompletableFuture<>();
            HttpServer provider = test.provider(peer);
            test.with(SocketsUnderTest.route("fails", "websocket:client/agent", exchange -> {
                test.remember(exchange);
                throw new IllegalArgumentException("no good");
            }));
            test.connect("call-1", provider.actualPort());
            for (int i = 0; i < 20; i++) peer.get().writeTextMessage("" + i);

            await().until(() -> test.seen.size() == 21);

            assertThat(test.sockets.statistics().failedRoutings()).isEqualTo(21);
            assertThat(peer.get().isClosed()).isFalse();
        }
    }

    @Test
    void closingWhileDiallingIsOneClose() throws Exception {
        try (SocketsUnderTest test = new SocketsUnderTest()) {
            HttpServer provider = test.provider(socket -> {});
            test.hearing("websocket:client/agent");

            test.connect("call-1", provider.actualPort());
            test.order("websocket:close", null, Map.of(WebsocketHeaders.KEY, "call-1"));
            test.awaitEvent("call-1", "CLOSE");
            await().until(() -> test.sockets.statistics().open() == 0);

            assertThat(test.events("call-1")).endsWith("CLOSE").containsOnlyOnce("CLOSE");
        }
    }

    @Test
    void nothingIsLeftWhenAllSocketsAreClosed() throws Exception {
        int before = ourThreads();
        SocketsUnderTest test = new SocketsUnderTest();
        try (test) {
            HttpServer provider = test.provider(socket -> socket.textMessageHandler(text -> socket.close()));
            test.hearing("websocket:client/agent?dispatch=worker");
            for (int i = 0; i < 30; i++) test.connect("call-" + i, provider.actualPort());
            await().until(() -> test.seen.size() == 30);

            for (int i = 0; i < 30; i++) test.send("call-" + i, "goodbye");
            await().until(() -> test.seen.size() == 60);

            assertThat(test.sockets.statistics().open()).isZero();
            await().until(() -> test.sockets.members() == 0);
        }
        await().atMost(15, TimeUnit.SECONDS).until(() -> ourThreads() <= before);
        test.sockets.close();
    }

    @Test
    void closingEverythingSaysGoodbyeToThePeers() throws Exception {
        CompletableFuture<ServerWebSocket> peer = new CompletableFuture<>();
        CompletableFuture<Short> code = new CompletableFuture<>();
        try (SocketsUnderTest test = new SocketsUnderTest()) {
            HttpServer provider = test.provider(peer);
            test.hearing("websocket:client/agent");
            test.connect("call-1", provider.actualPort());
            peer.get().closeHandler(nothing -> code.complete(peer.join().closeStatusCode()));
            test.awaitEvent("call-1", "OPEN");

            test.sockets.close();

            assertThat(code.get(5, TimeUnit.SECONDS)).isEqualTo((short) 1001);
        }
    }

    @Test
    void wssTrustsOnlyWhatTheTrustStoreKnows(@TempDir Path folder) throws Exception {
        PfxOptions own = selfSigned(folder.resolve("own.p12"));
        Vertx theirs = Vertx.vertx();
        HttpServer provider = theirs.createHttpServer(
                        new HttpServerOptions().setSsl(true).setKeyCertOptions(own))
                .webSocketHandler(socket -> socket.writeTextMessage("secret"))
                .listen(0, "127.0.0.1")
                .toCompletionStage()
                .toCompletableFuture()
                .get(5, TimeUnit.SECONDS);
        try (SocketsUnderTest stranger = new SocketsUnderTest();
                SocketsUnderTest friend = new SocketsUnderTest(
                        SocketsUnderTest.settings(Duration.ofSeconds(5)),
                        new WebSocketClientOptions().setTrustOptions(own))) {
            for (SocketsUnderTest test : List.of(stranger, friend)) {
                test.hearing("websocket:client/agent");
                test.order(
                        "websocket:connect/agent",
                        null,
                        Map.of(
                                WebsocketHeaders.KEY,
                                "call-1",
                                WebsocketHeaders.URI,
                                "wss://localhost:" + provider.actualPort() + "/"));
            }
            stranger.awaitEvent("call-1", "CLOSE");
            friend.awaitEvent("call-1", "TEXT");

            assertThat(stranger.lastOf("CLOSE").headers().get(WebsocketHeaders.CLOSE_REASON))
                    .asString()
                    .startsWith("TLS: ")
                    .contains("certification path");
        } finally {
            theirs.close().toCompletionStage().toCompletableFuture().get(5, TimeUnit.SECONDS);
        }
    }

    private static PfxOptions selfSigned(Path store) throws Exception {
        String keytool =
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
        Process process = new ProcessBuilder(
                        keytool,
                        "-genkeypair",
                        "-alias",
                        "own",
                        "-keyalg",
                        "EC",
                        "-dname",
                        "CN=localhost",
                        "-ext",
                        "san=dns:localhost",
                        "-validity",
                        "2",
                        "-storetype",
                        "PKCS12",
                        "-storepass",
                        "changeit",
                        "-keystore",
                        store.toString())
                .redirectErrorStream(true)
                .start();
        assertThat(process.waitFor()).isZero();
        return new PfxOptions().setPath(store.toString()).setPassword("changeit");
    }

    private static WebSocketConnectOptions audio(int port) {
        WebSocketConnectOptions request = new WebSocketConnectOptions();
        request.setURI("/audio/t1");
        request.setPort(port);
        return request;
    }

    private static int ourThreads() {
        return (int) Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("websocket-worker")
                        || thread.getName().startsWith("vert.x-"))
                .count();
    }

    @Test
    void nobodyAnsweringIsACloseInTime() throws Exception {
        WebsocketProperties hasty = SocketsUnderTest.hasty(Duration.ofMillis(300));
        try (ServerSocket mute = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                SocketsUnderTest hurried = new SocketsUnderTest(hasty, new WebSocketClientOptions())) {
            hurried.hearing("websocket:client/agent");

            hurried.connect("call-1", mute.getLocalPort());
            hurried.awaitEvent("call-1", "CLOSE");

            assertThat(hurried.lastOf("CLOSE").headers().get(WebsocketHeaders.CLOSE_REASON))
                    .isEqualTo("127.0.0.1 did not answer within 300 ms");
            assertThat(hurried.sockets.statistics().open()).isZero();
            try (Socket line = mute.accept()) {
                line.setSoTimeout(5_000);
                assertThat(line.getInputStream().readAllBytes())
                        .as("a request, and then the line is closed")
                        .isNotEmpty();
            }
        }
    }
}
