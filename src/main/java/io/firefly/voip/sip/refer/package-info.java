/**
 * Asking the far end of a dialog to call somebody else (RFC 3515): REFER, and the NOTIFYs that say how it goes.
 *
 * <p>One class, {@code Referrals}, without I/O: texts in, texts out. It runs on the thread of its leg. Refer-Sub is RFC 4488,
 * Referred-By RFC 3892; what a transferor does is RFC 5589 section 6. Replaces (RFC 3891) is not used: transfers are blind.
 */
@NullMarked
package io.firefly.voip.sip.refer;

import org.jspecify.annotations.NullMarked;
