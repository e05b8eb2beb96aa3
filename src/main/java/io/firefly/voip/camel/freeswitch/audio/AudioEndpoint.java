package io.firefly.voip.camel.freeswitch.audio;

import org.apache.camel.Category;
import org.apache.camel.Consumer;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.spi.Metadata;
import org.apache.camel.spi.UriEndpoint;
import org.apache.camel.spi.UriPath;
import org.apache.camel.support.DefaultEndpoint;
import org.apache.camel.support.DefaultProducer;
import org.jspecify.annotations.Nullable;

/** FreeSWITCH's sound on its way to the call: the step of the route that hears its websockets. */
@UriEndpoint(
        scheme = "audio",
        title = "Audio",
        syntax = "audio:step",
        category = {Category.NETWORKING},
        producerOnly = true,
        remote = false,
        generateConfigurer = false,
        firstVersion = "0.1.0")
@Metadata(excludeProperties = "lazyStartProducer")
@SuppressWarnings("UnusedVariable") // the option is there for Camel's catalog; the component reads what a route says
final class AudioEndpoint extends DefaultEndpoint {
    @UriPath(
            enums = "deliver",
            description = "deliver: hands an event of a socket that mod_audio_fork dialled to the call whose ticket it"
                    + " brought, and closes one without")
    @Metadata(required = true)
    private @Nullable String step;

    private final AudioComponent component;

    AudioEndpoint(String uri, AudioComponent component) {
        super(uri, component);
        this.component = component;
    }

    @Override
    public Producer createProducer() {
        return new DefaultProducer(this) {
            @Override
            public void process(Exchange exchange) {
                deliver(exchange.getMessage());
            }
        };
    }

    private void deliver(Message message) {
        String key = message.getHeader(AudioSockets.KEY, String.class);
        String event = message.getHeader(AudioSockets.EVENT, String.class);
        if (key == null || event == null) {
            throw new IllegalArgumentException("audio:deliver needs the headers " + AudioSockets.KEY + " and "
                    + AudioSockets.EVENT + "; it stands behind from websocket:server/audio");
        }
        AudioSockets sockets = component.sockets();
        if (sockets != null) sockets.deliver(key, event, message);
    }

    @Override
    public Consumer createConsumer(Processor processor) {
        throw new IllegalArgumentException(
                "audio:deliver is a step (to:); FreeSWITCH's sound comes from websocket:server/audio?path=/audio/{ticket}");
    }

    @Override
    public boolean isRemote() {
        return false;
    }
}
