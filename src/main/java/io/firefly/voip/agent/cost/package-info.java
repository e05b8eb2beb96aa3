/**
 * What agents cost, whoever provides them: {@link io.firefly.voip.agent.cost.TokenPrice} makes dollars of tokens, {@link
 * io.firefly.voip.agent.cost.UsageMeter} adds up what all calls of this process used and shows it as metrics. What one call
 * used goes to its stage ({@code AgentStage.used}) and from there into the call's detail record. Any thread.
 */
@NullMarked
package io.firefly.voip.agent.cost;

import org.jspecify.annotations.NullMarked;
