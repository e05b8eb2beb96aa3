/**
 * Calls whose sound FreeSWITCH carries.
 *
 * <p>Start with {@link io.firefly.voip.media.freeswitch.engine.FreeSwitchMediaEngine}: a call that FreeSWITCH handed to us
 * becomes a {@code HandedSession} (its channel is there already); any other becomes a {@code DialedSession} when the
 * engine is freeswitch: an INVITE with the caller's SDP to a node of the {@code NodePool}, whose answer is our answer. A
 * {@code NodeCall} is one try of that; after a node's refusal another one is tried, once. A {@code CallerChannel} is
 * what both have then: the channel, its keys, its end, and the way of sound ({@code AudioTransport}). {@code
 * SilenceWatch} misses the caller, {@code ChannelSweep} ends channels that nobody here knows.
 *
 * <p>Threads: those of {@code media.freeswitch.leg}; a session's state belongs to the strand of its call. RFC 3264, RFC
 * 3261 13 and 14.
 */
@NullMarked
package io.firefly.voip.media.freeswitch.engine;

import org.jspecify.annotations.NullMarked;
