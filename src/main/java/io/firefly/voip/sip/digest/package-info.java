/**
 * Digest access authentication as pure functions: header texts to values and back, HA1, responses.
 *
 * <p>Start with {@link io.firefly.voip.sip.digest.DigestCredentials} for the side that verifies, with {@link
 * io.firefly.voip.sip.digest.ClientDigest} for the side that answers a challenge. What is policy (which nonce is good,
 * who is throttled) lives in {@code registrar}.
 *
 * <p>Header texts come from the network: a bad one is a {@link io.firefly.voip.sip.digest.HeaderReading.Malformed} value
 * with the reason, never an exception. No state, any thread. RFC 7616, RFC 8760, RFC 3261 22. Neither {@code -sess}
 * algorithms nor {@code auth-int} are offered or answered.
 */
@NullMarked
package io.firefly.voip.sip.digest;

import org.jspecify.annotations.NullMarked;
