package io.firefly.voip.camel.registrar;

import io.firefly.voip.sip.SipRequest;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.apache.camel.Consumer;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.support.DefaultComponent;
import org.apache.camel.support.DefaultEndpoint;
import org.apache.camel.support.DefaultProducer;
import org.jspecify.annotations.Nullable;

/**
 * The scheme {@code registrar:} without a registrar: checks steps and options as the serving one does, and lets everybody
 * on who is said to have proved themselves. Nothing is saved and nobody is registered.
 */
public final class RegistrarScheme extends DefaultComponent {
    private final Function<SipRequest, @Nullable String> proved;

    /** @param proved the subscriber a request comes from; null when it comes from a stranger, who hears 401 */
    public RegistrarScheme(Function<SipRequest, @Nullable String> proved) {
        this.proved = proved;
    }

    @Override
    protected Endpoint createEndpoint(String uri, String remaining, Map<String, Object> parameters) {
        RegistrarStep step = RegistrarStep.named(remaining);
        step.checkOptions(parameters.keySet());
        parameters.clear();
        return new StepEndpoint(uri, this, step);
    }

    private void act(RegistrarStep step, Exchange exchange) {
        switch (step) {
            case CHALLENGE -> challenge(exchange);
            case SAVE -> SipAnswer.write(exchange, 200, null, Map.of());
            case LOOKUP -> {
                exchange.getMessage().setBody(List.of());
                exchange.getMessage().setHeader("RegistrarBindings", 0);
            }
        }
    }

    private void challenge(Exchange exchange) {
        SipRequest request = SipAnswer.request(exchange, RegistrarStep.CHALLENGE);
        String subscriber = proved.apply(request);
        if (subscriber != null) exchange.getMessage().setBody(request.withSubscriber(subscriber));
        else SipAnswer.write(exchange, 401, null, Map.of());
    }

    private static final class StepEndpoint extends DefaultEndpoint {
        private final RegistrarScheme scheme;
        private final RegistrarStep step;

        StepEndpoint(String uri, RegistrarScheme scheme, RegistrarStep step) {
            super(uri, scheme);
            this.scheme = scheme;
            this.step = step;
        }

        @Override
        public Producer createProducer() {
            return new DefaultProducer(this) {
                @Override
                public void process(Exchange exchange) {
                    scheme.act(step, exchange);
                }
            };
        }

        @Override
        public Consumer createConsumer(Processor processor) {
            throw new UnsupportedOperationException(
                    "registrar:" + step.label() + " is a step (to:); REGISTERs come from sip:<edge>?methods=REGISTER");
        }
    }
}
