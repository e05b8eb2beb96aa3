package io.firefly.voip.media.freeswitch;

import java.time.Instant;
import java.util.concurrent.CompletionStage;

/** One FreeSWITCH that we steer. Any thread. */
public interface SwitchNode {
    /** As it is named in the settings, else {@code host:port} of its event socket. */
    String name();

    /** {@code host:port} where its SIP profile takes our legs. */
    String sipAddress();

    Health health();

    /** No new call goes there from now on; running ones end when they end. */
    void drain(boolean draining);

    /**
     * A command in the background ({@code bgapi}), completed with its answer.
     *
     * @throws IllegalArgumentException when the text has CR, LF or another control character
     * @return fails with {@link EventSocketException} when it is refused ({@code -ERR}), takes too long, or the link is
     *     lost before the answer
     */
    CompletionStage<String> api(String command, String arguments);

    /**
     * What is known of a node.
     *
     * @param up its event socket stands and it was heard of lately
     * @param sessions channels of everybody, as its last heartbeat said
     * @param maxSessions its own limit, 0 when it is not known yet
     * @param idleCpu percent
     * @param since of the last change of {@code up}
     * @param note why it is not up; empty when it is
     */
    record Health(
            boolean up, boolean draining, int sessions, int maxSessions, double idleCpu, Instant since, String note) {}
}
