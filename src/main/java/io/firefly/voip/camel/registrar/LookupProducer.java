package io.firefly.voip.camel.registrar;

import io.firefly.voip.registrar.Binding;
import io.firefly.voip.registrar.LocationService;
import java.util.List;
import org.apache.camel.Exchange;
import org.apache.camel.Expression;
import org.apache.camel.support.DefaultProducer;
import org.jspecify.annotations.Nullable;

/**
 * Puts the bindings of a user into the body, best first, and how many there are into the header {@code
 * RegistrarBindings}. Nobody registered is an empty list, not an error.
 */
final class LookupProducer extends DefaultProducer {
    private static final String COUNT = "RegistrarBindings";

    private final LocationService locations;
    private final Expression user;

    LookupProducer(RegistrarEndpoint endpoint, LocationService locations, String user) {
        super(endpoint);
        this.locations = locations;
        this.user = endpoint.getCamelContext().resolveLanguage("simple").createExpression(user);
    }

    @Override
    public void process(Exchange exchange) {
        @Nullable String wanted = user.evaluate(exchange, String.class);
        List<Binding> bindings = wanted == null ? List.of() : locations.lookup(wanted);
        exchange.getMessage().setBody(bindings);
        exchange.getMessage().setHeader(COUNT, bindings.size());
    }
}
