package io.firefly.voip.testing;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.camel.Consumer;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.support.DefaultComponent;
import org.apache.camel.support.DefaultConsumer;
import org.apache.camel.support.DefaultEndpoint;
import org.apache.camel.support.DefaultProducer;

/** A scheme of ours in a test: writes down every step in order, does what the test wants, starts routes on demand. */
final class StandIns extends DefaultComponent {
    private final List<String> steps;
    private final Map<String, Processor> entries;
    private final Map<String, Processor> behaviour;

    StandIns(Recorded recorded) {
        this.steps = recorded.steps();
        this.entries = recorded.entries();
        this.behaviour = recorded.behaviour();
    }

    /**
     * What all stand-ins of one test share.
     *
     * @param steps the steps that were sent to, with their options: {@code call:end?cause=busy}
     * @param entries what a route starts from, to the route behind it
     * @param behaviour what a step does beyond being written down
     */
    record Recorded(List<String> steps, Map<String, Processor> entries, Map<String, Processor> behaviour) {
        Recorded() {
            this(new CopyOnWriteArrayList<>(), new ConcurrentHashMap<>(), new ConcurrentHashMap<>());
        }
    }

    @Override
    protected Endpoint createEndpoint(String uri, String remaining, Map<String, Object> parameters) {
        String scheme = uri.substring(0, uri.indexOf(':'));
        StringBuilder said = new StringBuilder(scheme).append(':').append(remaining);
        char separator = '?';
        for (var option : new TreeMap<>(parameters).entrySet()) {
            said.append(separator).append(option.getKey()).append('=').append(option.getValue());
            separator = '&';
        }
        parameters.clear();
        return new StandIn(uri, said.toString());
    }

    private final class StandIn extends DefaultEndpoint {
        private final String said;

        StandIn(String uri, String said) {
            super(uri, StandIns.this);
            this.said = said;
        }

        @Override
        public Producer createProducer() {
            return new DefaultProducer(this) {
                @Override
                public void process(Exchange exchange) throws Exception {
                    steps.add(said);
                    Processor wanted = behaviour.get(said);
                    if (wanted != null) wanted.process(exchange);
                }
            };
        }

        @Override
        public Consumer createConsumer(Processor route) {
            entries.put(said, route);
            return new DefaultConsumer(this, route);
        }
    }
}
