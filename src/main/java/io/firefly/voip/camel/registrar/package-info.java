/**
 * The {@code registrar:} steps: challenge, save, lookup.
 */
@NullMarked
package io.firefly.voip.camel.registrar;

import org.jspecify.annotations.NullMarked;
