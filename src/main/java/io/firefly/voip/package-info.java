/** Firefly: a telephone exchange for voice AI. One package per station on the path of a call; see DESIGN.md. */
@NullMarked
package io.firefly.voip;

import org.jspecify.annotations.NullMarked;
