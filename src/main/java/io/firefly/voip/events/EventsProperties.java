package io.firefly.voip.events;

import java.time.Duration;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings of event state.
 *
 * @param packages that may be published and watched (RFC 6665 4.4.1); others hear 489
 * @param minExpires a shorter wish hears 423
 * @param defaultExpires when the sender does not say
 * @param maxExpires a longer wish is shortened
 */
@ConfigurationProperties(prefix = "firefly.events", ignoreUnknownFields = false)
record EventsProperties(
        @DefaultValue("presence") Set<String> packages,
        @DefaultValue("60s") Duration minExpires,
        @DefaultValue("1h") Duration defaultExpires,
        @DefaultValue("2h") Duration maxExpires,
        @DefaultValue Limits limits) {
    EventsProperties {
        Set<String> names = new TreeSet<>();
        for (String name : packages) {
            require(
                    name.matches("[A-Za-z0-9.!%*_+`'~-]{1,64}"),
                    "firefly.events.packages holds '" + name + "'; write presence,dialog");
            names.add(name.toLowerCase(Locale.ROOT));
        }
        require(!names.isEmpty(), "firefly.events.packages is empty; write presence");
        packages = Set.copyOf(names);
        require(
                minExpires.toSeconds() >= 1 && minExpires.compareTo(defaultExpires) <= 0,
                "firefly.events.min-expires must be 1s to default-expires, not " + minExpires);
        require(
                defaultExpires.compareTo(maxExpires) <= 0 && maxExpires.compareTo(Duration.ofDays(1)) <= 0,
                "firefly.events.max-expires must be default-expires to 24h, not " + maxExpires);
    }

    /**
     * @param publications of all resources
     * @param publicationsPerResource one per device; one more hears 503
     * @param subscriptions of all watchers
     * @param subscriptionsPerSubscriber of one watcher
     */
    record Limits(
            @DefaultValue("10000") int publications,
            @DefaultValue("10") int publicationsPerResource,
            @DefaultValue("10000") int subscriptions,
            @DefaultValue("100") int subscriptionsPerSubscriber) {
        Limits {
            require(
                    publications > 0 && publicationsPerResource > 0,
                    "firefly.events.limits.publications and publications-per-resource must be positive");
            require(
                    subscriptions > 0 && subscriptionsPerSubscriber > 0,
                    "firefly.events.limits.subscriptions and subscriptions-per-subscriber must be positive");
        }
    }

    private static void require(boolean right, String sentence) {
        if (!right) throw new IllegalArgumentException(sentence);
    }
}
