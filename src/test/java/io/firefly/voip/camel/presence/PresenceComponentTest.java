package io.firefly.voip.camel.presence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.firefly.voip.call.Party;
import io.firefly.voip.call.Source;
import io.firefly.voip.events.EventState;
import io.firefly.voip.events.Notifier.Notice;
import io.firefly.voip.events.TestEvents;
import io.firefly.voip.sip.SipRequest;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.impl.DefaultCamelContext;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The steps as a route sees them: status and headers of the answer, and the watcher hears only after it. */
class PresenceComponentTest {
    private final BlockingQueue<Notice> notices = new LinkedBlockingQueue<>();
    private final EventState events = TestEvents.tellingBy((id, notice) -> {
        notices.add(notice);
        return CompletableFuture.completedFuture(true);
    });
    private final DefaultCamelContext camel = new DefaultCamelContext();
    private ProducerTemplate template;

    @BeforeEach
    void open() {
        camel.disableJMX();
        camel.addComponent("presence", new PresenceComponent(events));
        camel.start();
        template = camel.createProducerTemplate();
    }

    @AfterEach
    void close() throws Exception {
        camel.close();
    }

    private static SipRequest request(String method, @Nullable String subscriber, Map<String, List<String>> more) {
        Party bob = new Party("bob", "test", "sip:bob@test", null);
        Source source = new Source(
                "udp", new InetSocketAddress(InetAddress.getLoopbackAddress(), 5060), subscriber, subscriber == null);
        Map<String, List<String>> headers = new HashMap<>(Map.of("event", List.of("presence")));
        headers.putAll(more);
        boolean document = method.equals("PUBLISH");
        return new SipRequest(
                method,
                "sip:bob@test",
                bob,
                bob,
                bob,
                "call-1",
                1,
                "d1",
                headers,
                document ? "application/pidf+xml" : null,
                document ? "<open/>" : "",
                source,
                null);
    }

    private Exchange send(String step, Object body) {
        return template.request(
                "presence:" + step, exchange -> exchange.getMessage().setBody(body));
    }

    private static int status(Exchange exchange) {
        return exchange.getMessage().getHeader("SipStatus", Integer.class);
    }

    @Test
    void whoSubscribesHearsWhatIsPublished() throws Exception {
        Exchange subscribed = send("subscribe", request("SUBSCRIBE", "alice", Map.of()));
        assertThat(status(subscribed)).isEqualTo(200);
        assertThat(subscribed.getMessage().getHeader("SipHeader.Expires")).isEqualTo(List.of("3600"));
        assertThat(notices.take().body()).isEmpty();

        Exchange published = send("publish", request("PUBLISH", "bob", Map.of()));
        assertThat(status(published)).isEqualTo(200);
        assertThat(published.getMessage().getHeader("SipHeader.SIP-ETag")).isNotNull();
        assertThat(notices.take().body()).isEqualTo("<open/>");
    }

    @Test
    void subscribersPublishAboutThemselvesAndTrustedAddressesAboutAnybody() {
        assertThat(status(send("publish", request("PUBLISH", "eve", Map.of())))).isEqualTo(403);
        assertThat(status(send("publish", request("PUBLISH", null, Map.of())))).isEqualTo(200);
    }

    @Test
    void aRefusalStopsTheRouteAndSaysWhatWouldDo() {
        Exchange refused = send("subscribe", request("SUBSCRIBE", "alice", Map.of("event", List.of("conference"))));
        assertThat(status(refused)).isEqualTo(489);
        assertThat(refused.isRouteStop()).isTrue();
        assertThat(refused.getMessage().getHeader("SipHeader.Allow-Events")).isEqualTo(List.of("event_a, presence"));
        assertThat(notices).isEmpty();
    }

    @Test
    void aCompressedDocumentIsRefused() {
        assertThat(status(send("publish", request("PUBLISH", null, Map.of("content-encoding", List.of("gzip"))))))
                .isEqualTo(415);
    }

    @Test
    void aMistakeInTheRouteIsNamed() {
        assertThat(send("publish", request("SUBSCRIBE", null, Map.of())).getException())
                .hasMessageContaining("presence:publish needs a PUBLISH as body, not a SUBSCRIBE");
        assertThat(send("subscribe", "text").getException()).hasMessageContaining("needs a SUBSCRIBE");
        assertThatThrownBy(() -> camel.getEndpoint("presence:watch"))
                .hasRootCauseMessage("no step 'presence:watch'. Known: presence:publish, presence:subscribe");
        assertThatThrownBy(() -> camel.getEndpoint("presence:publish?expires=3"))
                .hasRootCauseMessage("presence:publish has no option 'expires'. It takes none");
        assertThatThrownBy(() -> camel.getEndpoint("presence:publish").createConsumer(exchange -> {}))
                .hasMessageContaining("sip:<edge>?methods=PUBLISH");
    }
}
