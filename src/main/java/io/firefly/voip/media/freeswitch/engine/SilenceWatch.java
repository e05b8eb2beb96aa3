package io.firefly.voip.media.freeswitch.engine;

import io.firefly.voip.media.freeswitch.SwitchChannel;
import io.firefly.voip.media.freeswitch.leg.Strands.Strand;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks FreeSWITCH how many packets came from the caller, and reports when there are no new ones for too long. Its own
 * {@code media_timeout} is a matter of its dialplan, and does not know our holds; what comes to us says nothing, because
 * FreeSWITCH fills silence. Strand only.
 */
final class SilenceWatch {
    private static final Logger log = LoggerFactory.getLogger(SilenceWatch.class);
    private static final Duration LONGEST_ROUND = Duration.ofSeconds(5);
    private static final Duration SHORTEST_ROUND = Duration.ofMillis(250);

    private final SwitchChannel channel;
    private final Strand strand;
    private final Duration timeout;
    private final Runnable missed;
    private String count = "";
    private long heardNanos;
    private boolean away;
    private boolean over;
    private @Nullable Runnable cancelRound;

    /** @param timeout 0 switches it off */
    SilenceWatch(SwitchChannel channel, Strand strand, Duration timeout, Runnable missed) {
        this.channel = channel;
        this.strand = strand;
        this.timeout = timeout;
        this.missed = missed;
        this.over = timeout.isZero();
    }

    void begin() {
        heardNanos = System.nanoTime();
        later();
    }

    /** On hold either side may fall silent for as long as it likes. */
    void away(boolean nowAway) {
        away = nowAway;
        heardNanos = System.nanoTime();
    }

    void end() {
        over = true;
        if (cancelRound != null) cancelRound.run();
    }

    private void later() {
        if (over) return;
        Duration quarter = timeout.dividedBy(4);
        Duration round = quarter.compareTo(LONGEST_ROUND) > 0 ? LONGEST_ROUND : quarter;
        cancelRound = strand.after(round.compareTo(SHORTEST_ROUND) < 0 ? SHORTEST_ROUND : round, this::look);
    }

    private void look() {
        if (over) return;
        if (away) {
            later();
            return;
        }
        count().whenCompleteAsync(this::counted, strand);
    }

    /** The variables are as old as the last order to set them. */
    private CompletionStage<String> count() {
        return channel.api("uuid_set_media_stats", channel.uuid())
                .thenCompose(set -> channel.api("uuid_getvar", channel.uuid() + " rtp_audio_in_packet_count"));
    }

    private void counted(@Nullable String now, @Nullable Throwable failure) {
        if (over) return;
        long nowNanos = System.nanoTime();
        if (now == null || !now.strip().matches("\\d{1,18}")) {
            log.debug(
                    "no count of packets channel={} said={} failure={}", channel.uuid(), now, String.valueOf(failure));
            heardNanos = nowNanos;
        } else if (!now.strip().equals(count)) {
            count = now.strip();
            heardNanos = nowNanos;
        }
        if (!away && nowNanos - heardNanos >= timeout.toNanos()) {
            end();
            missed.run();
        } else {
            later();
        }
    }
}
