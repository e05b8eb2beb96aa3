/**
 * What JAIN-SIP calls from the inside: parser, UDP socket, timers, logs, routing of requests. Known to {@code sip} only.
 *
 * <p>Start with {@link io.firefly.voip.sip.stack.StackSettings}, which names each of them to the stack; then
 * {@code UdpDoor} (a datagram comes in) and {@link io.firefly.voip.sip.stack.SafeParser} (it becomes a message).
 *
 * <p>Threads: the stack's own. An Error in one of them would end it and leave the stack deaf, so nothing gets out.
 */
@NullMarked
package io.firefly.voip.sip.stack;

import org.jspecify.annotations.NullMarked;
