/**
 * Offers, answers, codec choice (RFC 3264, RFC 8866). Text in, values out; tolerant reader, strict writer.
 */
@NullMarked
package io.firefly.voip.media.sdp;

import org.jspecify.annotations.NullMarked;
