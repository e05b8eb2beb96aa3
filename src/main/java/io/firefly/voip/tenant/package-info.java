/**
 * Who owns a number and what they may do: limits, hours, agent, call flow; and the agents by name.
 *
 * <p>Start with {@link io.firefly.voip.tenant.TenantBook} and {@link io.firefly.voip.tenant.AgentBook}: each holds one
 * immutable page that {@code commit} swaps as a whole, so a lookup is a few map reads on any thread and bad data never
 * takes the good page away. {@code parse} makes a page of {@code routes/tenants.yaml} or {@code routes/agents.yaml};
 * {@code tenant.sql} makes one of rows. Both are read by {@code TenantsReader} and {@code AgentsReader} through {@link
 * io.firefly.voip.tenant.Fields}, which collects every mistake with its place, so that {@link
 * io.firefly.voip.tenant.DirectoryFormatException} tells all of them at once. Who adds a field adds it to the schema in
 * {@code static/schema}, too; {@code SchemaTest} says so.
 *
 * <p>Whoever notices that a file has changed parses and commits agents first, since tenants name them. A tenant is chosen
 * by Diversion (RFC 5806) only when the source of the call is trusted, and a trunk is trusted for its own tenants only.
 * {@code tenant.plan} is what leads where, {@code tenant.usage} what tenants use of their limits.
 */
@NullMarked
package io.firefly.voip.tenant;

import org.jspecify.annotations.NullMarked;
