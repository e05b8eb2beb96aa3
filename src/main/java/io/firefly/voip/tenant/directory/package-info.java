/**
 * {@code directory.yaml}: whom the callers of a tenant may be connected with, by name, and what its agents' tools may do
 * and cost in a day.
 *
 * <p>A model never says a number or an address, only a name that stands here (toll fraud). Start with
 * {@code CallDirectory}: read from memory on any thread, swapped as a whole together with the routes; a mistake is told
 * with its line, and what was read before serves on.
 */
@NullMarked
package io.firefly.voip.tenant.directory;

import org.jspecify.annotations.NullMarked;
