/**
 * The schemes {@code call:} and, in routes' words, everything a step may ask of a call.
 */
@NullMarked
package io.firefly.voip.camel.call;

import org.jspecify.annotations.NullMarked;
