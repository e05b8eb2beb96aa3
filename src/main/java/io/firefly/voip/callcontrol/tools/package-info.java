/**
 * What an agent's tools may do in a call, decided outside of the model and before a route runs.
 *
 * <p>Start with {@code CallTools}, one per conversation: what it may be offered (lists of its agent and its tenant, names of
 * the directory in place of targets), how often and at what cost, whether the caller has to agree by a key first, what the
 * caller hears while a tool runs, and who is told when routes or the directory change during the call. {@code ToolGate} is
 * what all calls share; {@code DayLedger} counts what tenants used in their day. A refusal is data that the model can speak
 * about.
 *
 * <p>Threads: everything of one call runs on its call thread; nothing waits.
 */
@NullMarked
package io.firefly.voip.callcontrol.tools;

import org.jspecify.annotations.NullMarked;
