package io.firefly.voip.camel.freeswitch.audio;

import java.util.Map;
import org.apache.camel.Endpoint;
import org.apache.camel.spi.annotations.Component;
import org.apache.camel.support.DefaultComponent;
import org.jspecify.annotations.Nullable;

/** The scheme {@code audio:}. Holds nothing itself, so a dry run of a route file may have one of its own. */
@Component("audio")
public final class AudioComponent extends DefaultComponent {
    private static final String DELIVER = "deliver";
    private final @Nullable AudioSockets sockets;

    AudioComponent(AudioSockets sockets) {
        this.sockets = sockets;
    }

    private AudioComponent() {
        this.sockets = null;
    }

    /** Checks every word; its steps do nothing. */
    public static AudioComponent onTrial() {
        return new AudioComponent();
    }

    @Override
    protected Endpoint createEndpoint(String uri, String remaining, Map<String, Object> parameters) {
        if (!remaining.equals(DELIVER)) {
            throw new IllegalArgumentException(
                    uri + ": after audio: comes deliver, behind from websocket:server/audio, not '" + remaining + "'");
        }
        return new AudioEndpoint(uri, this);
    }

    /** Null on trial. */
    @Nullable
    AudioSockets sockets() {
        return sockets;
    }
}
