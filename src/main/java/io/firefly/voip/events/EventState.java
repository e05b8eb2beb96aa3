package io.firefly.voip.events;

import io.firefly.voip.events.Notifier.Notice;
import io.firefly.voip.events.Publications.Publication;
import io.firefly.voip.events.Publications.Topic;
import io.firefly.voip.events.Subscriptions.Subscription;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What is published and who watches it. Any thread; never waits. */
public final class EventState {
    private static final Logger LOG = LoggerFactory.getLogger(EventState.class);
    private static final String PRESENCE = "presence";
    /** RFC 3856 6.6. */
    private static final String PIDF = "application/pidf+xml";

    private final EventsProperties settings;
    private final Clock clock;
    private final Notifier notifier;
    private final Publications publications;
    private final Subscriptions subscriptions;
    private long refused;

    EventState(EventsProperties settings, Clock clock, Notifier notifier) {
        this.settings = settings;
        this.clock = clock;
        this.notifier = notifier;
        this.publications = new Publications(settings.limits());
        this.subscriptions = new Subscriptions(settings.limits());
    }

    public synchronized int publications() {
        return publications.size();
    }

    public synchronized int subscriptions() {
        return subscriptions.size();
    }

    /** How many heard 503 since the start, because a bound was reached. */
    public synchronized long refused() {
        return refused;
    }

    /** Carries out a PUBLISH (RFC 3903 6) and tells who watches. */
    public synchronized EventAnswer publish(EventRequest request) {
        EventAnswer refusal = refusal(request);
        if (refusal != null) return refusal;
        if (request.resource().isEmpty()) return EventAnswer.of(404, null);
        List<String> tags = request.headers().getOrDefault("sip-if-match", List.of());
        if (tags.size() > 1) return EventAnswer.of(400, "More than one SIP-If-Match");
        Topic topic = new Topic(request.eventPackage(), request.resource());
        Publication old =
                tags.isEmpty() ? null : publications.find(topic, tags.get(0).trim(), clock.instant());
        if (!tags.isEmpty() && old == null) return EventAnswer.of(412, "Conditional Request Failed");
        if (old == null && request.body().isEmpty()) return EventAnswer.of(400, "Missing body");
        if (old == null && publications.isFull(topic)) return full();
        return changed(topic, old, request);
    }

    private EventAnswer changed(Topic topic, @Nullable Publication old, EventRequest request) {
        long seconds = granted(request);
        String etag = Publications.newTag();
        EventAnswer done = EventAnswer.of(200, null, "SIP-ETag", etag, "Expires", String.valueOf(seconds));
        Instant until = clock.instant().plusSeconds(seconds);
        if (old != null && seconds > 0 && request.body().isEmpty()) {
            // RFC 3903 4.3: a refresh changes nothing that a watcher would see.
            publications.replace(topic, old, new Publication(etag, old.contentType(), old.body(), until));
            return done;
        }
        Publication before = publications.current(topic);
        if (old != null) publications.remove(topic, old.etag(), clock.instant());
        String type = request.contentType();
        if (seconds > 0 && type != null) publications.add(topic, new Publication(etag, type, request.body(), until));
        if (!Objects.equals(publications.current(topic), before)) tellWatchers(topic);
        return done;
    }

    /**
     * Keeps a subscription, renews it, or lets it end with {@code Expires: 0}. The watcher hears of it by {@link
     * #confirm} only, so that no NOTIFY comes before the 2xx.
     */
    public synchronized EventAnswer subscribe(EventRequest request) {
        EventAnswer refusal = refusal(request);
        if (refusal != null) return refusal;
        Topic topic = new Topic(request.eventPackage(), request.resource());
        Subscription known = subscriptions.get(request.id());
        if (topic.event().equals(PRESENCE) && !request.accepts(PIDF)) return EventAnswer.of(406, null, "Accept", PIDF);
        if (known == null && topic.resource().isEmpty()) return EventAnswer.of(404, null);
        if (known == null && subscriptions.isFull(request.sender())) return full();
        if (known != null && !known.subscriber().equals(request.sender())) return EventAnswer.of(403, null);
        if (known != null && !known.topic().event().equals(topic.event()))
            return EventAnswer.of(481, "Subscription does not exist");
        long seconds = granted(request);
        // In a dialog the Request-URI is our Contact: what is watched was said once.
        Topic watched = known == null ? topic : known.topic();
        subscriptions.put(new Subscription(
                request.id(),
                request.sender(),
                watched,
                request.echoedEvent(),
                clock.instant().plusSeconds(seconds),
                false));
        return EventAnswer.of(200, null, "Expires", String.valueOf(seconds));
    }

