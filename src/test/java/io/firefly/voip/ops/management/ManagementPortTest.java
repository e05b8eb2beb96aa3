package io.firefly.voip.ops.management;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.firefly.voip.testing.Operator;
import io.firefly.voip.testing.RunningFirefly;
import java.lang.management.ManagementFactory;
import java.net.CookieManager;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.core.env.Environment;

/** Who gets in at the management port, and how far: against the whole exchange. */
class ManagementPortTest {
    private static final String PASSWORD = "a-word-for-tests";
    private static final String CONTEXT = "org.apache.camel:context=firefly,type=context,name=\"firefly\"";
    private static final String ROUTE = "org.apache.camel:context=firefly,type=routes,name=\"sip-options\"";

    private static RunningFirefly firefly;
    private static String management;
    private static String open;
    private static Operator operator;
    private static Operator stranger;

    @BeforeAll
    static void start() {
        firefly = RunningFirefly.with("firefly.management.password", PASSWORD, "camel.main.name", "firefly");
        Environment settings = firefly.bean(Environment.class);
        management = "http://127.0.0.1:" + settings.getProperty("local.management.port");
        open = "http://127.0.0.1:" + settings.getProperty("local.server.port");
        operator = new Operator(management, "admin", PASSWORD);
        stranger = new Operator(management, "", "");
    }

