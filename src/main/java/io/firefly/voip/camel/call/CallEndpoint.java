package io.firefly.voip.camel.call;

import org.apache.camel.Consumer;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.support.DefaultEndpoint;

/** One {@code call:} address in a route: an entry or a step. */
final class CallEndpoint extends DefaultEndpoint {
    private final CallComponent component;
    private final CallStep step;

    CallEndpoint(String uri, CallComponent component, CallStep step) {
        super(uri, component);
        this.component = component;
        this.step = step;
    }

    @Override
    public Producer createProducer() {
        if (step.verb().isEntry()) {
            throw new IllegalArgumentException("'" + step.verb() + "' is where a route starts; no step can send to it");
        }
        return new CallProducer(this, step, component::orders);
    }

    @Override
    public Consumer createConsumer(Processor processor) throws Exception {
        if (!step.verb().isEntry()) {
            throw new IllegalArgumentException(
                    "'" + step.verb() + "' is a step; routes start from call:incoming or call:ended");
        }
        CallConsumer consumer =
                new CallConsumer(this, processor, component.entrances().of(step.verb()));
        configureConsumer(consumer);
        return consumer;
    }
}
