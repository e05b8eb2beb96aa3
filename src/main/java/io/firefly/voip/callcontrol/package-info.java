/**
 * The story of a call: admit, ring, answer, connect, transfer, end; timers and limits; drain.
 *
 * <p>Start with {@link io.firefly.voip.callcontrol.CallOrders}. One call is always served by the same {@code call-*}
 * thread, the only one that changes it; nothing here waits for I/O. Sees ports only.
 */
@NullMarked
package io.firefly.voip.callcontrol;

import org.jspecify.annotations.NullMarked;