    @AfterAll
    static void stop() {
        firefly.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/actuator",
                "/actuator/health",
                "/actuator/metrics",
                "/actuator/prometheus",
                "/actuator/hawtio/",
                "/actuator/hawtio/index.html",
                "/actuator/hawtio/user",
                "/actuator/jolokia",
                "/actuator/hawtio/jolokia",
                "/actuator/nosuch"
            })
    void withoutALoginNothingIsShown(String path) {
        assertThat(stranger.get(path).statusCode()).isEqualTo(401);
    }

    @Test
    void aWrongPasswordIsRefused() {
        assertThat(new Operator(management, "admin", "admin")
                        .get("/actuator/health")
                        .statusCode())
                .isEqualTo(401);
        assertThat(new Operator(management, "root", PASSWORD)
                        .get("/actuator/health")
                        .statusCode())
                .isEqualTo(401);
    }

    @Test
    void livenessNeedsNoLoginAndShowsNoDetail() {
        HttpResponse<String> alive = stranger.get("/actuator/health/liveness");
        assertThat(alive.statusCode()).isEqualTo(200);
        assertThat(alive.body()).isEqualTo("{\"status\":\"UP\"}");
    }

    @Test
    void theOpenPortStaysOpen() {
        Operator anybody = new Operator(open, "", "");
        assertThat(anybody.get("/health").statusCode()).isEqualTo(200);
        assertThat(anybody.get("/ready").statusCode()).isEqualTo(200);
        assertThat(anybody.get("/login").statusCode()).isEqualTo(404);
        assertThat(anybody.get("/health").headers().map()).doesNotContainKey("set-cookie");
        assertThat(anybody.get("/health", "Origin", "http://elsewhere.example").statusCode())
                .isEqualTo(200);
    }

    @Test
    void theRoutesAreSeenWithTheirDescriptionStateAndPlace() {
        JsonNode routes = operator.read("org.apache.camel:context=firefly,type=routes,name=*")
                .path("value");
        assertThat(routes).hasSizeGreaterThanOrEqualTo(11);
        JsonNode inbound = routes.path("org.apache.camel:context=firefly,type=routes,name=\"inbound\"");
        assertThat(inbound.path("Description").asText()).isNotBlank();
        assertThat(inbound.path("State").asText()).isEqualTo("Started");
        assertThat(inbound.path("SourceLocation").asText()).contains("inbound.camel.yaml");
        assertThat(inbound.path("EndpointUri").asText()).isEqualTo("call://incoming");
    }

    @Test
    void theDiagramHasTheDescriptionsAndTheExchangesOnTheirWayAreSeen() {
        assertThat(operator.exec(CONTEXT, "dumpRoutesAsXml()").path("value").asText())
                .contains("<route id=\"inbound\" description=\"");
        assertThat(operator.exec(CONTEXT, "dumpRoutesStatsAsXml(boolean,boolean)", "true", "true")
                        .path("value")
                        .asText())
                .contains("exchangesTotal");
        JsonNode inflight = operator.exec(
                "org.apache.camel:context=firefly,type=services,name=DefaultInflightRepository", "browse()");
        assertThat(inflight.path("status").asInt()).isEqualTo(200);
        assertThat(operator.search("org.apache.camel:context=firefly,type=endpoints,*"))
                .isNotEmpty();
    }

    @Test
    void aRouteIsStoppedAndStarted() {
        assertThat(operator.exec(ROUTE, "stop()").path("status").asInt()).isEqualTo(200);
        assertThat(operator.read(ROUTE, "State").path("value").asText()).isEqualTo("Stopped");
        assertThat(operator.exec(ROUTE, "start()").path("status").asInt()).isEqualTo(200);
        assertThat(operator.read(ROUTE, "State").path("value").asText()).isEqualTo("Started");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "com.sun.management:type=DiagnosticCommand | vmSystemProperties",
                "com.sun.management:type=DiagnosticCommand | jvmtiAgentLoad",
                "com.sun.management:type=HotSpotDiagnostic | dumpHeap",
                "com.sun.management:type=HotSpotDiagnostic | setVMOption",
                "java.lang:type=Memory | gc",
                "java.lang:type=Threading | dumpAllThreads(boolean,boolean)",
                "java.util.logging:type=Logging | setLoggerLevel",
                "jdk.management.jfr:type=FlightRecorder | newRecording",
                "JMImplementation:type=MBeanServerDelegate | toString",
                "DefaultDomain:type=MLet | addURL",
                "ch.qos.logback.classic:Name=default,Type=ch.qos.logback.classic.jmx.JMXConfigurator | reloadByURL",
                "org.springframework.boot:type=Admin,name=SpringApplication | shutdown",
                "org.springframework.boot:type=Endpoint,name=Health | health",
                "spring:name=dataSource,type=context | getConnection"
            })
    void noOperationOfTheJvmIsCarriedOut(String mbean, String operation) {
        refused(operator.exec(mbean, operation));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "sendBody(java.lang.String,java.lang.Object)",
                "sendStringBody",
                "requestBody",
                "sendBodyAndHeaders",
                "createEndpoint(java.lang.String)",
                "removeEndpoints",
                "addOrUpdateRoutesFromXml(java.lang.String)",
                "setGlobalOption",
                "stop()",
                "suspend()",
                "startAllRoutes",
                "reset(boolean)",
                "stop(java.lang.Object)suffix().dumpRoutesAsXml"
            })
    void noOperationOfTheCamelContextThatChangesSomething(String operation) {
        refused(operator.exec(CONTEXT, operation, "x"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "updateRouteFromXml(java.lang.String)",
                "updateRouteFromYaml",
                "remove()",
                "remove(boolean)",
                "shutdown()",
                "reset()"
            })
    void noRouteIsChangedOrRemoved(String operation) {
        refused(operator.exec(ROUTE, operation, "x"));
    }

    @Test
    void nothingIsWritten() {
        refused(operator.write(CONTEXT, "Tracing", "true"));
        refused(operator.write(ROUTE, "Tracing", "true"));
        refused(operator.write("java.lang:type=Memory", "Verbose", "true"));
    }

    @Test
    void whatTheCommandLineHeldIsNotRead() {
        for (String attribute : List.of("SystemProperties", "InputArguments", "ClassPath")) {
            refused(operator.read("java.lang:type=Runtime", attribute));
        }
        assertThat(operator.read("java.lang:type=Runtime", "Uptime")
                        .path("status")
                        .asInt())
                .isEqualTo(200);
        assertThat(operator.search("com.sun.management:*")).isEmpty();
        assertThat(operator.search("org.springframework.boot:*")).isEmpty();
    }

    @Test
    void noOtherJvmIsReachedThroughUs() {
        var relay = JsonNodeFactory.instance
                .objectNode()
                .put("type", "read")
                .put("mbean", "java.lang:type=Runtime")
                .put("attribute", "Name");
        relay.putObject("target").put("url", "service:jmx:rmi:///jndi/ldap://127.0.0.1:1/x");
        assertThat(operator.jolokia(relay).path("value").asText(""))
                .isIn("", ManagementFactory.getRuntimeMXBean().getName());
        assertThat(operator.get("/actuator/hawtio/proxy/http/127.0.0.1/1/").statusCode())
                .isEqualTo(404);
    }

    @Test
    void anOrderByGetIsRefused() {
        String body = operator.get("/actuator/jolokia/exec/org.apache.camel:context=firefly,type=routes,"
                        + "name=%22sip-options%22/stop()")
                .body();
        assertThat(body).contains("not allowed");
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://elsewhere.example", "null", "https://127.0.0.1:1", "http://127.0.0.1.evil.example"})
    void aPageOfAnotherOriginIsRefusedEvenWithTheLogin(String origin) {
        assertThat(operator.get("/actuator/health", "Origin", origin).statusCode())
                .isEqualTo(403);
        assertThat(operator.post("/actuator/jolokia", "{\"type\":\"version\"}", "Origin", origin)
                        .statusCode())
                .isEqualTo(403);
    }

    @Test
    void whatABrowserFetchesForAnotherPageIsRefusedAndALinkIsNot() {
        assertThat(operator.get("/actuator/health", "Sec-Fetch-Site", "cross-site", "Sec-Fetch-Mode", "no-cors")
                        .statusCode())
                .isEqualTo(403);
        assertThat(operator.get(
                                "/actuator/health",
                                "Sec-Fetch-Site",
                                "cross-site",
                                "Sec-Fetch-Mode",
                                "navigate",
                                "Sec-Fetch-Dest",
                                "document")
                        .statusCode())
                .isEqualTo(200);
    }

    @Test
    void aBrowserThatPostsNeedsTheToken() {
        assertThat(operator.post("/actuator/jolokia", "{\"type\":\"version\"}", "Origin", management)
                        .statusCode())
                .isEqualTo(401);
    }

    @Test
    void theFormLetsAPersonInAndGivesACookieForThisSiteOnly() throws Exception {
        CookieManager cookies = new CookieManager();
        HttpClient browser = HttpClient.newBuilder().cookieHandler(cookies).build();
        String page = browser.send(
                        HttpRequest.newBuilder(URI.create(management + "/login"))
                                .build(),
                        BodyHandlers.ofString())
                .body();
        Matcher token = Pattern.compile("name=\"_csrf\"[^>]*value=\"([^\"]+)\"").matcher(page);
        assertThat(token.find()).isTrue();
        String form = "username=admin&password=" + PASSWORD + "&_csrf="
                + URLEncoder.encode(token.group(1), StandardCharsets.UTF_8);
        HttpResponse<String> in = browser.send(
                HttpRequest.newBuilder(URI.create(management + "/login"))
                        .header("Content-Type", "application/x-www-form-urlencoded")
                        .POST(BodyPublishers.ofString(form))
                        .build(),
                BodyHandlers.ofString());
        assertThat(in.statusCode()).isEqualTo(302);
        assertThat(in.headers().firstValue("Location"))
                .hasValueSatisfying(to -> assertThat(to).endsWith("/actuator/hawtio/"));
        assertThat(in.headers().allValues("Set-Cookie"))
                .anySatisfy(cookie -> assertThat(cookie).contains("JSESSIONID", "HttpOnly", "SameSite=Strict"));
        await().untilAsserted(() -> assertThat(browser.send(
                                HttpRequest.newBuilder(URI.create(management + "/actuator/hawtio/index.html"))
                                        .build(),
                                BodyHandlers.ofString())
                        .body())
                .contains("<base href=\"/actuator/hawtio/\""));
    }

    private static void refused(JsonNode answer) {
        assertThat(answer.path("status").asInt()).as(answer.toString()).isEqualTo(403);
        assertThat(answer.has("value")).isFalse();
    }
}
