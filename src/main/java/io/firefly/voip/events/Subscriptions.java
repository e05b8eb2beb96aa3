package io.firefly.voip.events;

import io.firefly.voip.events.Publications.Topic;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Who watches what. Guarded by its owner. */
final class Subscriptions {
    private final EventsProperties.Limits limits;
    private final Map<String, Subscription> byId = new HashMap<>();
    private final Map<Topic, Map<String, Subscription>> byTopic = new HashMap<>();
    private final Map<String, Integer> bySubscriber = new HashMap<>();

    Subscriptions(EventsProperties.Limits limits) {
        this.limits = limits;
    }

    /**
     * @param event as notifications name it
     * @param until of this moment on it is over
     * @param told false until the 2xx went out: nothing is notified before
     */
    record Subscription(String id, String subscriber, Topic topic, String event, Instant until, boolean told) {
        Subscription confirmed() {
            return new Subscription(id, subscriber, topic, event, until, true);
        }
    }

    int size() {
        return byId.size();
    }

    boolean isFull(String subscriber) {
        return byId.size() >= limits.subscriptions()
                || bySubscriber.getOrDefault(subscriber, 0) >= limits.subscriptionsPerSubscriber();
    }

    @Nullable
    Subscription get(String id) {
        return byId.get(id);
    }

    void put(Subscription subscription) {
        remove(subscription.id());
        byId.put(subscription.id(), subscription);
        byTopic.computeIfAbsent(subscription.topic(), first -> new LinkedHashMap<>())
                .put(subscription.id(), subscription);
        bySubscriber.merge(subscription.subscriber(), 1, Integer::sum);
    }

    @Nullable
    Subscription remove(String id) {
        Subscription gone = byId.remove(id);
        if (gone == null) return null;
        Map<String, Subscription> others = byTopic.get(gone.topic());
        if (others != null) {
            others.remove(id);
            if (others.isEmpty()) byTopic.remove(gone.topic());
        }
        bySubscriber.computeIfPresent(gone.subscriber(), (who, count) -> count > 1 ? count - 1 : null);
        return gone;
    }

    /** A copy: telling them may remove some. */
    List<Subscription> of(Topic topic) {
        return new ArrayList<>(byTopic.getOrDefault(topic, Map.of()).values());
    }

    List<Subscription> expired(Instant now) {
        return byId.values().stream().filter(each -> !each.until().isAfter(now)).toList();
    }
}
