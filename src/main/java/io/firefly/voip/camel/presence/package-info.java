/**
 * The {@code presence:} steps of a route: {@code publish}, {@code subscribe}.
 *
 * <p>Start with {@link io.firefly.voip.camel.presence.PresenceComponent}. Both steps run on the thread of the route and
 * answer at once through the exchange headers from which the {@code sip:} consumer makes the response. The first NOTIFY
 * goes out when the exchange is over, which is after its 2xx. Notifications go out through {@code sip}, in the dialog of
 * the subscription.
 *
 * <p>Who may do it is the route's matter: {@code registrar:challenge} stands before both. A subscriber publishes about
 * themselves only. RFC 6665, RFC 3903, RFC 3856.
 */
@NullMarked
package io.firefly.voip.camel.presence;

import org.jspecify.annotations.NullMarked;
