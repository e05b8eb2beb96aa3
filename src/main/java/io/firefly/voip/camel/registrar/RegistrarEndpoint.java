package io.firefly.voip.camel.registrar;

import org.apache.camel.Consumer;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.spi.UriEndpoint;
import org.apache.camel.support.DefaultEndpoint;

/** One {@code registrar:} step of a route. */
@UriEndpoint(
        scheme = "registrar",
        title = "Registrar",
        syntax = "registrar:step",
        producerOnly = true,
        remote = false,
        firstVersion = "0.1.0")
final class RegistrarEndpoint extends DefaultEndpoint {
    private final RegistrarComponent component;
    private final RegistrarStep step;
    private final String user;

    /** @param user a name, or an expression of the simple language */
    RegistrarEndpoint(String uri, RegistrarComponent component, RegistrarStep step, String user) {
        super(uri, component);
        this.component = component;
        this.step = step;
        this.user = user;
    }

    @Override
    public Producer createProducer() {
        return switch (step) {
            case CHALLENGE -> new ChallengeProducer(this, component.guard());
            case SAVE -> new SaveProducer(this, component.registrar());
            case LOOKUP -> new LookupProducer(this, component.locations(), user);
        };
    }

    @Override
    public Consumer createConsumer(Processor processor) {
        throw new UnsupportedOperationException(
                "registrar:" + step.label() + " is a step (to:); REGISTERs come from sip:<edge>?methods=REGISTER");
    }

    @Override
    public boolean isRemote() {
        return false;
    }
}
