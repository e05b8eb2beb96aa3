/**
 * The embedded media engine: RTP and RTCP over UDP for one host.
 *
 * <p>Start with {@code RtpMediaEngine.open}, then {@code RtpMediaSession} (decides, any thread) and {@code RtpLeg}
 * (carries). A tick of a leg is the whole story: {@code RtpReceiver} drains the socket, {@code SourceLatch} says who is
 * the caller, {@code JitterBuffer} and {@code LossConcealer} make even frames of it, the connected sink hears one, the
 * connected source gives one, {@code RtpSender} sends it; {@code TelephoneEvent} and {@code RtcpReports} ride along.
 * Ears that do not wait for a tick hear a packet when it is found (package {@code arrival}).
 *
 * <p>Threads: {@code media-clock-n} ({@code MediaLoop}) owns the legs that hang on it, so nothing here is locked; it
 * neither allocates nor waits nor logs. Orders reach it by a queue. {@code media-news} tells listeners. Few calls
 * wake the loop with each packet; with many it looks at all sockets once a millisecond.
 *
 * <p>RFC 3550 (RTP, RTCP), RFC 3551 (payload types), RFC 4733 (digits), RFC 4961 (symmetric RTP), RFC 5761 (mux),
 * ITU-T G.711 Appendix I (the idea of the concealment).
 */
@NullMarked
package io.firefly.voip.media.rtp;

import org.jspecify.annotations.NullMarked;
