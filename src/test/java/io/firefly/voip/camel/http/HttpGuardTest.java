package io.firefly.voip.camel.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import io.firefly.voip.agent.ToolCall;
import io.firefly.voip.call.CallId;
import io.firefly.voip.camel.agent.AgentScheme;
import io.firefly.voip.testing.OrderBook;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.apache.hc.client5.http.DnsResolver;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The HTTP example against a real server, and every way round the rules that we know. */
class HttpGuardTest {
    private static final Path EXAMPLE = Path.of("routes/examples/tool-order-status.camel.yaml");

    private final DefaultCamelContext camel = new DefaultCamelContext();
    private final AgentScheme agents = new AgentScheme(() -> camel, new OrderBook(), () -> name -> Optional.empty());
    private final List<String> asked = new CopyOnWriteArrayList<>();
    private HttpServer shop;

    @BeforeEach
    void open() throws IOException {
        shop = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        shop.createContext("/orders/", exchange -> {
            asked.add(exchange.getRequestMethod() + " " + exchange.getRequestURI());
            byte[] body = exchange.getRequestURI().getPath().endsWith("9999")
                    ? "x".repeat(5_000).getBytes(StandardCharsets.UTF_8)
                    : "{\"status\":\"on its way\"}".getBytes(StandardCharsets.UTF_8);
            boolean moved = exchange.getRequestURI().getPath().endsWith("3333");
            if (moved) exchange.getResponseHeaders().add("Location", "http://127.0.0.1:" + port() + "/orders/1111");
            exchange.sendResponseHeaders(moved ? 302 : 200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        shop.start();
    }

    @AfterEach
    void close() {
        camel.stop();
        agents.close();
        shop.stop(0);
    }

    @Test
    void theExampleAsksTheShopAndItsAnswerIsTheTools() throws Exception {
        serve(internal("127.0.0.1"));

        assertThat(run("{\"number\":\"4711\"}")).isEqualTo("{\"status\":\"on its way\"}");

        assertThat(asked).containsExactly("GET /orders/4711");
    }

    @Test
    void argumentsThatAreNoOrderNumberNeverReachTheNetwork() throws Exception {
        serve(internal("127.0.0.1"));

        for (String hostile :
                List.of("../admin", "4711?x=1", "4711/../../admin", "http://169.254.169.254/", "4711\\r\\nX: 1"))
            assertThat(run("{\"number\":\"" + hostile + "\"}"))
                    .contains("\"error\"")
                    .contains("number");
        assertThat(run("{\"number\":\"4711\",\"CamelHttpUri\":\"http://127.0.0.1:1/\"}"))
                .contains("there is no parameter 'CamelHttpUri'");

        assertThat(asked).isEmpty();
    }

    @Test
    void aHostOnNoListIsNotAskedAndTheModelHearsNothingOfTheNetwork() throws Exception {
        serve(new HttpGuardProperties(
                List.of("api.shop.example"), List.of(), Duration.ofSeconds(3), Duration.ofSeconds(5), 1_000, 5));

        assertThat(run("{\"number\":\"4711\"}")).isEqualTo("{\"error\":\"tool 'order_status' failed\"}");

        assertThat(asked).isEmpty();
    }

    @Test
    void aRedirectIsNotFollowedAndALongAnswerIsNotRead() throws Exception {
        serve(internal("127.0.0.1"));

        assertThat(run("{\"number\":\"3333\"}")).contains("failed");
        assertThat(run("{\"number\":\"9999\"}")).contains("\"error\"");

        assertThat(asked).containsExactly("GET /orders/3333", "GET /orders/9999");
    }

    @Test
    void aListedNameThatLeadsIntoTheOwnNetworkIsNotAsked() throws Exception {
        HttpGuardProperties settings = new HttpGuardProperties(
                List.of("*.shop.example"), List.of(), Duration.ofSeconds(3), Duration.ofSeconds(5), 1_000, 5);
        HttpGuard guard = new HttpGuard(settings, new Names("10.0.0.7"));

        assertThatThrownBy(() -> guard.resolve("api.shop.example"))
                .isInstanceOf(UnknownHostException.class)
                .hasMessageContaining("leads into the own network");
        assertThat(new HttpGuard(settings, new Names("8.8.8.8")).resolve("api.shop.example"))
                .hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "127.0.0.1",
                "127.8.8.8",
                "0.0.0.0",
                "0.1.2.3",
                "10.1.2.3",
                "172.16.0.1",
                "172.31.255.255",
                "192.168.1.1",
                "169.254.169.254",
                "100.64.0.1",
                "100.127.0.1",
                "192.0.0.8",
                "192.0.2.1",
                "198.18.0.1",
                "198.19.0.1",
                "198.51.100.1",
                "203.0.113.1",
                "224.0.0.1",
                "240.0.0.1",
                "255.255.255.255",
                "::1",
                "::",
                "fe80::1",
                "fc00::1",
                "fd12::1",
                "ff02::1",
                "::ffff:10.0.0.1",
                "::ffff:169.254.169.254",
                "64:ff9b::a9fe:a9fe",
                "2002:a00:1::",
                "2002:7f00:1::",
                "2001::1",
                "2001:db8::1",
                "100::1",
                "fec0::1"
            })
    void anAddressOfTheOwnNetworkIsNotPublic(String address) throws Exception {
        assertThat(HttpGuard.isPublic(InetAddress.getByName(address))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "8.8.8.8",
                "172.15.0.1",
                "172.32.0.1",
                "100.63.0.1",
                "198.20.0.1",
                "2606:4700::1111",
                "2002:808:808::"
            })
    void anAddressOfTheInternetIs(String address) throws Exception {
        assertThat(HttpGuard.isPublic(InetAddress.getByName(address))).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"https://api.example.com", "api.example.com:443", "*", "com", "*.*.example.com", "exa mple.com"})
    void aHostThatIsNoneIsRefusedWithTheKey(String host) {
        assertThatThrownBy(() -> new HttpGuardProperties(
                        List.of(host), List.of(), Duration.ofSeconds(3), Duration.ofSeconds(5), 1_000, 5))
                .hasMessageContaining("firefly.http.allowed-hosts = ");
    }

    private int port() {
        return shop.getAddress().getPort();
    }

    private static HttpGuardProperties internal(String host) {
        return new HttpGuardProperties(
                List.of(), List.of(host), Duration.ofSeconds(3), Duration.ofSeconds(5), 1_000, 5);
    }

    private void serve(HttpGuardProperties settings) throws Exception {
        HttpGuard guard = new HttpGuard(settings);
        camel.addComponent("agent", agents.component());
        camel.addComponent("http", HttpGuardConfiguration.guarded(settings, guard));
        camel.start();
        String text = Files.readString(EXAMPLE)
                .replace("https://api.shop.example", "http://127.0.0.1:" + port())
                .replace("    routeConfigurationId: apologise\n", "");
        PluginHelper.getRoutesLoader(camel).loadRoutes(ResourceHelper.fromString("file:example.camel.yaml", text));
    }

    private String run(String arguments) throws Exception {
        return agents.tools()
                .run(new ToolCall(new CallId("call-1"), "t", "order_status", arguments))
                .toCompletableFuture()
                .get(20, TimeUnit.SECONDS);
    }

    private record Names(String address) implements DnsResolver {
        @Override
        public InetAddress[] resolve(String host) throws UnknownHostException {
            return new InetAddress[] {InetAddress.getByName("8.8.4.4"), InetAddress.getByName(address)};
        }

        @Override
        public String resolveCanonicalHostname(String host) {
            return host;
        }
    }
}
