/**
 * The embedded media engine: RTP and RTCP over UDP for one host.
 */
@NullMarked
package io.firefly.voip.media.rtp;

import org.jspecify.annotations.NullMarked;
