/**
 * Who may register and where they are: subscribers, digest credentials, bindings.
 *
 * <p>Three doors, all called on the thread of the route, never on a SIP thread: {@link
 * io.firefly.voip.registrar.DigestGuard} proves who sent a request, {@link io.firefly.voip.registrar.Registrar} carries
 * out a REGISTER, {@link io.firefly.voip.registrar.LocationService} finds the contacts of a user.
 *
 * <p>Memory answers, the database remembers: bindings are read from memory and written through to H2 (or PostgreSQL)
 * before the 200 goes out, so that they survive a restart; HA1s are cached for half a minute. One lock per stripe of users
 * keeps a REGISTER all-or-nothing. {@code registrar-sweep} removes what has expired. What the network can make grow
 * (nonce counts, failures, cached names) lives in bounded tables.
 *
 * <p>Credentials are stored as HA1 per algorithm (RFC 7616, RFC 8760), never in clear. RFC 3261 10.3 and 22.
 */
@NullMarked
package io.firefly.voip.registrar;

import org.jspecify.annotations.NullMarked;
