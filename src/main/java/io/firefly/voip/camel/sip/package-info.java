/**
 * The {@code sip:} component: SIP requests to routes, requests of routes to SIP. Successor of camel-sip.
 *
 * <p>Start with {@link io.firefly.voip.camel.sip.SipConsumer}: one exchange per request outside of a call, whose body is
 * the {@link io.firefly.voip.sip.SipRequest}; what the route leaves behind ({@link io.firefly.voip.camel.sip.SipConstants})
 * becomes the response. A route that makes a call of an INVITE (the body converts to
 * {@link io.firefly.voip.call.IncomingCall}) leaves the response to the call. {@link io.firefly.voip.camel.sip.SipProducer}
 * sends requests outside of a dialog; a SUBSCRIBE of ours keeps one, and a route that takes NOTIFY hears of it.
 *
 * <p>The front door's threads only hand over; routes run on the pool {@code firefly-sip}, which is bounded: what does not
 * fit hears 503. SIP headers never become Camel headers of their own name, only {@code sip.<name>} from an allow-list.
 */
@NullMarked
package io.firefly.voip.camel.sip;

import org.jspecify.annotations.NullMarked;
