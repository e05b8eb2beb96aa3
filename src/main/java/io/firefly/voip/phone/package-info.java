/**
 * The test caller: places a real SIP and RTP call from a process of its own and measures what comes back.
 *
 * <p>Start with {@link io.firefly.voip.phone.CallCommand} (the verb {@code call}), then {@code TestCall}, the story of
 * one call. It shares neither the SIP stack nor the RTP engine with the exchange, so that it can be its judge:
 * {@code SipWire}, {@code SipMessage} and {@code Dialog} are a small user agent client (RFC 3261), {@code PhoneSdp} what
 * it says of media (RFC 3264), {@code RtpPhone} sends a frame every 20 ms and writes down what arrives in
 * {@code HeardSound} (RFC 3550, RFC 4733).
 *
 * <p>Threads: the main thread owns the call and takes events from one bounded queue; {@code phone-sip} fills it,
 * {@code phone-rtp-send} and {@code phone-rtp-receive} carry sound. A Ctrl-C is an event like any other: the call is
 * ended with CANCEL or BYE before the process goes.
 *
 * <p>stdout is the result, stderr the talk. All requests of a call go to the address that was dialled, as through an
 * outbound proxy.
 */
@NullMarked
package io.firefly.voip.phone;

import org.jspecify.annotations.NullMarked;
