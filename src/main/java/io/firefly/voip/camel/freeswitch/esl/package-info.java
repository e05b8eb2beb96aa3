/**
 * FreeSWITCH's event socket, spoken over camel-netty.
 *
 * <p>Start with {@link io.firefly.voip.camel.freeswitch.esl.EslFrame} (what comes) and
 * {@link io.firefly.voip.camel.freeswitch.esl.EslCommand} (what goes), then
 * {@link io.firefly.voip.camel.freeswitch.esl.EslConnection}: replies come in the order of the commands, one each;
 * results of what takes time come as events and are found by an id of ours. {@code EslSockets} makes camel-netty
 * endpoints of both directions; {@link io.firefly.voip.camel.freeswitch.esl.EslLink} keeps one to a node for as long as
 * we run, {@link io.firefly.voip.camel.freeswitch.esl.EslServer} takes those that FreeSWITCH opens for its calls.
 *
 * <p>Threads: {@code esl-net} reads, decodes and hands over, nothing else. Everything else happens on
 * {@code esl-work-*}, what concerns one channel one after the other; {@code esl-link-*} connect, and may wait for that;
 * {@code esl-clock} looks at what is late.
 *
 * <p>Bounds: 32 MiB per message, 4096 commands without a reply, 10 000 events that wait for a worker (hang-ups and
 * results above that are taken, everything else is dropped and counted).
 */
@NullMarked
package io.firefly.voip.camel.freeswitch.esl;

import org.jspecify.annotations.NullMarked;
