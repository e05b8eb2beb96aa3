/** The scheme {@code freeswitch:}, and {@link io.firefly.voip.media.freeswitch.SwitchFabric} over event sockets. */
@NullMarked
package io.firefly.voip.camel.freeswitch;

import org.jspecify.annotations.NullMarked;
