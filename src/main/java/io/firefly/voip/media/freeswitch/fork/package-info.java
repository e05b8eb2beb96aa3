/**
 * Sound by mod_audio_fork: FreeSWITCH dials our websocket, one per call, and sends and takes linear PCM.
 *
 * <p>Start with {@link io.firefly.voip.media.freeswitch.fork.ForkTransport}, the
 * {@link io.firefly.voip.media.freeswitch.AudioTransport}, then {@code ForkAudio}, the deciding half of one call: it makes
 * a one-time ticket, orders {@code uuid_audio_fork ... start}, and is joined when the socket that brings the ticket comes
 * in through {@link io.firefly.voip.media.freeswitch.fork.ForkDoor}. {@code ForkLine} is the carrying half: a tick for
 * every frame of FreeSWITCH; {@code Utterances} cuts what the caller shall hear into the pieces the module plays at once.
 *
 * <p>Threads: ticks run on the thread that brings the frame (a websocket event loop), those for frames that stay away on
 * {@code fork-clock}; never two at a time. Nothing there allocates, waits or logs, but for what the socket needs to
 * send. Orders come from any thread; timeouts and losses are told on {@code fork-news}.
 *
 * <p>The protocol is that of the jambonz build of the module. drachtio's build, known by its first text, takes no sound by
 * socket: for it {@code SpokenFiles} makes texts that become files there, and {@code FilePlayback} has them played.
 */
@NullMarked
package io.firefly.voip.media.freeswitch.fork;

import org.jspecify.annotations.NullMarked;
