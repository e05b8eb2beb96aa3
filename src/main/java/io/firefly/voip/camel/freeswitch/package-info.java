/**
 * The scheme {@code freeswitch:}: what happens in a FreeSWITCH becomes exchanges, what routes want becomes commands.
 *
 * <p>Start with {@link io.firefly.voip.camel.freeswitch.FreeSwitchComponent}; {@code FreeSwitchWord} checks every word
 * when a route is built. {@code CallsConsumer} brings the calls that a dialplan handed to us (the body converts to
 * {@link io.firefly.voip.call.IncomingCall}), {@code EventsConsumer} events, {@code FreeSwitchProducer} sends commands.
 * The sockets are in {@code board} and {@code esl}; where there is no FreeSWITCH none of their classes is loaded.
 *
 * <p>Threads: calls are routed on {@code freeswitch-route-*} (16, 1000 may wait), events on {@code esl-work-*}, where a
 * route must not wait; answers to commands continue their exchange there, too.
 */
@NullMarked
package io.firefly.voip.camel.freeswitch;

import org.jspecify.annotations.NullMarked;
