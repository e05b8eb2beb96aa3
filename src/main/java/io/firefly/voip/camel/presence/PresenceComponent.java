package io.firefly.voip.camel.presence;

import io.firefly.voip.events.EventState;
import java.util.Map;
import org.apache.camel.Endpoint;
import org.apache.camel.spi.annotations.Component;
import org.apache.camel.support.DefaultComponent;
import org.jspecify.annotations.Nullable;

/** The scheme {@code presence:}. Without an event state it checks what is written and answers 200, keeping nothing. */
@Component("presence")
public final class PresenceComponent extends DefaultComponent {
    private final @Nullable EventState events;

    PresenceComponent(@Nullable EventState events) {
        this.events = events;
    }

    /** For a dry run or a rehearsal. */
    public static PresenceComponent onTrial() {
        return new PresenceComponent(null);
    }

    @Override
    protected Endpoint createEndpoint(String uri, String remaining, Map<String, Object> parameters) {
        return new PresenceEndpoint(uri, this, PresenceStep.named(remaining, parameters));
    }

    @Nullable
    EventState events() {
        return events;
    }
}
