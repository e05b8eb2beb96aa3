package io.firefly.voip.camel.websocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.UpgradeRejectedException;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketClientOptions;
import io.vertx.core.http.WebSocketConnectOptions;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** {@code websocket:server/<name>} against a real client. */
class WebsocketServerTest {
    private static final String AUDIO = "websocket:server/audio?path=/audio/{ticket}&port=0";
    private final SocketsUnderTest test = new SocketsUnderTest();

    @AfterEach
    void close() throws Exception {
        test.close();
    }

    @Test
    void theTicketOfThePathIsAHeaderOfEveryEvent() throws Exception {
        test.hearing(AUDIO);

        WebSocket phone = test.dial(to("/audio/a%20b+c"));
        phone.writeBinaryMessage(Buffer.buffer(new byte[320]));
        await().until(() -> test.seen.size() == 2);
        phone.close((short) 1000, "bye");
        await().until(() -> test.seen.size() == 3);

        assertThat(test.seen).extracting(SocketsUnderTest.Seen::event).containsExactly("OPEN", "BINARY", "CLOSE");
        assertThat(test.seen).allSatisfy(s -> assertThat(s.headers()).containsEntry("Websocket.path.ticket", "a b+c"));
        assertThat(test.seen.get(2).headers()).containsEntry(WebsocketHeaders.CLOSE_REASON, "bye");
    }

    @Test
    void aRouteAnswersTheSocketItHeard() throws Exception {
        test.with(new org.apache.camel.builder.RouteBuilder() {
            @Override
            public void configure() {
                from(AUDIO).routeId("echo").filter(body().isNotNull()).to("websocket:send");
            }
        });
        List<String> heard = new CopyOnWriteArrayList<>();
        WebSocket phone = test.dial(to("/audio/t1"));
        phone.textMessageHandler(heard::add);
        phone.binaryMessageHandler(buffer -> heard.add("bytes " + buffer.length()));

        phone.writeTextMessage("hello");
        phone.writeBinaryMessage(Buffer.buffer(new byte[320]));

        await().untilAsserted(() -> assertThat(heard).containsExactly("hello", "bytes 320"));
    }

    @Test
    void queriesAndHandshakeHeadersNeverSteerCamel() throws Exception {
        test.hearing(AUDIO + "&handshakeHeaders=User-Agent");

        test.dial(to("/audio/t1?CamelHttpUri=http://evil&WebsocketKey=other")
                .addHeader("CamelFileName", "x")
                .addHeader("WebsocketKey", "other")
                .addHeader("User-Agent", "fork/1"));
        await().until(() -> test.seen.size() == 1);

        assertThat(test.seen.get(0).headers())
                .containsOnlyKeys(
                        WebsocketHeaders.KEY,
                        WebsocketHeaders.EVENT,
                        WebsocketHeaders.REMOTE_ADDRESS,
                        "Websocket.path.ticket",
                        "Websocket.handshake.User-Agent");
        assertThat(test.seen.get(0).key()).isNotEqualTo("other");
    }

