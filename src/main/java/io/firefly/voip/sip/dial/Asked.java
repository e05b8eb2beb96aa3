package io.firefly.voip.sip.dial;

import io.firefly.voip.sip.header.HeaderLines;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A request of the far end in a dialog of ours, with the transaction that answers it. */
public interface Asked {
    String method();

    long cseq();

    /** Of the far end. */
    String fromTag();

    HeaderLines lines();

    @Nullable
    String sdp();

    InetSocketAddress source();

    /** Answers what is wrong with it whatever the state of the dialog (RFC 3261 8.2); true when something was. */
    boolean isRefused();

    /** 100. */
    void trying();

    /** @param sdp null for a response without body */
    void respond(int status, Map<String, List<String>> headers, @Nullable String sdp);

    /** The 2xx that was sent once more: its transaction has ended with the first (RFC 3261 13.3.1.4). */
    void repeat();
}
