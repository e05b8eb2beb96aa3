/** May this call come in? What its tenant has left of its limits, and what the caller hears who may not. */
@NullMarked
package io.firefly.voip.callcontrol.admission;

import org.jspecify.annotations.NullMarked;
