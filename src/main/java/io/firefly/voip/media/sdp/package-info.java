/**
 * Offers, answers, codec choice: text in, values out. A tolerant reader for what phones send, a strict writer for what
 * we send. Nothing here opens a socket, asks a name server or throws because of what the network sent.
 *
 * <p>Start with {@link io.firefly.voip.media.sdp.SdpNegotiator}: one per call, it answers, offers and accepts. What
 * came out is an {@link io.firefly.voip.media.sdp.AudioAgreement}, all that an RTP engine or a test phone needs.
 *
 * <p>Limits: 8 KB, 16 media lines, 64 payload types a line. Only plain RTP audio with G.711 (PCMU, PCMA) and
 * telephone-event is agreed on; every other media line is answered with port 0.
 *
 * <p>Threads: none; a negotiator belongs to one caller at a time. RFC 8866 (SDP), RFC 3264 (offer/answer), RFC 3551
 * (payload types), RFC 4733 (telephone-event), RFC 3605 and RFC 5761 (RTCP port).
 */
@NullMarked
package io.firefly.voip.media.sdp;

import org.jspecify.annotations.NullMarked;
