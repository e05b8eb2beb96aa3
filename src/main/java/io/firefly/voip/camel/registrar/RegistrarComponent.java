package io.firefly.voip.camel.registrar;

import io.firefly.voip.registrar.DigestGuard;
import io.firefly.voip.registrar.LocationService;
import io.firefly.voip.registrar.Registrar;
import java.util.Map;
import org.apache.camel.Endpoint;
import org.apache.camel.spi.annotations.Component;
import org.apache.camel.support.DefaultComponent;

/**
 * The scheme {@code registrar:}. A component belongs to one Camel context; a dry run makes a new one, which touches
 * nothing until an exchange comes.
 */
@Component("registrar")
public final class RegistrarComponent extends DefaultComponent {
    private final DigestGuard guard;
    private final Registrar registrar;
    private final LocationService locations;

    public RegistrarComponent(DigestGuard guard, Registrar registrar, LocationService locations) {
        this.guard = guard;
        this.registrar = registrar;
        this.locations = locations;
    }

    /** @throws IllegalArgumentException for a step or an option nobody knows; the message lists those that are known */
    @Override
    protected Endpoint createEndpoint(String uri, String remaining, Map<String, Object> parameters) {
        RegistrarStep step = RegistrarStep.named(remaining);
        step.checkOptions(parameters.keySet());
        Object user = parameters.remove("user");
        return new RegistrarEndpoint(uri, this, step, user == null ? RegistrarStep.REQUESTED_USER : user.toString());
    }

    DigestGuard guard() {
        return guard;
    }

    Registrar registrar() {
        return registrar;
    }

    LocationService locations() {
        return locations;
    }
}
