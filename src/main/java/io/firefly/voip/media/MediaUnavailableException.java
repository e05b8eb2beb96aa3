package io.firefly.voip.media;

/** No port, node or channel is left for another call. */
public final class MediaUnavailableException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public MediaUnavailableException(String message) {
        super(message);
    }
}
