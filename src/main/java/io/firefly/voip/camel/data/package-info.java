/**
 * {@code tenants.yaml} and {@code agents.yaml} as parts of the set that {@code camel.check} judges: the running exchange and
 * the command {@code routes check} read them by the same code.
 *
 * <p>Start with {@link io.firefly.voip.camel.data.DirectoryFiles}. Threads: that of the check. Reading changes nothing; a
 * draft changes the books when it is used.
 */
@NullMarked
package io.firefly.voip.camel.data;

import org.jspecify.annotations.NullMarked;
