package io.firefly.voip.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.firefly.voip.events.Notifier.Notice;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** RFC 6665 and RFC 3903 on a clock that stands until it is moved. */
class EventStateTest {
    private static final String PIDF = "application/pidf+xml";
    private final Standing clock = new Standing();
    private final List<String> told = new ArrayList<>();
    private final List<Notice> notices = new ArrayList<>();
    private boolean listens = true;
    private final EventState events = new EventState(
            new EventsProperties(
                    Set.of("presence"),
                    Duration.ofMinutes(1),
                    Duration.ofHours(1),
                    Duration.ofHours(2),
                    new EventsProperties.Limits(3, 2, 3, 2)),
            clock,
            (id, notice) -> {
                told.add(id + " " + notice.state() + " " + notice.body());
                notices.add(notice);
                return CompletableFuture.completedFuture(listens);
            });

    private static EventRequest request(
            String id, String resource, String sender, @Nullable String body, String... headers) {
        Map<String, List<String>> all = new HashMap<>();
        all.put("event", List.of("presence"));
        for (String header : headers) all.put(header.split("=", 2)[0], List.of(header.split("=", 2)[1]));
        return new EventRequest(id, resource, sender, all, body == null ? null : PIDF, body == null ? "" : body);
    }

    private EventAnswer publish(@Nullable String body, String... headers) {
        return events.publish(request("", "bob", "bob", body, headers));
    }

    private EventAnswer watch(String id, String who, String... headers) {
        EventAnswer answer = events.subscribe(request(id, "bob", who, null, headers));
        if (answer.isAccepted()) events.confirm(id);
        return answer;
    }

    private static String header(EventAnswer answer, String name) {
        return answer.headers().getOrDefault(name, List.of("none")).get(0);
    }

    @Test
    void aWatcherHearsTheStateAtOnceAndEveryChange() {
        watch("w1", "alice");
        String etag = header(publish("<open/>"), "SIP-ETag");
        publish("<busy/>", "sip-if-match=" + etag);

        assertThat(told)
                .containsExactly(
                        "w1 active;expires=3600 ", "w1 active;expires=3600 <open/>", "w1 active;expires=3600 <busy/>");
        assertThat(notices.get(2).contentType()).isEqualTo(PIDF);
    }

    @Test
    void nothingIsNotifiedBeforeThe200WentOut() {
        events.subscribe(request("w1", "bob", "alice", null));
        publish("<open/>");
        assertThat(told).isEmpty();

        events.confirm("w1");
        assertThat(told).containsExactly("w1 active;expires=3600 <open/>");
    }

    @Test
    void aRefreshGetsANewTagAndTellsNobody() {
        watch("w1", "alice");
        String first = header(publish("<open/>"), "SIP-ETag");
        EventAnswer refreshed = publish(null, "sip-if-match=" + first);

        assertThat(refreshed.status()).isEqualTo(200);
        assertThat(header(refreshed, "SIP-ETag")).isNotEqualTo(first);
        assertThat(told).hasSize(2);
        assertThat(publish(null, "sip-if-match=" + first).status())
                .as("the old tag")
                .isEqualTo(412);
    }

    @Test
    void expiresZeroTakesThePublicationBack() {
        watch("w1", "alice");
        String etag = header(publish("<open/>"), "SIP-ETag");
        assertThat(publish(null, "sip-if-match=" + etag, "expires=0").status()).isEqualTo(200);

        assertThat(told).last().isEqualTo("w1 active;expires=3600 ");
        assertThat(events.publications()).isZero();
    }

    @Test
    void aPublicationThatNobodyRefreshesIsOver() {
        watch("w1", "alice");
        String etag = header(publish("<open/>", "expires=60"), "SIP-ETag");
        clock.forward(Duration.ofSeconds(60));
        assertThat(publish(null, "sip-if-match=" + etag).status())
                .as("not swept yet")
                .isEqualTo(412);
        events.sweep();

        assertThat(told).last().isEqualTo("w1 active;expires=3540 ");
        assertThat(events.publications()).isZero();
    }

    @Test
    void withTwoDevicesTheNewestSpeaksAndTheOlderIsStillThere() {
        watch("w1", "alice");
        publish("<desk/>");
        String mobile = header(publish("<mobile/>"), "SIP-ETag");
        publish(null, "sip-if-match=" + mobile, "expires=0");

        assertThat(told).last().isEqualTo("w1 active;expires=3600 <desk/>");
    }

    @ParameterizedTest
    @CsvSource({
        "sip-if-match=unknown, 412",
        "event=conference, 489",
        "event=, 489",
        "expires=59, 423",
        "expires=soon, 400",
        "expires=-1, 400"
    })
    void aWrongPublishIsTold(String header, int status) {
        assertThat(publish("<open/>", header).status()).isEqualTo(status);
        assertThat(events.publications()).isZero();
    }

