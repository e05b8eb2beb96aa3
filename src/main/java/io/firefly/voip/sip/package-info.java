/**
 * The front door over JAIN-SIP: valve, transactions to calls, dialogs, timers. The only package (beside the test phone)
 * that knows {@code javax.sip}.
 *
 * <p>Start with {@link io.firefly.voip.sip.SipFront}. Threads {@code sip-*} parse and hand over; they never wait for a
 * route, a database or a call. RFC 3261, 3264, 3311, 3326, 3581.
 */
@NullMarked
package io.firefly.voip.sip;

import org.jspecify.annotations.NullMarked;
