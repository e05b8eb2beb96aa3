/**
 * Connecting a caller with somebody of the directory: by a referral to the caller's own side, or by a call of ours whose
 * sound is joined with theirs.
 *
 * <p>Start with {@code Transfer}, one per call: waits until the agent has finished its sentence, does one attempt at a time
 * and says how it went. {@code FarParty} is whom we called: its leg and its media session. When an attempt fails the call is
 * as it was before.
 *
 * <p>Threads: everything runs on the call's thread; legs and media report from theirs and hand over.
 */
@NullMarked
package io.firefly.voip.callcontrol.transfer;

import org.jspecify.annotations.NullMarked;
