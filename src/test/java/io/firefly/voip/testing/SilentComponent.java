package io.firefly.voip.testing;

import java.util.Map;
import org.apache.camel.Consumer;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.support.DefaultComponent;
import org.apache.camel.support.DefaultConsumer;
import org.apache.camel.support.DefaultEndpoint;
import org.apache.camel.support.DefaultProducer;

/** One of our schemes for a test that does not look at it: takes every option, does nothing. */
public final class SilentComponent extends DefaultComponent {
    @Override
    protected Endpoint createEndpoint(String uri, String remaining, Map<String, Object> parameters) {
        parameters.clear();
        return new SilentEndpoint(uri, this);
    }

    private static final class SilentEndpoint extends DefaultEndpoint {
        SilentEndpoint(String uri, SilentComponent component) {
            super(uri, component);
        }

        @Override
        public Producer createProducer() {
            return new DefaultProducer(this) {
                @Override
                public void process(Exchange exchange) {
                    // Nobody looks.
                }
            };
        }

        @Override
        public Consumer createConsumer(Processor route) {
            return new DefaultConsumer(this, route);
        }
    }
}
