/**
 * Measures Firefly from outside, as a process of its own, beside a reference peer in the same run. Nothing is asserted.
 *
 * <p>Start with {@link io.firefly.voip.bench.Bench} (the command line), then one of the scenarios. Beside them: {@code
 * Firefly} is the server under measurement, {@code ReferencePeer} another one: sipp or
 * FreeSWITCH, {@code MeasuredProcess} reads what a process
 * costs, {@code SipCaller} signals, {@code RtpLoad} talks and listens, {@code Stamp} is the time written into the sound,
 * {@code FakeProvider} stands for the speaking AI.
 *
 * <p>Threads: one sends all sound, one receives all sound, one receives all SIP; scenarios run on the main thread. All
 * times are of {@link java.lang.System#nanoTime}. RFC 3261, RFC 3550, RFC 7616.
 */
@NullMarked
package io.firefly.voip.bench;

import org.jspecify.annotations.NullMarked;
