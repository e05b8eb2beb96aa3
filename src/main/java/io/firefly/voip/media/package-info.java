/**
 * The port to the media side. Two engines stand behind it: {@code media.rtp} (embedded, default) and
 * {@code media.freeswitch}; both pass the same tests, and {@code callcontrol} sees only what is here.
 *
 * <p>Start with {@link io.firefly.voip.media.MediaSession}.
 */
@NullMarked
package io.firefly.voip.media;

import org.jspecify.annotations.NullMarked;
