package io.firefly.voip.agent.simulator.script;

/** What faults can be done to: one session and its socket. Every deed takes effect at once. */
public interface Victim {
    /** @param code of the websocket; 1006 cuts the connection without a word */
    void close(int code, String reason);

    /** Nothing is sent for so long, then all of it. */
    void stall(long millis);

    /** Nothing is read for so long. */
    void deaf(long millis);

    /** An {@code error} event; the session goes on. */
    void error(String code, String message);

    /** The response under way ends with {@code status: failed}. */
    void fail(String code, String message);

    /** Sends a text frame as it is. */
    void send(String frame);

    /** Sends an event nobody knows, so many bytes long. */
    void oversize(int bytes);

    /** The next event of this type is sent twice. */
    void repeat(String type);

    /** The next event of this type comes so much later; others pass it. */
    void hold(String type, long millis);

    /** The next event of this type is lost. */
    void drop(String type);

    /** The session has lasted too long: {@code session_expired} and 1001. */
    void expire();
}
