package io.firefly.voip.phone;

import io.firefly.voip.audio.AudioFormat;
import io.firefly.voip.audio.Chirp;
import io.firefly.voip.audio.Sound;
import io.firefly.voip.phone.CallSettings.Voice;
import io.firefly.voip.phone.PhoneSdp.FarMedia;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;

/**
 * Says its part: one RTP packet every 20 ms by absolute deadlines, digits as telephone-events (RFC 4733). Remembers when
 * each frame went out, so that an echo of it can be timed.
 *
 * <p>The counts are read when the thread has ended.
 */
final class RtpSpeaker implements Runnable {
    private static final int FRAME = 160;
    private static final int FRAME_MILLIS = 20;
    private static final long FRAME_NANOS = 20_000_000;
    private static final long TOO_LATE_NANOS = 200_000_000;
    private static final int PLAY_AT = 10 * FRAME;
    private static final int[] CHIRPS_AT = {15 * FRAME, 90 * FRAME};
    private static final int PATTERN_SAMPLES = 20 * FRAME;
    private static final int PATTERN_WITHIN_SAMPLES = 2 * 8_000;
    private static final int DIGITS_AT_TICK = 50;
    private static final int DIGIT_TICKS = 5;
    private static final int DIGIT_GAP_TICKS = 3;
    private static final String EVENTS = "0123456789*#ABCD";

    private final DatagramSocket socket;
    private final Voice voice;
    private final short[] script;
    private final Sound pattern;
    private final int[] patternAt;
    private final long[] sentNanos;
    private final byte[] packet = new byte[12 + FRAME];

    private volatile FarMedia far;
    private volatile boolean closed;
    private long packets;
    private int digitsSent;

    private int tick;
    private int frame;
    private int digitTick;
    private int sequence = ThreadLocalRandom.current().nextInt(1 << 15);
    private int stamp = ThreadLocalRandom.current().nextInt();
    private int eventStamp;
    private final int ssrc = ThreadLocalRandom.current().nextInt();

    RtpSpeaker(DatagramSocket socket, Voice voice, FarMedia far) {
        this.socket = socket;
        this.voice = voice;
        this.far = far;
        Sound play = voice.play();
        if (play != null) {
            int playAt = PLAY_AT + (int) (voice.playAfter().toMillis() / FRAME_MILLIS) * FRAME;
            this.script = new short[playAt + play.pcm().length];
            System.arraycopy(play.pcm(), 0, script, playAt, play.pcm().length);
            int loudest = loudest(play.pcm());
            int end = Math.min(play.pcm().length, loudest + PATTERN_SAMPLES);
            this.pattern = new Sound(AudioFormat.NARROWBAND, Arrays.copyOfRange(play.pcm(), loudest, end));
            this.patternAt = new int[] {playAt + loudest};
        } else {
            this.pattern = Chirp.generate(AudioFormat.NARROWBAND);
            this.patternAt = voice.chirp() ? CHIRPS_AT : new int[0];
            this.script = new short[voice.chirp() ? CHIRPS_AT[1] + pattern.pcm().length : 0];
            for (int at : patternAt) System.arraycopy(pattern.pcm(), 0, script, at, pattern.pcm().length);
        }
        this.sentNanos = new long[script.length / FRAME + 1];
    }

    /** The stretch that is easiest to recognise: where most energy is. */
    private static int loudest(short[] pcm) {
        int best = 0;
        double most = -1;
        int last = Math.min(pcm.length, PATTERN_WITHIN_SAMPLES) - PATTERN_SAMPLES;
        for (int at = 0; at <= last; at += FRAME) {
            double energy = 0;
            for (int i = at; i < at + PATTERN_SAMPLES; i++) energy += (double) pcm[i] * pcm[i];
            if (energy > most) {
                most = energy;
                best = at;
            }
        }
        return best;
    }

    /** The other side moved, holds or changed its codec. */
    void talkTo(FarMedia changed) {
        far = changed;
    }

    @Override
    public void run() {
        long due = System.nanoTime();
        while (!closed) {
            speak();
            tick++;
            due += FRAME_NANOS;
            // A process that was stopped goes on from now: a burst would be heard as noise and counted as jitter.
            if (System.nanoTime() - due > TOO_LATE_NANOS) due = System.nanoTime();
            while (!closed && System.nanoTime() < due) LockSupport.parkNanos(due - System.nanoTime());
        }
    }

    private void speak() {
        boolean listens = far.listens();
        boolean digitDue = tick >= DIGITS_AT_TICK && digitsSent < voice.dtmf().length() && far.eventType() >= 0;
        if (listens && digitDue && digitTick <= DIGIT_TICKS) {
            speakDigit();
            digitTick++;
        } else {
            if (listens) speakFrame();
            if (digitTick > DIGIT_TICKS) endDigit();
        }
        stamp += FRAME;
    }

    private void speakFrame() {
        int at = frame * FRAME;
        if (frame < sentNanos.length) sentNanos[frame] = System.nanoTime();
        for (int i = 0; i < FRAME; i++) {
            short sample = at + i < script.length ? script[at + i] : 0;
            packet[12 + i] = far.codec().encode(sample);
        }
        send(PhoneSdp.payloadType(far.codec()), packets == 0, stamp, FRAME);
        frame++;
    }

    private void speakDigit() {
        if (digitTick == 0) eventStamp = stamp;
        boolean end = digitTick == DIGIT_TICKS;
        int duration = Math.min(digitTick + 1, DIGIT_TICKS) * FRAME;
        ByteBuffer.wrap(packet, 12, 4)
                .put((byte) EVENTS.indexOf(voice.dtmf().charAt(digitsSent)))
                .put((byte) (end ? 0x8A : 0x0A))
                .putShort((short) duration);
        // RFC 4733 2.5.1.4: the end is said three times, because one packet may get lost.
        for (int i = 0; i < (end ? 3 : 1); i++) send(far.eventType(), digitTick == 0, eventStamp, 4);
    }

    private void endDigit() {
        digitTick++;
        if (digitTick <= DIGIT_TICKS + DIGIT_GAP_TICKS) return;
        digitTick = 0;
        digitsSent++;
    }

    private void send(int type, boolean marker, int timestamp, int payloadBytes) {
        ByteBuffer.wrap(packet)
                .put((byte) 0x80)
                .put((byte) (marker ? type | 0x80 : type))
                .putShort((short) sequence++)
                .putInt(timestamp)
                .putInt(ssrc);
        try {
            socket.send(new DatagramPacket(packet, 12 + payloadBytes, far.address()));
            packets++;
        } catch (IOException e) {
            // What cannot be sent is lost, as on any network: the far side's statistics tell.
            if (closed) return;
        }
    }

    void close() {
        closed = true;
    }

    long packets() {
        return packets;
    }

    int digitsSent() {
        return digitsSent;
    }

    /** A stretch of what was said that is recognised when it comes back. */
    Sound pattern() {
        return pattern;
    }

    /** How long before {@code arrivalNanos} the pattern was last sent, in ms; NaN when it was not sent before. */
    double millisSincePattern(long arrivalNanos) {
        double shortest = Double.NaN;
        for (int at : patternAt) {
            long sent = sentNanos[at / FRAME];
            if (sent != 0 && sent <= arrivalNanos) shortest = (arrivalNanos - sent) / 1e6;
        }
        return shortest;
    }
}
