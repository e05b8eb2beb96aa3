package io.firefly.voip.camel.presence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.firefly.voip.camel.sip.SipComponent;
import io.firefly.voip.events.EventState;
import io.firefly.voip.events.TestEvents;
import io.firefly.voip.sip.SipRequest;
import io.firefly.voip.sip.TestFronts;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.Test;

/** What camel-sip 3.x did with publisher, subscriber and presence agent, over real sockets. */
class CamelSipHeritageTest {
    private static final String PIDF =
            "<?xml version=\"1.0\"?>\r\n<presence entity=\"sip:bob@test\"> grün </presence>\n";

    private final BlockingQueue<SipRequest> notified = new LinkedBlockingQueue<>();

    private static DefaultCamelContext camel(TestFronts.Opened sip, RouteBuilder routes) throws Exception {
        DefaultCamelContext camel = new DefaultCamelContext();
        camel.disableJMX();
        camel.addComponent("sip", new SipComponent(sip.front()));
        camel.addComponent("presence", new PresenceComponent(events(sip)));
        camel.addRoutes(routes);
        camel.start();
        return camel;
    }

    private static EventState events(TestFronts.Opened sip) {
        return TestEvents.tellingBy(CamelPresenceConfiguration.through(sip.front()));
    }

    private static RouteBuilder agent() {
        return new RouteBuilder() {
            @Override
            public void configure() {
                from("sip:edge?methods=PUBLISH").to("presence:publish");
                from("sip:edge?methods=SUBSCRIBE").to("presence:subscribe");
            }
        };
    }

    private RouteBuilder user() {
        return new RouteBuilder() {
            @Override
            public void configure() {
                from("sip:edge?methods=NOTIFY")
                        .process(exchange -> notified.add(exchange.getMessage().getBody(SipRequest.class)));
            }
        };
    }

    private SipRequest next() throws InterruptedException {
        SipRequest request = notified.poll(5, TimeUnit.SECONDS);
        if (request == null) throw new AssertionError("no NOTIFY came");
        return request;
    }

    private static Exchange send(DefaultCamelContext from, String uri, String body, Map<String, Object> headers) {
        Exchange answer = from.createProducerTemplate().request(uri, exchange -> {
            exchange.getMessage().setBody(body);
            exchange.getMessage().setHeaders(new HashMap<>(headers));
        });
        assertThat(answer.getMessage().getHeader("SipStatus", Integer.class)).isEqualTo(200);
        return answer;
    }

    @Test
    void aRouteWatchesAndHearsWhatAnotherOnePublishes() throws Exception {
        try (TestFronts.Opened agentSip = TestFronts.open();
                TestFronts.Opened userSip = TestFronts.open();
                DefaultCamelContext agent = camel(agentSip, agent());
                DefaultCamelContext user = camel(userSip, user())) {
            assertThat(agent.getRoutes()).hasSize(2);
            String bob = "sip:bob@127.0.0.1:" + agentSip.front().ports().get("udp");

            send(user, bob + "?method=SUBSCRIBE&event=presence&expires=600", "", Map.of());
            assertThat(next().body()).isEmpty();

            String publish = bob + "?method=PUBLISH&event=presence&contentType=application/pidf%2Bxml";
            Exchange first = send(user, publish, PIDF, Map.of());
            SipRequest heard = next();
            assertThat(heard.body()).isEqualTo(PIDF);
            assertThat(heard.contentType()).isEqualTo("application/pidf+xml");
            assertThat(heard.header("subscription-state")).startsWith("active;expires=");
            String etag = first.getMessage().getHeader("sip.sip-etag", String.class);

            send(user, publish + "&expires=0", "", Map.of("SipHeader.SIP-If-Match", etag));
            assertThat(next().body()).isEmpty();

            send(user, bob + "?method=SUBSCRIBE&event=presence&expires=0", "", Map.of());
            assertThat(next().header("subscription-state")).isEqualTo("terminated;reason=timeout");
            await().until(() ->
                    agentSip.front().openSubscriptions() + userSip.front().openSubscriptions() == 0);
        }
    }
}
