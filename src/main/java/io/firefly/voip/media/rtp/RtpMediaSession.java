package io.firefly.voip.media.rtp;

import static java.util.concurrent.CompletableFuture.completedFuture;
import static java.util.concurrent.CompletableFuture.failedFuture;

import io.firefly.voip.audio.AudioFormat;
import io.firefly.voip.audio.AudioSink;
import io.firefly.voip.audio.AudioSource;
import io.firefly.voip.call.CallId;
import io.firefly.voip.call.HangupCause;
import io.firefly.voip.media.MediaListener;
import io.firefly.voip.media.MediaSession;
import io.firefly.voip.media.MediaStatistics;
import io.firefly.voip.media.Negotiated;
import io.firefly.voip.media.rtp.RtpLeg.Count;
import io.firefly.voip.media.rtp.RtpLeg.Counters;
import io.firefly.voip.media.rtp.arrival.ArrivalSound;
import io.firefly.voip.media.sdp.AudioAgreement;
import io.firefly.voip.media.sdp.LocalAudio;
import io.firefly.voip.media.sdp.SdpNegotiation;
import io.firefly.voip.media.sdp.SdpNegotiator;
import java.net.InetAddress;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The deciding half of a session: negotiates, and gives orders to its {@link RtpLeg}, which lives on a media loop once
 * {@link #start} was called. Any thread.
 */
final class RtpMediaSession implements MediaSession, RtpLeg.Reports {
    private static final Logger log = LoggerFactory.getLogger(RtpMediaSession.class);
    private static final Negotiated OVER = new Negotiated.Refused(HangupCause.CANCELLED, "the media session is closed");

    private final CallId id;
    private final RtpMediaEngine engine;
    private final SdpNegotiator negotiator;
    private final RtpLeg leg;
    private volatile @Nullable AudioAgreement agreement;
    private volatile @Nullable MediaListener listener;
    private @Nullable MediaLoop loop;
    private boolean closed;

    RtpMediaSession(CallId id, RtpMediaEngine engine, PortPool.Lease ports, @Nullable InetAddress peer) {
        this.id = id;
        this.engine = engine;
        negotiator = new SdpNegotiator(new LocalAudio(
                engine.localAddress(peer), ports.port(), engine.settings().codecs()));
        leg = new RtpLeg(ports, engine.settings(), this);
    }

    @Override
    public synchronized CompletionStage<Negotiated> answer(String sdpOffer) {
        return completedFuture(closed ? OVER : conclude(negotiator.answer(sdpOffer)));
    }

    @Override
    public synchronized CompletionStage<String> offer() {
        if (closed) return failedFuture(new IllegalStateException("the media session of call " + id + " is closed"));
        return completedFuture(negotiator.offer());
    }

    @Override
    public synchronized CompletionStage<Negotiated> accept(String sdpAnswer) {
        return completedFuture(closed ? OVER : conclude(negotiator.accept(sdpAnswer)));
    }

    private Negotiated conclude(SdpNegotiation negotiation) {
        if (negotiation instanceof SdpNegotiation.Refused refused) {
            return new Negotiated.Refused(HangupCause.NO_COMMON_CODEC, refused.reason());
        }
        SdpNegotiation.Agreed agreed = (SdpNegotiation.Agreed) negotiation;
        AudioAgreement audio = agreed.audio();
        agreement = audio;
        if (loop == null) leg.agree(audio, System.nanoTime());
        else loop.execute((scratch, nowNanos) -> leg.agree(audio, nowNanos));
        return new Negotiated.Agreed(
                agreed.sdp(), audio.codec().name(), audio.direction().sends());
    }

    /** @throws IllegalStateException before anything was agreed on, or the second time */
    @Override
    public synchronized void start(MediaListener newListener) {
        if (closed) return;
        AudioAgreement audio = agreement;
        if (audio == null) throw new IllegalStateException("call " + id + ": start before the media was negotiated");
        if (loop != null) throw new IllegalStateException("call " + id + ": media started twice");
        listener = newListener;
        leg.agree(audio, System.nanoTime());
        loop = engine.leastLoadedLoop();
        loop.add(leg);
    }

    @Override
    public void connect(AudioSink fromCaller, AudioSource toCaller) {
        leg.connect(fromCaller, toCaller);
    }

    @Override
    public boolean hearOnArrival(AudioSink ears) {
        leg.hearOnArrival(ears);
        return true;
    }

    @Override
    public AudioFormat format() {
        return AudioFormat.NARROWBAND;
    }

    /** @throws IllegalArgumentException when there is something else than {@code 0-9*#A-D} among them */
    @Override
    public synchronized void sendDtmf(String digits) {
        int[] codes =
                digits.chars().map(digit -> TelephoneEvent.codeOf((char) digit)).toArray();
        for (int code : codes) {
            if (code < 0) throw new IllegalArgumentException("not keypad digits: '" + digits + "'");
        }
        AudioAgreement audio = agreement;
        if (audio != null && !audio.hasEvents()) log.warn("caller takes no telephone-events, digits dropped");
        if (closed) return;
        if (loop == null) press(codes);
        else loop.execute((scratch, nowNanos) -> press(codes));
    }

    private void press(int[] codes) {
        for (int code : codes) leg.press(code);
    }

    @Override
    public MediaStatistics statistics() {
        AudioAgreement audio = agreement;
        Counters counters = leg.counters();
        return new MediaStatistics(
                audio == null ? null : audio.codec().name(),
                counters.get(Count.RECEIVED),
                counters.get(Count.SENT),
                counters.get(Count.LOST),
                counters.get(Count.LATE),
                counters.get(Count.DUPLICATED),
                counters.get(Count.CONCEALED),
                counters.get(Count.STRANGERS),
                counters.get(Count.JITTER) / 8.0);
    }

    @Override
    public void pressed(char digit, int millis) {
        MediaListener told = listener;
        if (told != null) engine.tell(() -> told.dtmf(digit, millis));
    }

    @Override
    public void timedOut() {
        MediaListener told = listener;
        if (told != null) engine.tell(told::timedOut);
    }

    @Override
    public void fault(Throwable fault) {
        engine.tell(() -> log.error("media failed call={}: the caller may hear silence", id, fault));
    }

    @Override
    public void close() {
        MediaLoop carrying;
        synchronized (this) {
            if (closed) return;
            closed = true;
            carrying = loop;
        }
        if (carrying != null) carrying.remove(leg);
        else leg.close(new RtpLeg.Scratch());
        engine.closed(this);
        logBill();
    }

    private void logBill() {
        MediaStatistics sum = statistics();
        log.info(
                "media closed call={} codec={} received={} sent={} lost={} late={} concealed={} strangers={} jitterMillis={}"
                        + " earsLate={} earsHeld={} earsSilenceMillis={} earsLeftOutMillis={}",
                id,
                sum.codec(),
                sum.packetsReceived(),
                sum.packetsSent(),
                sum.packetsLost(),
                sum.packetsLate(),
                sum.concealedFrames(),
                sum.strangerPackets(),
                sum.jitterMillis(),
                leg.earsMissed(ArrivalSound.Count.LATE),
                leg.earsMissed(ArrivalSound.Count.HELD),
                leg.earsMissed(ArrivalSound.Count.SILENCE) / format().samplesPerMilli(),
                leg.earsMissed(ArrivalSound.Count.LEFT_OUT) / format().samplesPerMilli());
    }
}