    @Test
    void otherPathsAre404AndPlainRequestsAre426() throws Exception {
        test.hearing(AUDIO);

        for (String path : List.of("/", "/audio", "/audio/", "/audio/a/b", "/other/t1")) {
            assertRefused(to(path), 404);
        }
        HttpResponse<String> plain = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port() + "/audio/t1"))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
        assertThat(plain.statusCode()).isEqualTo(426);
        assertThat(test.seen).isEmpty();
        assertThat(test.sockets.statistics().open()).isZero();
    }

    @Test
    void pagesOfOtherHostsAreRefused() throws Exception {
        test.hearing(AUDIO);

        assertRefused(to("/audio/t1").addHeader("Origin", "https://evil.example"), 403);
        assertRefused(to("/audio/t1").addHeader("Origin", "null"), 403);
        test.dial(to("/audio/t1").addHeader("Origin", "http://127.0.0.1:8080"));
        test.dial(to("/audio/t2"));
        await().until(() -> test.seen.size() == 2);
    }

    @Test
    void theAllowListDecidesWhichPagesMayCome() throws Exception {
        test.hearing(AUDIO + "&allowedOrigins=https://console.example");

        assertRefused(to("/audio/t1").addHeader("Origin", "http://127.0.0.1:8080"), 403);
        test.dial(to("/audio/t1").addHeader("Origin", "https://console.example"));
        await().until(() -> test.seen.size() == 1);
    }

    @Test
    void aFullServerAnswers503() throws Exception {
        test.hearing(AUDIO + "&maxSockets=1");
        test.dial(to("/audio/t1"));
        await().until(() -> test.seen.size() == 1);

        assertRefused(to("/audio/t2"), 503);
    }

    @Test
    void whoeverNeverShakesHandsIsShownOutAndSocketsStay() throws Exception {
        WebsocketProperties hasty = SocketsUnderTest.hasty(Duration.ofMillis(400));
        try (SocketsUnderTest hurried = new SocketsUnderTest(hasty, new WebSocketClientOptions())) {
            hurried.hearing(AUDIO);
            int port = hurried.sockets.port("audio");
            WebSocketConnectOptions request = new WebSocketConnectOptions();
            request.setURI("/audio/t1");
            request.setPort(port);
            WebSocket phone = hurried.dial(request);
            try (Socket silent = new Socket(InetAddress.getLoopbackAddress(), port)) {
                silent.setSoTimeout(5000);

                assertThat(silent.getInputStream().read()).isEqualTo(-1);
            }
            phone.writeTextMessage("still here");
            await().until(() -> hurried.seen.size() == 2);
        }
    }

    @Test
    void aFrameOverTheLimitClosesTheSocket() throws Exception {
        test.hearing(AUDIO + "&maxFrameSize=1000");
        WebSocket phone = test.dial(to("/audio/t1"));

        phone.writeBinaryMessage(Buffer.buffer(new byte[2000]));

        await().until(() -> test.seen.size() == 2);
        assertThat(test.lastOf("CLOSE").headers()).containsKey(WebsocketHeaders.CLOSE_CODE);
    }

    @Test
    void twoRoutesShareOnePortByTheirPaths() throws Exception {
        int port;
        try (ServerSocket probe = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = probe.getLocalPort();
        }
        List<String> browser = new CopyOnWriteArrayList<>();
        test.hearing("websocket:server/audio?path=/audio/{ticket}&port=" + port);
        test.with(SocketsUnderTest.route(
                "talk",
                "websocket:server/browser?path=/talk&port=" + port,
                exchange -> browser.add(exchange.getMessage().getHeader(WebsocketHeaders.EVENT, String.class))));

        test.dial(to("/audio/t1"));
        test.dial(to("/talk"));
        await().until(() -> test.seen.size() == 1 && browser.size() == 1);
        test.camel.getRouteController().stopRoute("talk");
        test.dial(to("/audio/t2"));

        await().until(() -> test.seen.size() == 2);
    }

    @Test
    void aTakenPortStopsTheRouteWithASentence() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThatThrownBy(() -> test.hearing("websocket:server/audio?path=/a&port=" + taken.getLocalPort()))
                    .hasStackTraceContaining("cannot listen on 127.0.0.1:" + taken.getLocalPort());
        }
    }

    @Test
    void oneSettingSaysHostAndPortAndAnotherWhetherAtAll() throws Exception {
        String where = "websocket:server/audio?path=/a&address=127.0.0.1:0&enabled=RAW('{{mode}}' == 'on')";
        test.camel.getPropertiesComponent().addOverrideProperty("mode", "off");
        test.hearing(where);
        assertThatThrownBy(this::port).hasMessageContaining("nothing listens");
        test.camel.getRouteController().stopRoute("heard");
        test.camel.removeRoute("heard");

        test.camel.getPropertiesComponent().addOverrideProperty("mode", "on");
        test.hearing(where);
        assertThat(port()).isPositive();
    }

    @Test
    void aServerAsksItsPeersWhetherTheyAreAlive() throws Exception {
        test.hearing(AUDIO + "&pingInterval=50ms");
        WebSocket phone = test.dial(to("/audio/t1"));
        List<Boolean> pings = new CopyOnWriteArrayList<>();
        phone.frameHandler(frame -> {
            if (frame.isPing()) pings.add(true);
        });
        await().until(() -> pings.size() > 2);
        assertThat(phone.isClosed()).isFalse();
    }

    @Test
    void wrongAddressesAreRefusedWithTheRightOne() {
        assertBad("websocket:server/audio?path=/a&address=here", "address must be host:port");
        assertBad("websocket:server/audio?path=/a&address=h:70000", "port must be 0 to 65535");
        assertBad("websocket:server/audio?path=/a&pingInterval=5m", "pingInterval must be 10ms to 60s");
        assertBad("websocket:agent", "client/<name> or server/<name>");
        assertBad("websocket:client", "a name must follow");
        assertBad("websocket:server/audio", "option path is missing");
        assertBad("websocket:server/audio?path=/a/*", "plain text or one {name}");
        assertBad("websocket:server/audio?path=/a&port=70000", "port must be 0 to 65535");
        assertBad("websocket:client/agent?dispatch=thread", "eventLoop");
        assertBad("websocket:client/agent?mailbox=0", "mailbox must be at least 1");
        assertBad("websocket:client/agent?maxMesageSize=1", "maxMesageSize");
        assertBad("websocket:send", "stands behind 'to'");
    }

    private void assertBad(String uri, String sentence) {
        assertThatThrownBy(() -> test.hearing(uri)).hasStackTraceContaining(sentence);
    }

    private WebSocketConnectOptions to(String path) {
        WebSocketConnectOptions request = new WebSocketConnectOptions();
        request.setURI(path);
        request.setPort(port());
        return request;
    }

    private int port() {
        return test.sockets.port("audio");
    }

    private void assertRefused(WebSocketConnectOptions request, int status) {
        assertThatThrownBy(() -> test.dial(request))
                .isInstanceOf(ExecutionException.class)
                .cause()
                .isInstanceOfSatisfying(UpgradeRejectedException.class, refused -> assertThat(refused.getStatus())
                        .isEqualTo(status));
    }
}
