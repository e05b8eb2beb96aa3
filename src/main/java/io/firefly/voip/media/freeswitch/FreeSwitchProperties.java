package io.firefly.voip.media.freeswitch;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings of everything that has to do with FreeSWITCH.
 *
 * @param nodes event sockets we connect to; empty: none
 * @param listen where FreeSWITCH connects to us (outbound event socket), {@code host:port} or a port; null: not at all,
 *     unless the media engine is freeswitch, then 127.0.0.1:8084
 * @param advertise {@code host:port} that is told to FreeSWITCH for that; null: as it listens
 * @param audio how sound comes to us
 * @param instance our name on channels; two exchanges on one FreeSWITCH need two. Null: host name and SIP port
 * @param maxSessions calls that FreeSWITCH may hand to us at the same time
 * @param sessionTimeout such a call is ended after this time
 * @param answerWithin how long FreeSWITCH may take to answer one of our legs
 */
@ConfigurationProperties(value = "firefly.freeswitch", ignoreUnknownFields = false)
public record FreeSwitchProperties(
        @DefaultValue List<Node> nodes,
        @Nullable String listen,
        @Nullable String advertise,
        @DefaultValue("rtp") Audio audio,
        @Nullable String instance,
        @DefaultValue("100") int maxSessions,
        @DefaultValue("30m") Duration sessionTimeout,
        @DefaultValue("4s") Duration answerWithin) {
    private static final String PREFIX = "firefly.freeswitch.";

    public FreeSwitchProperties {
        nodes = List.copyOf(nodes);
        if (maxSessions < 1)
            throw new IllegalArgumentException(PREFIX + "max-sessions is " + maxSessions + ", it must be at least 1");
        if (sessionTimeout.isNegative() || sessionTimeout.isZero())
            throw new IllegalArgumentException(
                    PREFIX + "session-timeout is " + sessionTimeout + ", it must be above 0");
        if (answerWithin.isNegative() || answerWithin.isZero())
            throw new IllegalArgumentException(PREFIX + "answer-within is " + answerWithin + ", it must be above 0");
    }

    /** How sound comes from FreeSWITCH to us and back. */
    public enum Audio {
        /** A second leg to our RTP engine, bridged to the caller's. */
        RTP,
        /** mod_audio_fork to our websocket. */
        WEBSOCKET
    }

    /**
     * One FreeSWITCH.
     *
     * @param name for logs and metrics; null: {@code host:port}
     * @param host of its event socket
     * @param port of its event socket
     * @param password of its event socket; null: from {@code passwordFile}
     * @param sip {@code host:port} of the SIP profile that takes our legs; null: the same host, 5080
     * @param drain starts without taking calls
     */
    public record Node(
            @Nullable String name,
            @DefaultValue("127.0.0.1") String host,
            @DefaultValue("8021") int port,
            @Nullable String password,
            @Nullable Path passwordFile,
            @Nullable String sip,
            @DefaultValue("false") boolean drain) {
        public Node {
            if (port < 1 || port > 65_535)
                throw new IllegalArgumentException(PREFIX + "nodes[].port is " + port + ", it must be 1 to 65535");
        }

        public String title() {
            return name == null ? host + ":" + port : name;
        }

        public String sipAddress() {
            return sip == null ? host + ":5080" : sip;
        }

        /** Without the password. */
        @Override
        public String toString() {
            return title();
        }
    }
}
