/**
 * The front door over JAIN-SIP: valve, transactions to calls, dialogs, timers. The only package (beside the test phone)
 * that knows {@code javax.sip}.
 *
 * <p>The ports are {@link io.firefly.voip.sip.SipFront}, {@link io.firefly.voip.sip.SipRequest} and their neighbours.
 * Behind them read in the order a request travels: {@code stack.FrontValve} (rate, scanners, malformed), {@code JainSipFront}
 * (which handler, which leg), {@code InboundRequest} (what it says and how it is answered), {@code SipLeg} (one INVITE
 * and its call), {@code SipDialog} (tags, routes, re-offers); {@code EventDialogs} (one answer, or a subscription).
 * Outwards: {@code ClientTransactions}, and {@code DialLine} for the legs that we call ({@code sip.dial}). {@code SipTransport}
 * owns the stack with its sockets and threads, {@code sip.stack} is what the stack calls from the inside.
 *
 * <p>The stack parses, retransmits and keeps transactions; dialogs are ours. Threads: whoever brings news
 * of a Call-ID while nobody is at it serves it, the stack's own above all; {@code sip-*} do what they must not wait for;
 * {@code sip-timer-*} only rings their bell; {@code sip-client-*} connect, {@code sip-names-*} look up names. None waits for a route, a database or a call.
 *
 * <p>RFC 3261, 3264, 3311, 3325, 3326, 3581, 4028, 6026, 6665.
 */
@NullMarked
package io.firefly.voip.sip;

import org.jspecify.annotations.NullMarked;
