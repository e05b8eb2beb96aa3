package io.firefly.voip.camel.sip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.firefly.voip.call.HangupCause;
import io.firefly.voip.call.IncomingCall;
import io.firefly.voip.sip.SipRequest;
import io.firefly.voip.sip.TestFronts;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Routes over a real socket: what the route leaves behind is what the peer hears. */
class SipComponentTest {
    private final BlockingQueue<Map<String, Object>> headersSeen = new LinkedBlockingQueue<>();
    private final BlockingQueue<Object> bodiesSeen = new LinkedBlockingQueue<>();
    private TestFronts.Opened sip;
    private DefaultCamelContext camel;

    @BeforeEach
    void open() {
        sip = TestFronts.open();
        camel = new DefaultCamelContext();
        camel.getRegistry().bind("sip", new SipComponent(sip.front()));
        camel.start();
    }

    @AfterEach
    void close() throws Exception {
        camel.close();
        sip.close();
    }

    private void route(String id, String from, org.apache.camel.Processor... steps) throws Exception {
        camel.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                errorHandler(noErrorHandler());
                var route = from(from).routeId(id);
                for (var step : steps) route.process(step);
            }
        });
    }

    private void see(Exchange exchange) {
        headersSeen.add(Map.copyOf(exchange.getMessage().getHeaders()));
        bodiesSeen.add(exchange.getMessage().getBody());
    }

    @Test
    void aRouteThatSaysNothingAnswers200() throws Exception {
        route("options", "sip:edge?methods=OPTIONS", this::see);

        assertThat(sip.exchange("OPTIONS", "", "")).startsWith("SIP/2.0 200 ");
        assertThat(bodiesSeen.poll(1, TimeUnit.SECONDS)).isInstanceOf(SipRequest.class);
    }

    @Test
    void theRouteChoosesStatusReasonHeadersAndBody() throws Exception {
        route("register", "sip:edge?methods=REGISTER", exchange -> {
            exchange.getMessage().setHeader("SipStatus", "401");
            exchange.getMessage().setHeader("SipReason", "Prove it");
            exchange.getMessage()
                    .setHeader(
                            "SipHeader.WWW-Authenticate",
                            List.of(
                                    "Digest realm=\"a\", nonce=\"1\"",
                                    "Digest realm=\"a\", algorithm=SHA-256, nonce=\"2\""));
            exchange.getMessage().setHeader("SipContentType", "text/plain");
            exchange.getMessage().setBody("hello");
        });

        String response = sip.exchange("REGISTER", "", "");

        assertThat(response)
                .startsWith("SIP/2.0 401 Prove it\r\n")
                .contains("\r\nWWW-Authenticate: Digest realm=\"a\", nonce=\"1\"\r\n")
                .contains("\r\nWWW-Authenticate: Digest realm=\"a\", algorithm=SHA-256, nonce=\"2\"\r\n")
                .contains("\r\nContent-Type: text/plain\r\n")
                .endsWith("\r\n\r\nhello");
    }

    @Test
    void aResponseHeaderCannotSmuggleInAnother() throws Exception {
        route("options", "sip:edge?methods=OPTIONS", exchange -> {
            exchange.getMessage().setHeader("SipHeader.X-Good", "1\r\nX-Evil: 2");
            exchange.getMessage().setHeader("SipHeader.Via", "SIP/2.0/UDP evil");
        });

        assertThat(sip.exchange("OPTIONS", "", "")).startsWith("SIP/2.0 200 ").doesNotContainIgnoringCase("evil");
    }

    @Test
    void aFailingRouteHears500() throws Exception {
        route("options", "sip:edge?methods=OPTIONS", exchange -> {
            throw new IllegalStateException("broken route");
        });

        assertThat(sip.exchange("OPTIONS", "", "")).startsWith("SIP/2.0 500 ").doesNotContain("broken route");
    }

    @Test
    void anUnusableStatusHears500() throws Exception {
        route("options", "sip:edge?methods=OPTIONS", exchange -> exchange.getMessage()
                .setHeader("SipStatus", "many"));

        assertThat(sip.exchange("OPTIONS", "", "")).startsWith("SIP/2.0 500 ");
    }

    @Test
    void anInviteNobodyMadeACallHears480() throws Exception {
        route("invite", "sip:edge?methods=INVITE", this::see);

        assertThat(sip.exchange("INVITE", "", "")).startsWith("SIP/2.0 480 ");
        assertThat(sip.front().openDialogs()).isZero();
    }

    @Test
    void anInviteThatBecameACallIsAnsweredByItsLeg() throws Exception {
        route("invite", "sip:edge?methods=INVITE", exchange -> {
            IncomingCall call = exchange.getMessage().getMandatoryBody(IncomingCall.class);
            call.leg().end(HangupCause.BUSY);
        });

        assertThat(sip.exchange("INVITE", "", "")).startsWith("SIP/2.0 486 ");
    }

    @Test
    void headersOfTheSenderNeverBecomeCamelHeaders() throws Exception {
        route("options", "sip:edge?methods=OPTIONS", this::see);

        List<String> sent = List.of(
                "CamelHttpUri: http://evil",
                "cAmElFoo: 1",
                "SipStatus: 699",
                "org.apache.camel.x: 1",
                "User-Agent: phone");
        sip.exchange("OPTIONS", String.join("\r\n", sent) + "\r\n", "");

        Map<String, Object> headers = headersSeen.poll(1, TimeUnit.SECONDS);
        assertThat(headers).containsEntry("sip.user-agent", "phone").containsEntry("sip.method", "OPTIONS");
        assertThat(headers.keySet()).allMatch(name -> name.startsWith("sip."));
        assertThat(headers.keySet())
                .noneMatch(name -> name.toLowerCase(java.util.Locale.ROOT).contains("camel"));
    }

    @Test
    void aSwappedRouteLeavesNoGapThatAnswers405() throws Exception {
        route("first", "sip:edge?methods=OPTIONS", exchange -> exchange.getMessage()
                .setHeader("SipStatus", 486));
        route("second", "sip:edge2?methods=OPTIONS", exchange -> exchange.getMessage()
                .setHeader("SipStatus", 603));
        assertThat(sip.exchange("OPTIONS", "", "")).startsWith("SIP/2.0 603 ");

        camel.getRouteController().stopRoute("first");
        assertThat(sip.exchange("OPTIONS", "", "")).startsWith("SIP/2.0 603 ");

        camel.getRouteController().stopRoute("second");
        assertThat(sip.exchange("OPTIONS", "", "")).startsWith("SIP/2.0 503 ").contains("\r\nRetry-After: 1\r\n");

        camel.getRouteController().startRoute("first");
        assertThat(sip.exchange("OPTIONS", "", "")).startsWith("SIP/2.0 486 ");
    }

    @Test
    void aSuspendedRouteTakesNothing() throws Exception {
        route("options", "sip:edge?methods=OPTIONS", this::see);
        camel.getRouteController().suspendRoute("options");
        assertThat(sip.exchange("OPTIONS", "", "")).startsWith("SIP/2.0 503 ");

        camel.getRouteController().resumeRoute("options");

        assertThat(sip.exchange("OPTIONS", "", "")).startsWith("SIP/2.0 200 ");
    }

    @Test
    void aMethodThatCannotBeOneStopsTheRoute() {
        assertThatThrownBy(() -> route("bad", "sip:edge?methods=INVITE,,x y", this::see))
                .hasStackTraceContaining("is no SIP method; write methods=INVITE,OPTIONS");
    }

    @Test
    void aRouteSendsARequestAndReadsTheResponse() throws Exception {
        route("options", "sip:edge?methods=OPTIONS", exchange -> {
            exchange.getMessage().setHeader("SipHeader.Server", "tested");
        });

        Exchange answer = camel.createProducerTemplate()
                .request("sip:100@127.0.0.1:" + sip.front().ports().get("udp") + "?method=OPTIONS", exchange -> {
                    exchange.getMessage().setHeader("SipHeader.Subject", "ping");
                });

        assertThat(answer.getException()).isNull();
        assertThat(answer.getMessage().getHeader("SipStatus")).isEqualTo(200);
        assertThat(answer.getMessage().getHeader("sip.server")).isEqualTo("tested");
    }

    @Test
    void aRefusalIsAnExceptionOnlyWhenAskedFor() throws Exception {
        route("options", "sip:edge?methods=OPTIONS", this::see);
        String to = "sip:100@127.0.0.1:" + sip.front().ports().get("tcp") + ";transport=tcp?method=MESSAGE";

        Exchange told = camel.createProducerTemplate().request(to, exchange -> {});
        Exchange thrown = camel.createProducerTemplate().request(to + "&throwExceptionOnFailure=true", exchange -> {});

        assertThat(told.getException()).isNull();
        assertThat(told.getMessage().getHeader("SipStatus")).isEqualTo(405);
        assertThat(thrown.getException()).hasMessageContaining("was answered 405");
    }

    @Test
    void aYamlRouteNamesItsMethodsUnderParameters() throws Exception {
        String yaml = """
                - route:
                    id: sip-options
                    from:
                      uri: sip:edge
                      parameters:
                        methods: OPTIONS,REGISTER
                      steps:
                        - setHeader:
                            name: SipStatus
                            constant: 404
                """;
        PluginHelper.getRoutesLoader(camel).loadRoutes(ResourceHelper.fromString("sip-options.camel.yaml", yaml));

        assertThat(sip.exchange("OPTIONS", "", "")).startsWith("SIP/2.0 404 ");
        assertThat(sip.exchange("REGISTER", "", "")).startsWith("SIP/2.0 404 ");
        assertThat(sip.exchange("MESSAGE", "", "")).startsWith("SIP/2.0 405 ").contains("\r\nAllow: ");
    }

    @Test
    void thePasswordOfAProducerIsNotPrinted() {
        SipEndpoint endpoint = camel.getEndpoint("sip:100@127.0.0.1?user=u&password=geheim", SipEndpoint.class);

        assertThat(endpoint.toString()).doesNotContain("geheim");
        assertThat(endpoint.credentials()).hasToString("u:***");
    }
}
