package io.firefly.voip.media.freeswitch;

/** FreeSWITCH refused what we asked, did not answer in time, or is gone. The message says which, and what was asked. */
public final class EventSocketException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public EventSocketException(String message) {
        super(message);
    }
}
