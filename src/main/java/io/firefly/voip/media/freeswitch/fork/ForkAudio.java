package io.firefly.voip.media.freeswitch.fork;

import io.firefly.voip.audio.AudioFormat;
import io.firefly.voip.audio.AudioSink;
import io.firefly.voip.audio.AudioSource;
import io.firefly.voip.call.CallId;
import io.firefly.voip.call.HangupCause;
import io.firefly.voip.media.MediaStatistics;
import io.firefly.voip.media.freeswitch.ChannelAudio;
import io.firefly.voip.media.freeswitch.EventSocketException;
import io.firefly.voip.media.freeswitch.SwitchChannel;
import io.firefly.voip.media.freeswitch.fork.ForkLine.Count;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The deciding half of one call: orders the socket, knows whether it is there, and gives everything back. Any thread.
 */
final class ForkAudio implements ChannelAudio, ForkDoor.Holder, ForkPeer, SwitchChannel.Listener {
    private static final Logger log = LoggerFactory.getLogger(ForkAudio.class);
    private static final String COMMAND = "uuid_audio_fork";
    static final String BUG = "firefly";
    /** Not empty, because its coming back is the sign of life, and without blanks, which separate the options. */
    static final String METADATA = "{}";

    private static final String MODULE = "mod_audio_fork::";
    private static final Pattern UUID = Pattern.compile("[A-Za-z0-9-]{1,64}");
    private static final int NORMAL = 1000;
    private static final int POLICY_VIOLATION = 1008;
    private static final int CLOSE_MILLIS = 1_000;
    /** Our module says little: the metadata, and marks, which we never ask for. */
    private static final int MAX_TEXTS = 200;

    private final CallId call;
    private final ForkTransport transport;
    private final CompletableFuture<Void> attached = new CompletableFuture<>();
    private volatile AudioSink sink = AudioSink.NOWHERE;
    private volatile AudioSource source = AudioSource.SILENCE;
    private volatile AudioSink ears = AudioSink.NOWHERE;
    private @Nullable SwitchChannel channel;
    private @Nullable String ticket;
    private @Nullable String startOrder;
    private boolean startedAgain;
    private @Nullable ForkSocket socket;
    private volatile @Nullable ForkLine line;
    private volatile @Nullable FilePlayback files;
    private @Nullable Runnable whenLost;
    private boolean accepted;
    private boolean alive;
    private boolean started;
    private boolean gone;
    private boolean closed;
    private int texts;

    ForkAudio(CallId call, ForkTransport transport) {
        this.call = call;
        this.transport = transport;
    }

    @Override
    public CompletionStage<AudioFormat> prepare() {
        return CompletableFuture.completedFuture(AudioFormat.NARROWBAND);
    }

    @Override
    public CompletionStage<?> attach(SwitchChannel caller) {
        if (!UUID.matcher(caller.uuid()).matches())
            throw new IllegalArgumentException("call " + call + ": '" + caller.uuid() + "' is no channel");
        String order;
        synchronized (this) {
            if (channel != null) throw new IllegalStateException("call " + call + ": attached twice");
            if (closed) return CompletableFuture.failedFuture(new EventSocketException("call " + call + " is over"));
            channel = caller;
            String issued = transport.door().issue(this);
            ticket = issued;
            order = startOrder(caller.uuid(), transport.settings(), issued);
            startOrder = order;
        }
        caller.listen(this);
        transport.later(transport.settings().connectWithin().toMillis(), this::tooLate);
        caller.api(COMMAND, order).whenComplete(this::answered);
        return attached;
    }

    /** Options of the module are known by their place only. The last three ask for sound back, by socket, at this rate. */
    private static String startOrder(String uuid, ForkProperties settings, String ticket) {
        return uuid + " start " + settings.address() + ticket + " mono 8k " + BUG + " " + METADATA
                + trailer(settings.playout().toldRateHz);
    }

    private static String trailer(int rateHz) {
        return " true true " + rateHz;
    }

