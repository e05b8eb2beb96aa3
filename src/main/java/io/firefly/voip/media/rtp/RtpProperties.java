package io.firefly.voip.media.rtp;

import io.firefly.voip.audio.G711;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings of the embedded media engine.
 *
 * @param firstPort first port of the RTP range, even; keep it outside net.ipv4.ip_local_port_range
 * @param lastPort last port of the range; a call takes two
 * @param bind the address the sockets are bound to; 0.0.0.0 refuses callers over IPv6, {@code "::"} takes both families
 * @param advertise the address written into SDP, for a host behind a NAT; null: the one that leads to the caller
 * @param jitterMin the least time that even the latest packets of two seconds have to spare in the jitter buffer
 * @param jitterMax the most; what would wait longer is dropped
 * @param timeout silence on the wire after which the call is reported as timed out; 0 switches it off
 * @param portQuarantine how long a port rests after a call
 * @param codecs offered in this order, and all that is accepted
 * @param threads media loops; 0: half the cores, at least one
 * @param nat accept a caller from anywhere when its SDP shows a private address
 */
@ConfigurationProperties(value = "firefly.media.rtp", ignoreUnknownFields = false)
record RtpProperties(
        @DefaultValue("16384") int firstPort,
        @DefaultValue("32766") int lastPort,
        @DefaultValue("0.0.0.0") InetAddress bind,
        @Nullable InetAddress advertise,
        @DefaultValue("3ms") Duration jitterMin,
        @DefaultValue("200ms") Duration jitterMax,
        @DefaultValue("30s") Duration timeout,
        @DefaultValue("30s") Duration portQuarantine,
        @DefaultValue({"PCMA", "PCMU"}) List<G711> codecs,
        @DefaultValue("0") int threads,
        @DefaultValue("true") boolean nat) {
    private static final String PREFIX = "firefly.media.rtp.";
    private static final Duration LONGEST_JITTER = Duration.ofMillis(500);

    RtpProperties {
        codecs = List.copyOf(codecs);
        check(firstPort >= 1_024 && firstPort % 2 == 0, "first-port", firstPort, "must be even and at least 1024");
        check(lastPort > firstPort && lastPort <= 65_535, "last-port", lastPort, "must be above first-port");
        check(
                !jitterMin.isNegative() && jitterMin.compareTo(jitterMax) <= 0,
                "jitter-min",
                jitterMin,
                "must be 0 to jitter-max");
        check(jitterMax.compareTo(LONGEST_JITTER) <= 0, "jitter-max", jitterMax, "must be at most 500ms");
        check(!timeout.isNegative(), "timeout", timeout, "must not be negative");
        check(!portQuarantine.isNegative(), "port-quarantine", portQuarantine, "must not be negative");
        check(!codecs.isEmpty(), "codecs", codecs, "must name PCMA, PCMU or both");
        check(threads >= 0 && threads <= 64, "threads", threads, "must be 0 to 64");
        check(
                advertise == null || !advertise.isAnyLocalAddress(),
                "advertise",
                String.valueOf(advertise),
                "must be a real address");
    }

    private static void check(boolean right, String key, Object value, String rule) {
        if (!right) throw new IllegalArgumentException(PREFIX + key + " is " + value + ", it " + rule);
    }

    /** How many loops to run on this machine. */
    int loops() {
        return threads > 0 ? threads : Math.max(1, Runtime.getRuntime().availableProcessors() / 2);
    }
}
