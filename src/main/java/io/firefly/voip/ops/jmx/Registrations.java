package io.firefly.voip.ops.jmx;

import io.firefly.voip.registrar.Binding;
import io.firefly.voip.registrar.LocationService;
import java.time.Clock;
import java.time.Instant;
import java.util.Collection;
import java.util.List;

/** The location service as an MBean. */
final class Registrations implements RegistrationsMXBean {
    private static final int MOST = 1000;

    private final LocationService locations;
    private final Clock clock;
    private final Audit audit;

    Registrations(LocationService locations, Clock clock, Audit audit) {
        this.locations = locations;
        this.clock = clock;
        this.audit = audit;
    }

    @Override
    public int getUsers() {
        return locations.usersNow();
    }

    @Override
    public int getBindings() {
        return locations.bindingsNow();
    }

    @Override
    public List<Contact> getContacts() {
        return contacts(locations.list(MOST));
    }

    @Override
    public List<Contact> bindingsOf(String user) {
        return contacts(locations.lookup(user));
    }

    private List<Contact> contacts(Collection<Binding> bindings) {
        Instant now = clock.instant();
        return bindings.stream().map(binding -> Contact.of(binding, now)).toList();
    }

    @Override
    public void unregister(String user, String reason) {
        int known = locations.lookup(user).size();
        if (known == 0) throw new IllegalArgumentException("nobody is registered as '" + user + "'");
        audit.note("unregister user=" + user + " contacts=" + known, reason);
        locations.forget(user);
    }
}
