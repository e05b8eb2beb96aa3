/**
 * Health, readiness, metrics, the start-up report, draining.
 */
@NullMarked
package io.firefly.voip.ops;

import org.jspecify.annotations.NullMarked;
