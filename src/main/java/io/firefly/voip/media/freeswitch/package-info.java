/**
 * FreeSWITCH as the media side: its legs, the audio between it and us, its nodes.
 *
 * <p>{@link io.firefly.voip.media.freeswitch.SwitchFabric} is how FreeSWITCH is seen from here; {@code camel.freeswitch}
 * fills it in with event sockets. Our legs towards it are {@link io.firefly.voip.call.DialedLeg}s.
 */
@NullMarked
package io.firefly.voip.media.freeswitch;

import org.jspecify.annotations.NullMarked;