    @Test
    void refusalsSayWhatWouldDo() {
        assertThat(header(publish("<open/>", "event=dialog"), "Allow-Events")).isEqualTo("presence");
        assertThat(header(publish("<open/>", "expires=5"), "Min-Expires")).isEqualTo("60");
        assertThat(publish(null).status()).as("no document").isEqualTo(400);
        assertThat(publish("\uFFFD").status()).as("no UTF-8").isEqualTo(400);
        EventAnswer foreign = events.publish(
                new EventRequest("", "bob", "bob", Map.of("event", List.of("presence")), "text/plain", "EVENT_A"));
        assertThat(foreign.status()).isEqualTo(415);
        assertThat(header(foreign, "Accept")).isEqualTo(PIDF);
    }

    @Test
    void longWishesAreShortened() {
        assertThat(header(publish("<open/>", "expires=99999"), "Expires")).isEqualTo("7200");
        assertThat(header(watch("w1", "alice", "expires=99999"), "Expires")).isEqualTo("7200");
    }

    @Test
    void aSubscriptionEndsWhenItsTimeIsOver() {
        watch("w1", "alice", "expires=60");
        clock.forward(Duration.ofSeconds(60));
        events.sweep();

        assertThat(told).last().isEqualTo("w1 terminated;reason=timeout ");
        assertThat(events.subscriptions()).isZero();
    }

    @Test
    void aRefreshKeepsItAndExpiresZeroEndsIt() {
        publish("<open/>");
        watch("w1", "alice", "expires=60", "event=presence;id=7");
        clock.forward(Duration.ofSeconds(50));
        // The Request-URI of a refresh is our Contact, which names nobody.
        events.subscribe(request("w1", "", "alice", null, "expires=60"));
        events.confirm("w1");
        clock.forward(Duration.ofSeconds(50));
        events.sweep();
        assertThat(events.subscriptions()).isOne();

        watch("w1", "alice", "expires=0", "event=presence;id=7");
        assertThat(told).last().isEqualTo("w1 terminated;reason=timeout <open/>");
        assertThat(notices).last().extracting(Notice::event).isEqualTo("presence;id=7");
        assertThat(events.subscriptions()).isZero();
    }

    @Test
    void aLookIsOneNotification() {
        publish("<open/>");
        watch("w1", "alice", "expires=0");
        assertThat(told).containsExactly("w1 terminated;reason=timeout <open/>");
        assertThat(events.subscriptions()).isZero();
    }

    @Test
    void whoIsGoneIsForgotten() {
        listens = false;
        watch("w1", "alice");
        assertThat(events.subscriptions()).isZero();
    }

    @Test
    void oneWatcherMayNotTakeAllAndAllMayNotTakeTooMuch() {
        assertThat(watch("w1", "alice").status()).isEqualTo(200);
        assertThat(watch("w2", "alice").status()).isEqualTo(200);
        assertThat(watch("w3", "alice").status()).isEqualTo(503);
        assertThat(watch("w3", "carol").status()).isEqualTo(200);
        assertThat(watch("w4", "dave").status()).isEqualTo(503);
        assertThat(watch("w1", "alice").status()).as("a refresh").isEqualTo(200);
        assertThat(watch("w1", "carol").status()).as("somebody else's").isEqualTo(403);
    }

    @Test
    void publicationsHaveABound() {
        publish("<a/>");
        publish("<b/>");
        assertThat(publish("<c/>").status()).isEqualTo(503);
        assertThat(events.publish(request("", "eve", "eve", "<e/>")).status()).isEqualTo(200);
        assertThat(events.publish(request("", "fay", "fay", "<f/>")).status()).isEqualTo(503);
        assertThat(events.refused()).isEqualTo(2);
    }

    @Test
    void whoTakesNoPresenceDocumentHears406() {
        assertThat(watch("w1", "alice", "accept=text/plain").status()).isEqualTo(406);
        assertThat(watch("w1", "alice", "accept=text/plain, application/*").status())
                .isEqualTo(200);
    }

    @Test
    void wrongSettingsAreNamed() {
        EventsProperties.Limits limits = new EventsProperties.Limits(1, 1, 1, 1);
        assertThatThrownBy(() -> new EventsProperties(
                        Set.of("a b"), Duration.ofMinutes(1), Duration.ofHours(1), Duration.ofHours(2), limits))
                .hasMessageContaining("firefly.events.packages");
        assertThatThrownBy(() -> new EventsProperties(
                        Set.of("presence"), Duration.ofHours(2), Duration.ofHours(1), Duration.ofHours(2), limits))
                .hasMessageContaining("firefly.events.min-expires");
    }

    private static final class Standing extends Clock {
        private Instant now = Instant.parse("2026-01-02T03:04:05Z");

        void forward(Duration by) {
            now = now.plus(by);
        }

        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }
}
