package io.firefly.voip.media.rtp;

import io.firefly.voip.audio.AudioSink;
import io.firefly.voip.audio.AudioSource;
import io.firefly.voip.media.rtp.RtpReceiver.Keypad;
import io.firefly.voip.media.rtp.arrival.ArrivalSound;
import io.firefly.voip.media.sdp.AudioAgreement;
import io.firefly.voip.media.sdp.Direction;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.Arrays;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLongArray;
import org.jspecify.annotations.Nullable;

/**
 * The carrying half of a session: once every 20 ms socket, jitter buffer, sink, source, socket, in this order; between
 * these ticks socket and {@link ArrivalSound} for ears that do not wait.
 *
 * <p>Media thread only, but for {@link #connect}, {@link #hearOnArrival} and the counters; before the leg is given to a loop its maker stands
 * in for that thread. Allocates nothing while all goes well.
 */
final class RtpLeg {
    private static final int FRAME = JitterBuffer.FRAME;
    private static final long TICK_NANOS = 20_000_000;
    private static final long RTCP_INTERVAL_NANOS = 5_000_000_000L;
    /** RFC 3550 6.3.1: e - 3/2 makes up for the reconsideration that shortens the random interval. */
    private static final double RTCP_COMPENSATION = Math.E - 1.5;
    /** A second of what was missed a tick: it must not make the loop late again. */
    private static final int MADE_UP_FRAMES = 50;

    private final PortPool.Lease ports;
    private final Reports reports;
    private final long timeoutNanos;
    private final Counters counters = new Counters();
    private final SourceLatch latch;
    private final JitterBuffer jitterBuffer;
    private final ArrivalSound arrivalSound = new ArrivalSound(this::hear);
    private final RtpSender sender;
    private final RtpReceiver receiver;
    private final RtcpReports rtcp;
    private volatile Connection connection = Connection.NOBODY;
    private volatile AudioSink ears = AudioSink.NOWHERE;
    private @Nullable AudioAgreement agreement;
    private long nextRtcpNanos;
    private boolean timedOut;
    private boolean faulty;
    private boolean ticking;
    private boolean selected;
    private final short[] silence = new short[FRAME];
    private int missedFrames;
    private long nextTickNanos;

    /** What the leg tells, on the media thread: hand over and return. */
    interface Reports extends Keypad {
        void timedOut();

        /** Sink, source or the leg itself threw, against the rules; told once. After the first two it is silent. */
        void fault(Throwable fault);
    }

    private record Connection(AudioSink sink, AudioSource source) {
        static final Connection NOBODY = new Connection(AudioSink.NOWHERE, AudioSource.SILENCE);
    }

    /** Buffers of a loop, lent to one leg after the other. */
    static final class Scratch {
        private final RtpPacket in = new RtpPacket();
        private final RtpPacket out = new RtpPacket();
        private final ByteBuffer rtcp = ByteBuffer.allocateDirect(RtcpReports.MAX_BYTES);
        private final short[] frame = new short[FRAME];
    }

    RtpLeg(PortPool.Lease ports, RtpProperties settings, Reports reports) {
        this.ports = ports;
        this.reports = reports;
        timeoutNanos = settings.timeout().toNanos();
        latch = new SourceLatch(settings.nat(), settings.advertise() == null);
        jitterBuffer = new JitterBuffer(
                (int) settings.jitterMin().toMillis(),
                (int) settings.jitterMax().toMillis(),
                counters);
        sender = new RtpSender(counters);
        rtcp = new RtcpReports(sender.ssrc(), Integer.toHexString(sender.ssrc() * 31) + "@firefly.invalid");
        receiver = new RtpReceiver(latch, rtcp, new RtpReceiver.Ways(jitterBuffer, arrivalSound), counters, reports);
    }

    void begin(Scratch scratch, long nowNanos) {
        receiver.discard(ports.rtp(), scratch.in);
        arrivalSound.begin(nowNanos);
        nextRtcpNanos = nowNanos + randomInterval() / 2;
    }

    /** What was negotiated holds from the next frame on. */
    void agree(AudioAgreement audio, long nowNanos) {
        agreement = audio;
        latch.negotiated(audio.remote(), audio.remoteRtcp(), nowNanos);
        receiver.agree(audio, nowNanos);
        sender.agree(audio);
        timedOut = false;
    }

    /** Any thread. */
    void connect(AudioSink sink, AudioSource source) {
        connection = new Connection(sink, source);
    }

    /** Any thread. */
    void hearOnArrival(AudioSink newEars) {
        ears = newEars;
    }

    void press(int code) {
        sender.press(code);
    }

    /** From now on that selector tells when something has come: ticks do not look themselves. */
    void wake(Selector sockets) {
        try {
            ports.rtp().register(sockets, SelectionKey.OP_READ, this);
            ports.rtcp().register(sockets, SelectionKey.OP_READ, this);
            selected = true;
        } catch (ClosedChannelException over) {
            // The call is; its session gives the leg back.
        }
    }

    /** Nobody tells it any more that something has come. */
    void wakesNoMore() {
        selected = false;
    }

    /** Something has come there: takes it, so that its time of arrival is known. */
    void hear(SelectableChannel socket, Scratch scratch, long nowNanos) {
        if (socket == ports.rtp()) poll(scratch, nowNanos);
        else pollRtcp(scratch);
    }

    void poll(Scratch scratch, long nowNanos) {
        receiver.drain(ports.rtp(), scratch.in, nowNanos);
        arrivalSound.pass(nowNanos);
    }

    private void pollRtcp(Scratch scratch) {
        AudioAgreement audio = agreement;
        if (audio == null || audio.rtcpMux()) receiver.discard(ports.rtcp(), scratch.in);
        else receiver.drainRtcp(ports.rtcp(), scratch.in);
    }