    /** The 2xx to a SUBSCRIBE went out: the watcher hears the state, whatever it is (RFC 6665 4.2.1.2). */
    public synchronized void confirm(String subscriptionId) {
        Subscription subscription = subscriptions.get(subscriptionId);
        if (subscription == null) return;
        subscriptions.put(subscription.confirmed());
        if (subscription.until().isAfter(clock.instant())) tell(subscription.confirmed(), true);
        else end(subscription);
    }

    /** The SUBSCRIBE was refused after all, or its dialog is gone. */
    public synchronized void drop(String subscriptionId) {
        subscriptions.remove(subscriptionId);
    }

    /** Ends what has expired. */
    public synchronized void sweep() {
        Instant now = clock.instant();
        publications.expire(now).forEach(this::tellWatchers);
        for (Subscription subscription : subscriptions.expired(now)) if (subscription.told()) end(subscription);
    }

    private void tellWatchers(Topic topic) {
        for (Subscription watcher : subscriptions.of(topic)) if (watcher.told()) tell(watcher, true);
    }

    private void end(Subscription subscription) {
        subscriptions.remove(subscription.id());
        tell(subscription, false);
    }

    private void tell(Subscription watcher, boolean active) {
        Publication shown = publications.current(watcher.topic());
        Duration left = Duration.between(clock.instant(), watcher.until());
        String state = active
                ? "active;expires=" + Math.max(1, left.plusMillis(999).toSeconds())
                : "terminated;reason=timeout";
        Notice notice = new Notice(
                watcher.event(), state, shown == null ? null : shown.contentType(), shown == null ? "" : shown.body());
        notifier.tell(watcher.id(), notice).whenComplete((listens, failure) -> {
            if (failure != null) LOG.warn("a watcher was not told", failure);
            if (failure != null || !listens) drop(watcher.id());
        });
    }

    /** What PUBLISH and SUBSCRIBE have in common (RFC 6665 4.2.1.1, RFC 3903 6). */
    private @Nullable EventAnswer refusal(EventRequest request) {
        if (!settings.packages().contains(request.eventPackage()))
            return EventAnswer.of(
                    489, "Bad Event", "Allow-Events", String.join(", ", new TreeSet<>(settings.packages())));
        long wanted = request.expires(settings.defaultExpires().toSeconds());
        if (wanted < 0) return EventAnswer.of(400, "Bad Expires");
        long least = settings.minExpires().toSeconds();
        if (wanted > 0 && wanted < least)
            return EventAnswer.of(423, "Interval Too Brief", "Min-Expires", String.valueOf(least));
        boolean foreign = request.eventPackage().equals(PRESENCE)
                && request.contentType() != null
                && !PIDF.equals(request.contentType());
        if (foreign) return EventAnswer.of(415, null, "Accept", PIDF);
        // A document is passed on byte by byte, or not at all.
        return request.body().indexOf('\uFFFD') >= 0 ? EventAnswer.of(400, "Body is not UTF-8") : null;
    }

    private long granted(EventRequest request) {
        long wanted = request.expires(settings.defaultExpires().toSeconds());
        return Math.min(wanted, settings.maxExpires().toSeconds());
    }

    private EventAnswer full() {
        refused++;
        return EventAnswer.of(503, null, "Retry-After", "60");
    }
}
