package io.firefly.voip.camel.presence;

import org.apache.camel.Category;
import org.apache.camel.Consumer;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.spi.Metadata;
import org.apache.camel.spi.UriEndpoint;
import org.apache.camel.spi.UriPath;
import org.apache.camel.support.DefaultEndpoint;

/** Who is there, and who wants to know: one step of a route that serves PUBLISH or SUBSCRIBE. */
@UriEndpoint(
        scheme = "presence",
        title = "Presence",
        syntax = "presence:step",
        category = {Category.NETWORKING},
        producerOnly = true,
        remote = false,
        generateConfigurer = false,
        firstVersion = "0.1.0")
@Metadata(excludeProperties = "lazyStartProducer")
final class PresenceEndpoint extends DefaultEndpoint {
    private final PresenceComponent component;

    @UriPath(
            enums = "publish,subscribe",
            description = "publish: keeps the document of a PUBLISH and tells who watches. subscribe: keeps or ends the"
                    + " subscription of a SUBSCRIBE and tells it the state")
    @Metadata(required = true)
    private final PresenceStep step;

    PresenceEndpoint(String uri, PresenceComponent component, PresenceStep step) {
        super(uri, component);
        this.component = component;
        this.step = step;
    }

    @Override
    public Producer createProducer() {
        return new PresenceProducer(this, step, component.events());
    }

    @Override
    public Consumer createConsumer(Processor processor) {
        throw new UnsupportedOperationException(
                "presence:" + step.label() + " is a step (to:); requests come from sip:<edge>?methods=" + step.name());
    }

    @Override
    public boolean isRemote() {
        return false;
    }
}
