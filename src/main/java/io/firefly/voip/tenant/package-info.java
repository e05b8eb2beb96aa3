/**
 * Who owns a number and what they may do: limits, agent, call flow; read from {@code routes/tenants.yaml} and
 * {@code routes/agents.yaml}.
 *
 * <p>Start with {@link io.firefly.voip.tenant.TenantDirectory}.
 */
@NullMarked
package io.firefly.voip.tenant;

import org.jspecify.annotations.NullMarked;
