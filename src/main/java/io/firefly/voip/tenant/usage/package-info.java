/**
 * What tenants use of what they may: calls at the same time, new calls per second, minutes of the day.
 *
 * <p>Start with {@link io.firefly.voip.tenant.usage.TenantUsage}: it has an account for each tenant that calls, by its id,
 * so that an edited {@code tenants.yaml} changes the limits and not what was used. Any thread may ask; what it does is a
 * few additions under the lock of one account.
 *
 * <p>The thread {@code tenant-usage} adds up the running calls every few seconds and writes what was talked to the {@link
 * io.firefly.voip.tenant.usage.MinuteLedger}, so that not even kill -9 gives a tenant its minutes back. Nodes on one
 * database see each other's minutes there. A database that does not answer costs nothing but the news of the others:
 * what was talked is written when it is back.
 */
@NullMarked
package io.firefly.voip.tenant.usage;

import org.jspecify.annotations.NullMarked;
