package io.firefly.voip.tenant.directory;

import java.time.Duration;

/**
 * Somebody a caller may be connected with.
 *
 * @param name by which agents and routes ask for it
 * @param description for the agent: who that is; empty for none
 * @param uri a SIP address; a number was put before its gateway
 * @param by how
 * @param patience how long it may ring
 */
public record Target(String name, String description, String uri, By by, Duration patience) {
    /** Ways to connect a caller. */
    public enum By {
        /** The caller's own side is asked to call there (RFC 3515); we are out of the call then. */
        REFER,
        /** We call there, and carry the sound of both until one of them hangs up. */
        BRIDGE
    }
}
