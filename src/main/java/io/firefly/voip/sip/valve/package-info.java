/**
 * What guards the front door, as parts that know neither SIP messages nor sockets of the stack: how much a source may
 * send ({@code SourceRates}), how many connections it may hold ({@code Connections}), who takes which method
 * ({@code MethodTable}).
 *
 * <p>Start at {@code sip.stack.FrontValve}, which asks them. Any thread; nothing here waits.
 */
@NullMarked
package io.firefly.voip.sip.valve;

import org.jspecify.annotations.NullMarked;
