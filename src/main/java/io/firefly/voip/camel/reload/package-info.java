/**
 * Loads route files and swaps them on save; a bad file never takes a good route down.
 */
@NullMarked
package io.firefly.voip.camel.reload;

import org.jspecify.annotations.NullMarked;
