/**
 * Subscribers, digest credentials and bindings (the location service of RFC 3261 10.3). H2 by default.
 *
 * <p>Credentials are stored as HA1 per algorithm (RFC 7616, RFC 8760), never in clear. Database work runs on the
 * calling Camel thread, never on a SIP thread.
 */
@NullMarked
package io.firefly.voip.registrar;

import org.jspecify.annotations.NullMarked;
