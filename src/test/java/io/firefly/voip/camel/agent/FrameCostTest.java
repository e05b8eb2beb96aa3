package io.firefly.voip.camel.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.management.OperatingSystemMXBean;
import io.firefly.voip.agent.Upstream;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketClientOptions;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * What a frame out and a frame in cost through both shipped routes, beside bare Vert.x sockets in the same process. By
 * hand: {@code mvn -o test -Dtest=FrameCostTest -DargLine=-Dfirefly.bench=true}.
 */
@EnabledIfSystemProperty(named = "firefly.bench", matches = "true")
class FrameCostTest {
    private static final int CALLS = 50;
    private static final int ROUNDS = 400;
    private static final String FRAME =
            "{\"type\":\"input_audio_buffer.append\",\"audio\":\"" + "A".repeat(216) + "\"}";

    private final AtomicInteger heard = new AtomicInteger();

    @Test
    void printsCpuPerFramePair() throws Exception {
        Vertx provider = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
        Vertx bareVertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(2));
        try (AgentRoutes routes = new AgentRoutes()) {
            routes.file("agent-upstream").file("agent-downstream");
            int port = provider.createHttpServer()
                    .webSocketHandler(socket -> socket.textMessageHandler(socket::writeTextMessage))
                    .listen(0, "127.0.0.1")
                    .toCompletionStage()
                    .toCompletableFuture()
                    .get(5, TimeUnit.SECONDS)
                    .actualPort();
            List<Consumer<String>> carried = carried(routes, port);
            List<Consumer<String>> bare = bare(bareVertx, port);
            for (int round = 0; round < 4; round++) {
                System.out.printf(
                        "us CPU per frame pair, %d calls x 50/s, peer included: through Camel %.1f, bare Vert.x %.1f%n",
                        CALLS, measure(carried), measure(bare));
            }
        } finally {
            bareVertx.close().toCompletionStage().toCompletableFuture().get(5, TimeUnit.SECONDS);
            provider.close().toCompletionStage().toCompletableFuture().get(5, TimeUnit.SECONDS);
        }
    }

    private List<Consumer<String>> carried(AgentRoutes routes, int port) {
        AtomicInteger opened = new AtomicInteger();
        List<Consumer<String>> senders = new ArrayList<>();
        for (int call = 0; call < CALLS; call++) {
            Upstream.Request request =
                    new Upstream.Request("call-" + call, URI.create("ws://127.0.0.1:" + port + "/"), Map.of());
            Upstream.Socket socket = routes.upstream.open(request, new Counting(opened, heard));
            senders.add(socket::send);
        }
        await().atMost(10, TimeUnit.SECONDS).until(() -> opened.get() == CALLS);
        return senders;
    }

    private List<Consumer<String>> bare(Vertx vertx, int port) throws Exception {
        WebSocketClient client = vertx.createWebSocketClient(new WebSocketClientOptions().setMaxConnections(CALLS));
        List<Consumer<String>> senders = new ArrayList<>();
        for (int call = 0; call < CALLS; call++) {
            WebSocket socket = client.connect(port, "127.0.0.1", "/")
                    .toCompletionStage()
                    .toCompletableFuture()
                    .get(5, TimeUnit.SECONDS);
            socket.textMessageHandler(text -> heard.incrementAndGet());
            senders.add(socket::writeTextMessage);
        }
        return senders;
    }

    private double measure(List<Consumer<String>> senders) {
        heard.set(0);
        long before = cpuNanos();
        long next = System.nanoTime();
        for (int round = 0; round < ROUNDS; round++) {
            for (Consumer<String> sender : senders) sender.accept(FRAME);
            next += 20_000_000;
            LockSupport.parkNanos(next - System.nanoTime());
        }
        await().atMost(10, TimeUnit.SECONDS).until(() -> heard.get() == CALLS * ROUNDS);
        double micros = (cpuNanos() - before) / 1000.0 / heard.get();
        assertThat(heard).hasValue(CALLS * ROUNDS);
        return micros;
    }

    private static long cpuNanos() {
        return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getProcessCpuTime();
    }

    /** A listener that only counts. */
    private static final class Counting implements Upstream.Listener {
        private final AtomicInteger openings;
        private final AtomicInteger texts;

        Counting(AtomicInteger openings, AtomicInteger texts) {
            this.openings = openings;
            this.texts = texts;
        }

        @Override
        public void opened() {
            openings.incrementAndGet();
        }

        @Override
        public void text(String frame) {
            texts.incrementAndGet();
        }

        @Override
        public void closed(int code, @Nullable String reason) {}
    }
}