    private void answered(@Nullable String answer, @Nullable Throwable failure) {
        String refusal = null;
        if (failure != null) refusal = String.valueOf(root(failure).getMessage());
        else if (answer == null || answer.stripLeading().startsWith("-"))
            refusal = answer == null ? "no answer" : answer.strip();
        if (refusal == null) {
            synchronized (this) {
                accepted = true;
            }
            completeWhenReady();
        } else if (!startedAnew()) {
            fail("FreeSWITCH refused " + COMMAND + " start: " + refusal);
        }
    }

    /** A channel that we took back after our own death still has the socket of then, which is dead. Once. */
    private boolean startedAnew() {
        SwitchChannel steered;
        String order;
        synchronized (this) {
            steered = channel;
            order = startedAgain || closed ? null : startOrder;
            startedAgain = true;
        }
        if (steered == null || order == null) return false;
        steered.api(COMMAND, steered.uuid() + " stop " + BUG)
                .handle((stopped, failure) -> steered.api(COMMAND, order).whenComplete(this::answered));
        return true;
    }

    private static Throwable root(Throwable failure) {
        Throwable cause = failure.getCause();
        return failure instanceof CompletionException && cause != null ? cause : failure;
    }

    private void tooLate() {
        boolean here;
        synchronized (this) {
            here = socket != null;
        }
        fail("no sound from " + COMMAND + " within "
                + transport.settings().connectWithin().toMillis() + " ms: "
                + (here
                        ? "its socket is silent"
                        : "nobody came to " + transport.settings().address() + "<ticket>"));
    }

    private void fail(String why) {
        if (!attached.completeExceptionally(new EventSocketException("call " + call + ": " + why))) return;
        log.warn("audio socket call={} failed: {}", call, why);
        giveBackTicket();
    }

    private synchronized void giveBackTicket() {
        if (ticket != null) transport.door().takeBack(ticket);
        ticket = null;
    }

    @Override
    public @Nullable ForkPeer joined(ForkSocket opened) {
        synchronized (this) {
            ticket = null;
            if (closed || attached.isDone()) return null;
            socket = opened;
            ForkLine made = new ForkLine(opened, transport.settings().playout(), this::fault);
            made.connect(sink, source);
            made.hearOnArrival(ears);
            line = made;
        }
        return this;
    }

    private void sawLife() {
        synchronized (this) {
            if (alive) return;
            alive = true;
        }
        completeWhenReady();
    }

    private void completeWhenReady() {
        synchronized (this) {
            if (!accepted || !alive || socket == null) return;
        }
        if (attached.complete(null)) log.debug("audio socket call={} joined", call);
    }

    @Override
    public void dtmf(char digit, int millis) {
        // Keys are the session's.
    }

    @Override
    public void hungUp(HangupCause cause, String switchCause) {
        fail("the channel ended: " + switchCause);
    }

    @Override
    public void lost(String why) {
        fail(why);
    }

    @Override
    public void custom(String subclass, String body) {
        switch (subclass) {
            case MODULE + "connect_failed" -> fail("FreeSWITCH could not dial us: " + body.strip());
            case MODULE + "connect" -> {
                boolean here;
                synchronized (this) {
                    here = socket != null;
                }
                if (here) sawLife();
            }
            case MODULE + "play_audio" -> {
                FilePlayback playback = files;
                if (playback != null) playback.announced(body);
            }
            case MODULE + "buffer_overrun" -> log.warn("audio socket call={}: we read too slowly, sound is lost", call);
            default -> log.trace("audio socket call={} {}", call, subclass);
        }
    }

    @Override
    public void audio(byte[] pcm) {
        ForkLine carrying = line;
        if (carrying == null) return;
        if (!alive()) sawLife();
        carrying.arrived(pcm);
    }

    private synchronized boolean alive() {
        return alive;
    }

    @Override
    public void text(String text) {
        boolean first;
        boolean flood;
        synchronized (this) {
            texts++;
            first = texts == 1;
            flood = texts > MAX_TEXTS;
        }
        if (first && text.startsWith(METADATA + " ")) {
            speakByFiles();
            sawLife();
        } else if (flood) {
            end(POLICY_VIOLATION, "too many texts");
        } else if (first) {
            sawLife();
        } else {
            log.trace("audio socket call={} says {}", call, text);
        }
    }

