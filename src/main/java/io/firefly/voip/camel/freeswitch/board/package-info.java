/**
 * Every FreeSWITCH we know and every channel of ours there: {@link io.firefly.voip.media.freeswitch.SwitchFabric} over
 * event sockets.
 *
 * <p>Start with {@link io.firefly.voip.camel.freeswitch.board.Switchboard}, which opens and closes all of it.
 * {@code EslFabric} finds the channel that an INVITE of ours makes, by its Call-ID; {@code EslNode} is one FreeSWITCH
 * of the settings with its one socket; {@code HandedCalls} are the calls that a dialplan handed to us, each with a
 * socket of its own, and {@code SocketLeg} is their caller, whom {@code Deflection} sends elsewhere. {@code CallData} reads who is on the line.
 *
 * <p>Threads: all of it happens on {@code esl-work-*}, what concerns one channel one after the other; routes run on
 * {@code freeswitch-route-*}.
 *
 * <p>A channel outlives its link: when it is back, FreeSWITCH is asked which are still there. Another Core-UUID is
 * another FreeSWITCH, where nothing of ours is left.
 */
@NullMarked
package io.firefly.voip.camel.freeswitch.board;

import org.jspecify.annotations.NullMarked;
