package io.firefly.voip.ops.jmx;

import io.firefly.voip.registrar.Binding;
import java.beans.ConstructorProperties;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** Who is registered, and where. */
@Described("Who is registered, and where")
public interface RegistrationsMXBean {
    @Described("Users with at least one contact")
    int getUsers();

    @Described("Contacts of all users")
    int getBindings();

    @Described("The contacts, by user; the first 1000")
    List<Contact> getContacts();

    @Described("The contacts of one user, best first; empty when nobody by that name is registered")
    List<Contact> bindingsOf(@Described(name = "user", value = "Name of the subscriber") String user);

    @Described("Forgets every contact of a user until the phone registers again")
    void unregister(
            @Described(name = "user", value = "Name of the subscriber") String user,
            @Described(name = "reason", value = "Why, for the log; 3 to 200 characters") String reason);

    /** One binding in the shape JMX carries (a class with getters: Java 17 does not take records). */
    final class Contact {
        private final String user;
        private final String uri;
        private final String flow;
        private final long expiresInSeconds;

        /** @param flow transport, address and port the phone was seen at */
        @ConstructorProperties({"user", "uri", "flow", "expiresInSeconds"})
        public Contact(String user, String uri, String flow, long expiresInSeconds) {
            this.user = user;
            this.uri = uri;
            this.flow = flow;
            this.expiresInSeconds = expiresInSeconds;
        }

        static Contact of(Binding binding, Instant now) {
            String flow = binding.getTransport() + " " + binding.getAddress() + ":" + binding.getPort();
            long left = Math.max(0, Duration.between(now, binding.expiresAt()).toSeconds());
            return new Contact(binding.user(), binding.contact(), flow, left);
        }

        public String getUser() {
            return user;
        }

        public String getUri() {
            return uri;
        }

        public String getFlow() {
            return flow;
        }

        public long getExpiresInSeconds() {
            return expiresInSeconds;
        }
    }
}
