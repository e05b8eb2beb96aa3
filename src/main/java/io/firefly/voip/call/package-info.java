/**
 * What a call is: its identity, its state, who is named by it, the leg that speaks to the network, why it ended.
 *
 * <p>Start with {@link io.firefly.voip.call.Call} and {@link io.firefly.voip.call.CallState}. Knows no protocol and no
 * library; everything else may import it. {@code Call} is state, never behaviour.
 */
@NullMarked
package io.firefly.voip.call;

import org.jspecify.annotations.NullMarked;
