package io.firefly.voip.media;

import io.firefly.voip.call.HangupCause;

/** What the media side reports besides sound. Told on a media or worker thread: hand over and return. */
public interface MediaListener {
    /** A key the caller pressed, once per press (RFC 4733 repeats removed). */
    void dtmf(char digit, int millis);

    /** Nothing came from the caller for the configured time although the call is not on hold. */
    void timedOut();

    /** The media side is gone: its node died, or hung up by itself. Nothing can be heard any more. */
    default void lost(HangupCause cause, String why) {}
}
