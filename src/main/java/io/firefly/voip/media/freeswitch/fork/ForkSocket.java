package io.firefly.voip.media.freeswitch.fork;

/** Our end of the websocket that the module dialled. Any thread; every method returns at once. */
public interface ForkSocket {
    /**
     * Sends a binary message.
     *
     * @param bytes belongs to the caller again when this returns
     * @return false when it cannot be sent: the socket is gone, or its peer reads too slowly
     */
    boolean send(byte[] bytes, int length);

    /** Sends a text message; false as with {@link #send(byte[], int)}. */
    boolean send(String text);

    /** Ends the socket with a status code of RFC 6455 7.4. May be called twice. */
    void close(int code, String reason);
}
