/**
 * The schemes {@code https:} and {@code http:} for routes, held to what an administrator allows: a model, a caller or a
 * careless route must not make the exchange ask its own network for things (SSRF).
 *
 * <p>Camel's own component over one client of ours. Start with {@code HttpGuard}: https only, listed hosts only, addresses
 * checked after the name was looked up and used as they were checked, no redirects, no cookies, no proxy; then
 * {@code HttpGuardProperties} for what may be set. Hosts of the own network have a list of their own.
 *
 * <p>Threads: those of the route that asks; a tool's, mostly. Timeouts bound how long it waits.
 */
@NullMarked
package io.firefly.voip.camel.http;

import org.jspecify.annotations.NullMarked;
