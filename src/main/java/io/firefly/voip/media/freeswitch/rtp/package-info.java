/**
 * The caller's sound by a second leg: FreeSWITCH sends it by RTP to a session of our embedded engine, so that pace, playout
 * and flush stay in this process and no module of FreeSWITCH is needed.
 *
 * <p>Start with {@link io.firefly.voip.media.freeswitch.rtp.RtpTransport}; a {@code RtpAudio} is the sound of one call:
 * a session of the embedded engine, an INVITE with its offer to the user {@code firefly-media}, {@code uuid_bridge}.
 * G.711 only; what the caller speaks is preferred, so that nothing is transcoded.
 *
 * <p>Threads: the strand of the call decides, the embedded engine's media loop carries. RFC 3264, RFC 3550.
 */
@NullMarked
package io.firefly.voip.media.freeswitch.rtp;

import org.jspecify.annotations.NullMarked;
