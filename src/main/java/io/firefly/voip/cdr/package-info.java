/** One closing record per call, exactly once: a JSON line in {@code data/cdr}. */
@NullMarked
package io.firefly.voip.cdr;

import org.jspecify.annotations.NullMarked;