    @SuppressWarnings("IllegalCatch") // as in exchange
    private void hear(short[] pcm, int length) {
        try {
            ears.write(pcm, length);
        } catch (Throwable e) {
            ears = AudioSink.NOWHERE;
            failed(e);
        }
    }

    /** False for a tick that follows too soon, because the leg was just put into the next slot. */
    boolean isDue(long dueNanos) {
        return !ticking || dueNanos - nextTickNanos > -TICK_NANOS / 2;
    }

    /**
     * @param dueNanos when this tick should have been; {@code nowNanos} when it is
     * @return by how many ms the next one shall come later (1) or earlier (-1) than in 20 ms
     */
    int tick(Scratch scratch, long dueNanos, long nowNanos) {
        ticking = true;
        nextTickNanos = dueNanos + TICK_NANOS;
        if (!selected) {
            receiver.drain(ports.rtp(), scratch.in, nowNanos);
            pollRtcp(scratch);
        }
        receiver.tick(nowNanos);
        arrivalSound.pass(nowNanos);
        jitterBuffer.pull(scratch.frame, dueNanos, receiver.reception().jitter());
        exchange(scratch.frame);
        sender.send(scratch.frame, scratch.out, ports.rtp(), latch.target());
        exchangeRtcp(scratch, nowNanos);
        watch(nowNanos);
        return jitterBuffer.shift();
    }

    @SuppressWarnings("IllegalCatch") // an Error of one call must not silence the others
    private void exchange(short[] frame) {
        Connection now = connection;
        try {
            makeUp(now.sink);
            now.sink.write(frame, FRAME);
            int length = now.source.read(frame, FRAME);
            if (length < FRAME) Arrays.fill(frame, Math.max(0, length), FRAME, (short) 0);
        } catch (Throwable e) {
            Arrays.fill(frame, (short) 0);
            connection = Connection.NOBODY;
            failed(e);
        }
    }

    /** The sink counts time by frames: one of silence for each that nobody heard, so a recording is as long as the call. */
    private void makeUp(AudioSink sink) {
        int frames = Math.min(missedFrames, MADE_UP_FRAMES);
        missedFrames -= frames;
        for (int i = 0; i < frames; i++) sink.write(silence, FRAME);
    }

    /** A mistake of ours is told once, not fifty times a second. */
    void failed(Throwable fault) {
        if (faulty) return;
        faulty = true;
        reports.fault(fault);
    }

    /** Nobody ticks this leg any more: its call must end. */
    void abandon() {
        if (timedOut) return;
        timedOut = true;
        reports.timedOut();
    }

    private void exchangeRtcp(Scratch scratch, long nowNanos) {
        AudioAgreement audio = agreement;
        if (audio == null) return;
        if (nowNanos - nextRtcpNanos < 0) return;
        nextRtcpNanos = nowNanos + randomInterval();
        sendRtcp(audio, scratch.rtcp, false);
    }

    private void sendRtcp(AudioAgreement audio, ByteBuffer buffer, boolean bye) {
        InetSocketAddress target = latch.rtcpTarget();
        if (target == null) return;
        rtcp.write(buffer, sender, receiver.reception(), System.currentTimeMillis(), bye);
        DatagramChannel channel = audio.rtcpMux() ? ports.rtp() : ports.rtcp();
        try {
            channel.send(buffer, target);
        } catch (IOException e) {
            counters.add(Count.SOCKET_ERRORS);
        }
    }

    private static long randomInterval() {
        double factor = 0.5 + ThreadLocalRandom.current().nextDouble();
        return (long) (RTCP_INTERVAL_NANOS * factor / RTCP_COMPENSATION);
    }

    /** On hold either side may fall silent for as long as it likes. */
    private void watch(long nowNanos) {
        if (timedOut || timeoutNanos == 0 || agreement == null) return;
        if (agreement.direction() != Direction.SENDRECV) return;
        if (nowNanos - receiver.lastHeardNanos() < timeoutNanos) return;
        abandon();
    }

    /** The loop could not keep up by so many frames: nothing is sent for them, the sink gets silence, nothing is read. */
    void skip(int frames) {
        sender.skip(frames);
        jitterBuffer.skip(frames);
        if (ticking) missedFrames += frames;
    }

    /** Says goodbye and gives the ports back. */
    void close(Scratch scratch) {
        AudioAgreement audio = agreement;
        if (audio != null) sendRtcp(audio, scratch.rtcp, true);
        counters.set(Count.ROUND_TRIP_MILLIS, rtcp.roundTripMillis());
        ports.close();
    }

    Counters counters() {
        return counters;
    }

    /** What did not simply pass to the ears. Any thread. */
    long earsMissed(ArrivalSound.Count count) {
        return arrivalSound.count(count);
    }

    enum Count {
        RECEIVED,
        SENT,
        UNSENT,
        LOST,
        LATE,
        DUPLICATED,
        OVERFLOWED,
        CONCEALED,
        STRANGERS,
        ON_PROBATION,
        DOUBTFUL,
        UNHEARD,
        MALFORMED,
        UNKNOWN_PAYLOAD,
        KEYS_DROPPED,
        SOCKET_ERRORS,
        JITTER,
        ROUND_TRIP_MILLIS
    }

    /** Written by the media thread only, read by anybody. */
    @SuppressWarnings("EnumOrdinal") // an index into a table that lives as long as the enum
    static final class Counters {
        private final AtomicLongArray values = new AtomicLongArray(Count.values().length);

        void add(Count count) {
            set(count, get(count) + 1);
        }

        void set(Count count, long value) {
            values.setOpaque(count.ordinal(), value);
        }

        long get(Count count) {
            return values.getOpaque(count.ordinal());
        }
    }
}
