package io.firefly.voip.events;

import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Documents by resource, and each by its entity tag (RFC 3903 4.1). Guarded by its owner. */
final class Publications {
    private static final SecureRandom RANDOM = new SecureRandom();

    private final EventsProperties.Limits limits;
    private final Map<Topic, Deque<Publication>> byTopic = new HashMap<>();
    private int count;

    Publications(EventsProperties.Limits limits) {
        this.limits = limits;
    }

    /** What is published about: a resource under an event package. */
    record Topic(String event, String resource) {}

    record Publication(String etag, String contentType, String body, Instant until) {}

    static String newTag() {
        byte[] bits = new byte[12];
        RANDOM.nextBytes(bits);
        return HexFormat.of().formatHex(bits);
    }

    int size() {
        return count;
    }

    boolean isFull(Topic topic) {
        Deque<Publication> others = byTopic.get(topic);
        return count >= limits.publications() || (others != null && others.size() >= limits.publicationsPerResource());
    }

    /** The last that was published: with several devices, the newest says how its user is. */
    @Nullable
    Publication current(Topic topic) {
        Deque<Publication> all = byTopic.get(topic);
        return all == null ? null : all.peekLast();
    }

    void add(Topic topic, Publication publication) {
        byTopic.computeIfAbsent(topic, first -> new ArrayDeque<>()).addLast(publication);
        count++;
    }

    /** Takes it out; null when nothing has that tag, or had it too long ago. */
    @Nullable
    Publication remove(Topic topic, String etag, Instant now) {
        Deque<Publication> all = byTopic.get(topic);
        if (all == null) return null;
        for (Publication each : all) {
            if (!each.etag().equals(etag) || !each.until().isAfter(now)) continue;
            all.remove(each);
            count--;
            if (all.isEmpty()) byTopic.remove(topic);
            return each;
        }
        return null;
    }

    /** Extends the life of one without making it the newest. */
    void replace(Topic topic, Publication old, Publication renewed) {
        Deque<Publication> all = byTopic.getOrDefault(topic, new ArrayDeque<>());
        Deque<Publication> updated = new ArrayDeque<>();
        for (Publication each : all) updated.addLast(each.equals(old) ? renewed : each);
        byTopic.put(topic, updated);
    }

    @Nullable
    Publication find(Topic topic, String etag, Instant now) {
        for (Publication each : byTopic.getOrDefault(topic, new ArrayDeque<>()))
            if (each.etag().equals(etag) && each.until().isAfter(now)) return each;
        return null;
    }

    /** @return whose state is another one now */
    Set<Topic> expire(Instant now) {
        Set<Topic> changed = new LinkedHashSet<>();
        byTopic.forEach((topic, all) -> {
            Publication shown = all.peekLast();
            int before = all.size();
            all.removeIf(each -> !each.until().isAfter(now));
            count -= before - all.size();
            if (!Objects.equals(all.peekLast(), shown)) changed.add(topic);
        });
        byTopic.values().removeIf(Deque::isEmpty);
        return changed;
    }
}
