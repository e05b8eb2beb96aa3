/**
 * The scheme {@code call:}: what happens in calls becomes exchanges, what routes want becomes orders to calls.
 *
 * <p>Start with {@link io.firefly.voip.camel.call.CallExchange} (which call an exchange is about), then {@code CallDesk}
 * (events in: {@code call:incoming}, {@code call:ended}) and {@code CallProducer} (orders out: {@code call:ring},
 * {@code call:answer} and the rest of {@code CallVerb}). {@code CallStep} checks every word when a route is built.
 *
 * <p>Threads: call control tells us on the call's own thread, which only hands over; exchanges run on
 * {@code call-route-*}, one after the other for one call. An order is accepted at once and carried out later, on the
 * call's thread. The desk must not need call control to be made, or the beans form a circle: it gets a supplier.
 *
 * <p>Bounds: {@code firefly.routing.workers} threads, {@code firefly.routing.queue} waiting calls, 3 s of patience
 * while a route is swapped. What no route takes is ended and counted.
 */
@NullMarked
package io.firefly.voip.camel.call;

import org.jspecify.annotations.NullMarked;
