package io.firefly.voip.events;

import java.time.Clock;
import java.time.Duration;
import java.util.Set;

/** Lets tests of other packages have event state. */
public final class TestEvents {
    private TestEvents() {}

    public static EventState tellingBy(Notifier notifier) {
        EventsProperties settings = new EventsProperties(
                Set.of("presence", "event_a"),
                Duration.ofMinutes(1),
                Duration.ofHours(1),
                Duration.ofHours(2),
                new EventsProperties.Limits(100, 10, 100, 10));
        return new EventState(settings, Clock.systemUTC(), notifier);
    }
}
