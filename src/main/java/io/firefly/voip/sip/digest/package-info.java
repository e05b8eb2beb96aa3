/**
 * Digest access authentication as pure functions: algorithms, header texts, responses (RFC 7616, RFC 8760).
 */
@NullMarked
package io.firefly.voip.sip.digest;

import org.jspecify.annotations.NullMarked;
