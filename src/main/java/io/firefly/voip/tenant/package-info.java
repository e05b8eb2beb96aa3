/**
 * Who owns a number and what they may do: limits, agent, call flow; read from {@code routes/tenants.yaml} and
 * {@code routes/agents.yaml}.
 *
 * <p>Start with {@link io.firefly.voip.tenant.TenantBook} and {@link io.firefly.voip.tenant.AgentBook}: each holds one
 * immutable page that {@code replace} swaps as a whole, so a lookup is a few map reads on any thread and a bad file never
 * takes the good page away. {@code NumberPlan} matches numbers and prefixes. {@code YamlFields} reads a mapping and
 * collects every mistake with its line, so that {@link io.firefly.voip.tenant.DirectoryFormatException} tells all of them
 * at once.
 *
 * <p>Whoever notices that a file has changed calls {@code replace}: agents first, since tenants name them. A tenant is
 * chosen by Diversion (RFC 5806) only when the source of the call is trusted.
 */
@NullMarked
package io.firefly.voip.tenant;

import org.jspecify.annotations.NullMarked;
