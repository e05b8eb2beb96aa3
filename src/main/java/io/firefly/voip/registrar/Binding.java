package io.firefly.voip.registrar;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One place where a user can be reached.
 *
 * @param id ours; stays the same while the contact is refreshed
 * @param contact the Contact URI as the phone sent it: what stands on the request line of a call to it
 * @param parameters of the Contact header, expires excepted, as they go back in a 200
 * @param callId and {@code cseq}: of the REGISTER that wrote it last, for its order (RFC 3261 10.3 step 7)
 * @param flow where packets must go, which behind NAT is not what the Contact says
 */
public record Binding(
        String id,
        String user,
        String contact,
        String parameters,
        String callId,
        long cseq,
        Instant expiresAt,
        Flow flow) {

    /**
     * The way the REGISTER came.
     *
     * @param transport {@code udp}, {@code tcp} or {@code tls}
     * @param address numeric source address
     */
    public record Flow(String transport, String address, int port) {}

    /** RFC 3261 20.10: 0 to 1, higher is tried first; 1 when the phone did not say. */
    public double q() {
        String q = parameter("q");
        return q != null && q.matches("0(\\.[0-9]{0,3})?|1(\\.0{0,3})?") ? Double.parseDouble(q) : 1.0;
    }

    @Nullable
    String parameter(String name) {
        return parameterMap().get(name);
    }

    private Map<String, String> parameterMap() {
        return ContactHeader.parameters(parameters);
    }

    /** The value of a Contact header with what is left of its time, in whole seconds, at least 1. */
    String headerValue(Instant now) {
        long seconds = Math.max(1, (Duration.between(now, expiresAt).toMillis() + 999) / 1000);
        String rest = parameters.isEmpty() ? "" : ";" + parameters;
        return "<" + contact + ">;expires=" + seconds + rest;
    }

    // The bean properties that expressions in routes use.

    public String getUser() {
        return user;
    }

    public String getContact() {
        return contact;
    }

    public String getTransport() {
        return flow.transport();
    }

    /** Numeric address the phone was seen at, IPv6 in brackets. */
    public String getAddress() {
        return flow.address().indexOf(':') >= 0 ? "[" + flow.address() + "]" : flow.address();
    }

    public int getPort() {
        return flow.port();
    }
}
