/**
 * SIP header texts to values. Pure functions: no I/O, no state beside a counter, any thread.
 *
 * <p>Start with {@link io.firefly.voip.sip.header.SipHeaders}: From, To and Request-URI to a
 * {@link io.firefly.voip.call.Party}; Diversion (RFC 5806), History-Info (RFC 7044) and P-Asserted-Identity (RFC 3325)
 * to what the call wants to know of them. Below it {@link io.firefly.voip.sip.header.NameAddr} (name-addr or addr-spec
 * with header parameters, RFC 3261 20) and {@link io.firefly.voip.sip.header.SipUri} (RFC 3261 19.1, RFC 3966).
 * {@link io.firefly.voip.sip.header.HeaderLines} keeps the header lines of a message exactly as they were on the wire,
 * because a digest is computed over the text and not over somebody's idea of it.
 *
 * <p>Tolerant on input: an entry that cannot be read is skipped and counted, it never costs the call. Used by
 * {@code sip}, {@code registrar} and {@code phone}.
 */
@NullMarked
package io.firefly.voip.sip.header;

import org.jspecify.annotations.NullMarked;
