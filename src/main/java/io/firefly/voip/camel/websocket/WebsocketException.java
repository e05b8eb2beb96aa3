package io.firefly.voip.camel.websocket;

/** An order to a socket that could not be carried out. Carries no stack trace: a lost frame must stay cheap. */
public final class WebsocketException extends Exception {
    private static final long serialVersionUID = 1L;

    /** Why. */
    public enum Reason {
        /** No socket has this key, it is not open yet, or it is closed. */
        GONE,
        /** The peer reads slower than we write; the frame was dropped. */
        QUEUE_FULL,
        /** The order itself is wrong: a header is missing or nonsense. */
        BAD_ORDER
    }

    private final Reason reason;

    WebsocketException(Reason reason, String message) {
        super(message, null, false, false);
        this.reason = reason;
    }

    public Reason reason() {
        return reason;
    }
}
