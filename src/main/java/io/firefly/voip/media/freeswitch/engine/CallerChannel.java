package io.firefly.voip.media.freeswitch.engine;

import io.firefly.voip.call.CallId;
import io.firefly.voip.call.HangupCause;
import io.firefly.voip.media.MediaListener;
import io.firefly.voip.media.MediaStatistics;
import io.firefly.voip.media.freeswitch.ChannelAudio;
import io.firefly.voip.media.freeswitch.SwitchChannel;
import io.firefly.voip.media.freeswitch.leg.Strands.Strand;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The caller's channel with its way of sound, from the moment both are there. Tells the call of keys and of its end,
 * which it may hear of from four sides: the first of them counts, and FreeSWITCH's own word is waited for a little.
 * Strand only, but for what the channel tells.
 */
final class CallerChannel implements SwitchChannel.Listener {
    private static final Logger log = LoggerFactory.getLogger(CallerChannel.class);
    private static final String MEDIA_TIMEOUT = "MEDIA_TIMEOUT";

    private final CallId call;
    private final Strand strand;
    private final ChannelAudio audio;
    private final SharedChannel channel;
    private final SilenceWatch watch;
    private final Duration grace;
    private final Duration legFirst;
    private @Nullable MediaListener listener;
    private volatile @Nullable Runnable lastWord;
    private @Nullable Path recordTo;
    private @Nullable Runnable whenNotRecorded;
    private boolean joined;
    private boolean recording;
    private @Nullable String overNote;
    private boolean closed;

    /**
     * What it needs besides the channel.
     *
     * @param grace how long FreeSWITCH's own word about an end is waited for
     * @param legFirst how long the call's leg is waited for, which knows better who hung up
     */
    record Surroundings(CallId call, Strand strand, Duration silenceTimeout, Duration grace, Duration legFirst) {}

    CallerChannel(Surroundings surroundings, SwitchChannel channel, ChannelAudio audio) {
        this.call = surroundings.call();
        this.strand = surroundings.strand();
        this.grace = surroundings.grace();
        this.legFirst = surroundings.legFirst();
        this.audio = audio;
        this.channel = new SharedChannel(channel, this);
        this.watch = new SilenceWatch(this.channel, strand, surroundings.silenceTimeout(), this::missed);
    }

    CallerChannel begin() {
        channel.begin();
        return this;
    }

    String uuid() {
        return channel.uuid();
    }

    /** Joins channel and sound. */
    void attach() {
        if (closed) return;
        long began = System.nanoTime();
        audio.attach(channel).whenCompleteAsync((joined, failure) -> attached(began, failure), strand);
    }

    /** Behind the answer that its leg has ordered: a channel without media cannot be joined. */
    void answerAndAttach() {
        channel.execute("answer", "").whenCompleteAsync((said, failure) -> attach(), strand);
    }

    private void attached(long began, @Nullable Throwable failure) {
        if (closed) return;
        long millis = (System.nanoTime() - began) / 1_000_000;
        if (failure == null) log.debug("joined call={} channel={} millis={}", call, uuid(), millis);
        else soundLost("the caller's channel cannot be joined: " + failure.getMessage());
        joined = failure == null;
        record();
    }

    /** Behind the joining: what mod_audio_fork says to the caller reaches only who listens on the channel after it. */
    private void record() {
        Path file = recordTo;
        Runnable refused = whenNotRecorded;
        if (file == null || refused == null || !joined || listener == null || recording) return;
        recording = true;
        channel.api("uuid_setvar", uuid() + " RECORD_STEREO true")
                .thenCompose(said -> channel.api("uuid_record", uuid() + " start " + file))
                .whenComplete((said, failure) -> {
                    if (failure == null) return;
                    log.warn("FreeSWITCH does not record call={} file={}: {}", call, file, failure.getMessage());
                    refused.run();
                });
    }

    void start(MediaListener newListener) {
        if (closed) return;
        listener = newListener;
        audio.start(() -> strand.execute(() -> soundLost("the way of sound to FreeSWITCH broke")));
        Runnable said = lastWord;
        if (said != null) said.run();
        else watch.begin();
        record();
    }

    /** Any thread. */
    boolean isOver() {
        return lastWord != null;
    }

    /** Sound in both directions, once it flows. */
    void recordTo(Path stereoWav, Runnable whenRefused) {
        recordTo = stereoWav;
        whenNotRecorded = whenRefused;
    }

    /** @param away nothing needs to come from the caller now */
    void away(boolean away) {
        watch.away(away);
    }

    /** @throws IllegalArgumentException when there is something else than keys among them */
    static void checkKeys(String digits) {
        if (!digits.matches("[0-9*#A-D]*")) throw new IllegalArgumentException("not keypad digits: '" + digits + "'");
    }

    /** The numbers of our side under the name of the caller's codec. */
    static MediaStatistics named(@Nullable String codec, MediaStatistics ours) {
        return new MediaStatistics(
                codec,
                ours.packetsReceived(),
                ours.packetsSent(),
                ours.packetsLost(),
                ours.packetsLate(),
                ours.packetsDuplicated(),
                ours.concealedFrames(),
                ours.strangerPackets(),
                ours.jitterMillis());
    }

    void sendDtmf(String digits) {
        if (closed || digits.isEmpty()) return;
        channel.api("uuid_send_dtmf", uuid() + " " + digits + "@100").whenComplete((said, failure) -> {
            if (failure != null) log.warn("digits not sent call={}: {}", call, failure.getMessage());
        });
    }

    void close() {
        if (closed) return;
        closed = true;
        watch.end();
        if (!recording) return;
        channel.api("uuid_record", uuid() + " stop " + recordTo).whenComplete((said, failure) -> {
            if (failure != null) log.debug("call={} the recording ended with its channel", call);
        });
    }

    @Override
    public void dtmf(char digit, int millis) {
        strand.execute(() -> {
            if (!closed && listener != null) listener.dtmf(digit, millis);
        });
    }

    @Override
    public void hungUp(HangupCause cause, String switchCause) {
        strand.after(legFirst, () -> {
            if (switchCause.equals(MEDIA_TIMEOUT)) missed();
            else over(cause, "FreeSWITCH hung up: " + switchCause);
        });
    }

    @Override
    public void lost(String why) {
        strand.execute(() -> over(HangupCause.MEDIA_UNAVAILABLE, why));
    }

    /** Its leg ended; the channel knows the reason better. */
    void legOver(HangupCause cause, String why) {
        String note = "FreeSWITCH ended the leg: " + why;
        overNote = note;
        strand.after(grace, () -> over(cause, note));
    }

    private void soundLost(String why) {
        strand.after(grace, () -> {
            if (overNote == null) over(HangupCause.MEDIA_UNAVAILABLE, why);
        });
    }

    private void missed() {
        conclude(() -> {
            if (listener != null) listener.timedOut();
        });
    }

    private void over(HangupCause cause, String why) {
        conclude(() -> {
            if (listener != null) listener.lost(cause, why);
        });
    }

    /** Once; before the start it waits for somebody to hear it. */
    private void conclude(Runnable word) {
        if (closed || lastWord != null) return;
        lastWord = word;
        watch.end();
        if (listener != null) word.run();
    }
}
