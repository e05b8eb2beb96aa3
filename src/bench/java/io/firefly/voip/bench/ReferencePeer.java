package io.firefly.voip.bench;

/** Another server on this machine that answers calls, measured in turns with Firefly. */
interface ReferencePeer extends AutoCloseable {
    /** As the table's heading says it. */
    String name();

    MeasuredProcess process();

    int port();

    /** Whom to call for an echo. */
    String echoUser();

    @Override
    void close();
}