    /** drachtio's build knows six words, so what follows the metadata comes back with it; and it takes no sound by socket. */
    private void speakByFiles() {
        FilePlayback playback;
        synchronized (this) {
            SwitchChannel steered = channel;
            ForkLine carrying = line;
            if (closed || steered == null || carrying == null) return;
            playback = new FilePlayback(steered, task -> transport.later(0, task), System::nanoTime);
            carrying.speakBy(new SpokenFiles(playback));
        }
        files = playback;
        transport.toldOfFiles();
    }

    @Override
    public Duration delay() {
        return files == null ? Duration.ZERO : SpokenFiles.DELAY;
    }

    private void end(int code, String reason) {
        ForkSocket open;
        synchronized (this) {
            open = socket;
        }
        if (open != null) open.close(code, reason);
    }

    @Override
    public void closed(int code, String reason) {
        Runnable told;
        synchronized (this) {
            if (gone) return;
            gone = true;
            told = started && !closed ? whenLost : null;
        }
        fail("the socket was closed (" + code + " " + reason + ")");
        if (told == null) return;
        // With 1000 the module follows the end of the channel, of which the session hears in its own way.
        if (code != NORMAL) log.warn("audio socket call={} lost: {} {}", call, code, reason);
        transport.later(0, told);
    }

    /** A call may begin before its socket is there: then frames flow from when it is. */
    @Override
    public void start(Runnable runWhenLost) {
        boolean lost;
        synchronized (this) {
            if (closed) return;
            if (started) throw new IllegalStateException("call " + call + ": started twice");
            started = true;
            whenLost = runWhenLost;
            lost = gone;
        }
        CompletionStage<Void> unused = attached.thenRun(this::flow);
        if (lost) transport.later(0, runWhenLost);
    }

    private void flow() {
        ForkLine carrying;
        synchronized (this) {
            carrying = line;
            if (closed || carrying == null) return;
            transport.clock().add(carrying);
        }
        carrying.begin();
    }

    @Override
    public synchronized void connect(AudioSink fromCaller, AudioSource toCaller) {
        sink = fromCaller;
        source = toCaller;
        ForkLine carrying = line;
        if (carrying != null) carrying.connect(fromCaller, toCaller);
    }

    /** Ticks happen as frames arrive: there is nothing quicker. */
    @Override
    public synchronized boolean hearOnArrival(AudioSink newEars) {
        ears = newEars;
        ForkLine carrying = line;
        if (carrying != null) carrying.hearOnArrival(newEars);
        return true;
    }

    @Override
    public void discardUnheard() {
        ForkLine carrying = line;
        if (carrying != null) carrying.discardUnheard();
    }

    private void fault(Throwable fault) {
        transport.later(0, () -> log.error("media failed call={}: the caller may hear silence", call, fault));
    }

    @Override
    public MediaStatistics statistics() {
        ForkLine carrying = line;
        return carrying == null ? new MediaStatistics("L16", 0, 0, 0, 0, 0, 0, 0, 0) : carrying.statistics();
    }

    @Override
    public void close() {
        SwitchChannel steered;
        synchronized (this) {
            if (closed) return;
            closed = true;
            steered = channel;
        }
        giveBackTicket();
        attached.completeExceptionally(new EventSocketException("call " + call + " is over"));
        ForkLine carrying = line;
        if (carrying != null) {
            carrying.end();
            transport.clock().remove(carrying);
        }
        transport.closed(this);
        if (steered != null) leave(steered);
        logBill();
    }

    /** The module closes its socket itself when it is told to stop; we do when it does not. */
    private void leave(SwitchChannel steered) {
        transport.later(CLOSE_MILLIS, () -> end(NORMAL, "the call is over"));
        steered.api(COMMAND, steered.uuid() + " stop " + BUG)
                .whenComplete((answer, failure) -> end(NORMAL, "the call is over"));
    }

    private void logBill() {
        MediaStatistics sum = statistics();
        ForkLine carrying = line;
        log.info(
                "audio socket closed call={} received={} sent={} unsent={} malformed={} madeUp={} leftOut={} overflowed={}",
                call,
                sum.packetsReceived(),
                sum.packetsSent(),
                sum.packetsLost(),
                sum.strangerPackets(),
                sum.concealedFrames(),
                sum.packetsLate(),
                carrying == null ? 0 : carrying.get(Count.OVERFLOWED));
    }
}
