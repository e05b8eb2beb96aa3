/**
 * The {@code sip:} component, Camel 4 successor of camel-sip.
 */
@NullMarked
package io.firefly.voip.camel.sip;

import org.jspecify.annotations.NullMarked;
