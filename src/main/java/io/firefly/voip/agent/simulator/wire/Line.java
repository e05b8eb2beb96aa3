package io.firefly.voip.agent.simulator.wire;

/** The connection to the client. */
public interface Line {
    void send(String frame);

    void close(int code, String reason);

    /** Ends the connection without a word: the client sees 1006. */
    void cut();

    /** False stops reading, so that the client's writes pile up. */
    void read(boolean reading);

    void ping();

    /** True while the client reads too slowly. */
    boolean congested();
}
