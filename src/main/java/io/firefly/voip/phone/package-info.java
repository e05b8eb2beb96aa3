/**
 * The test caller: places a real SIP and RTP call from a process of its own and measures what comes back.
 */
@NullMarked
package io.firefly.voip.phone;

import org.jspecify.annotations.NullMarked;
