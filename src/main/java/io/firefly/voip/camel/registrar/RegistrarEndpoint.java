package io.firefly.voip.camel.registrar;

import org.apache.camel.Category;
import org.apache.camel.Consumer;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.spi.Metadata;
import org.apache.camel.spi.UriEndpoint;
import org.apache.camel.spi.UriParam;
import org.apache.camel.spi.UriPath;
import org.apache.camel.support.DefaultEndpoint;

/** Who may register, and where the users are: one step of a route that serves REGISTER or calls a user. */
@UriEndpoint(
        scheme = "registrar",
        title = "Registrar",
        syntax = "registrar:step",
        category = {Category.NETWORKING},
        producerOnly = true,
        remote = false,
        generateConfigurer = false,
        firstVersion = "0.1.0")
@Metadata(excludeProperties = "lazyStartProducer")
final class RegistrarEndpoint extends DefaultEndpoint {
    private final RegistrarComponent component;

    @UriPath(
            enums = "challenge,save,lookup",
            description = "challenge: asks for digest credentials and goes on when they are right. save: keeps the"
                    + " contacts of a REGISTER. lookup: finds them")
    @Metadata(required = true)
    private final RegistrarStep step;

    @UriParam(
            description = "lookup: whose contacts, a name or an expression of the simple language; who was called when"
                    + " not given")
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
