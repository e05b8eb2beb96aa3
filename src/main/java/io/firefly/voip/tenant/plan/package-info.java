/**
 * What leads where, and when: numbers and prefixes, networks, hours. Knows nothing of tenants.
 *
 * <p>{@link io.firefly.voip.tenant.plan.NumberPlan} finds what a dialled number leads to, {@link
 * io.firefly.voip.tenant.plan.NetworkPlan} what an address (RFC 4632, RFC 4291) belongs to; both are filled by one thread
 * and then only read, and a lookup costs the same with ten entries and with ten thousand. {@link
 * io.firefly.voip.tenant.plan.OpeningHours} is immutable.
 */
@NullMarked
package io.firefly.voip.tenant.plan;

import org.jspecify.annotations.NullMarked;
