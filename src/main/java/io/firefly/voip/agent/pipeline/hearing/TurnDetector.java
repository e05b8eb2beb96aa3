package io.firefly.voip.agent.pipeline.hearing;

import io.firefly.voip.agent.pipeline.settings.PipelineProperties.Vad;
import io.firefly.voip.audio.AudioFormat;
import io.firefly.voip.audio.Sound;
import java.util.Arrays;

/** Finds the caller's turns in their sound: when they begin, when they are meant, when they are over. One thread. */
public final class TurnDetector {
    /** So many of the last five frames are speech when somebody begins: a click is not. */
    private static final int ONSET_FRAMES = 3;

    private static final int ONSET_MASK = 0b11111;
    /** Pauses between syllables do not break sustained speech. */
    private static final int SYLLABLE_GAP_MILLIS = 160;
    /** Of the silence that ended a turn so much stays: recognisers want some. */
    private static final int TAIL_MILLIS = 200;

    /** What is found. Told in the order begins, sustained, ends; the second may be missing. */
    public interface Listener {
        void begins();

        /** It has gone on for so long that it is no cough. */
        void sustained();

        void ends(CallersTurn turn);
    }

    /**
     * What the caller said.
     *
     * @param voicedMillis how much of it is speech
     * @param silentMillis how long the caller was silent when the turn counted as over
     */
    public record CallersTurn(Sound sound, int voicedMillis, boolean sustained, int silentMillis) {}

    private final Vad settings;
    private final AudioFormat format;
    private final VoiceActivity activity;
    private final Listener listener;
    private final short[] before;
    private int beforeLength;
    private short[] turn;
    private int length;
    private int recent;
    private boolean speaking;
    private boolean sustained;
    private int voicedMillis;
    private int runMillis;
    private int silentMillis;

    public TurnDetector(Vad settings, AudioFormat format, VoiceActivity activity, Listener listener) {
        this.settings = settings;
        this.format = format;
        this.activity = activity;
        this.listener = listener;
        this.before = new short[(int) settings.prefixPadding().toMillis() * format.samplesPerMilli()];
        this.turn = new short[format.sampleRateHz() * 2];
    }

    /** True from the onset to the end of a turn. */
    public boolean isSpeaking() {
        return speaking;
    }

    public boolean isSustained() {
        return speaking && sustained;
    }

    /** One frame, 20 ms at most. */
    public void hear(short[] pcm, int samples) {
        boolean voiced = activity.isSpeech(pcm, samples);
        int millis = samples / format.samplesPerMilli();
        recent = (recent << 1 | (voiced ? 1 : 0)) & ONSET_MASK;
        if (!speaking) {
            remember(pcm, samples);
            if (Integer.bitCount(recent) >= ONSET_FRAMES) begin();
            return;
        }
        append(pcm, samples);
        count(voiced, millis);
        if (!sustained && runMillis >= settings.sustained().toMillis()) {
            sustained = true;
            listener.sustained();
        }
        boolean full = length >= settings.longestTurn().toMillis() * format.samplesPerMilli();
        if (full || silentMillis >= settings.silence().toMillis()) end();
    }

    private void count(boolean voiced, int millis) {
        if (voiced) {
            voicedMillis += millis;
            runMillis += millis;
            silentMillis = 0;
        } else {
            silentMillis += millis;
            if (silentMillis > SYLLABLE_GAP_MILLIS) runMillis = 0;
        }
    }

    private void begin() {
        speaking = true;
        sustained = false;
        voicedMillis = ONSET_FRAMES * AudioFormat.FRAME_MILLIS;
        runMillis = voicedMillis;
        silentMillis = 0;
        length = 0;
        append(before, beforeLength);
        beforeLength = 0;
        listener.begins();
    }

    private void end() {
        int surplus = Math.max(0, silentMillis - TAIL_MILLIS) * format.samplesPerMilli();
        Sound sound = new Sound(format, Arrays.copyOf(turn, length - surplus));
        CallersTurn said = new CallersTurn(sound, voicedMillis, sustained, silentMillis);
        speaking = false;
        recent = 0;
        if (turn.length > format.sampleRateHz() * 10) turn = new short[format.sampleRateHz() * 2];
        listener.ends(said);
    }

    private void remember(short[] pcm, int samples) {
        if (before.length < samples) return;
        int surplus = Math.max(0, beforeLength + samples - before.length);
        System.arraycopy(before, surplus, before, 0, beforeLength - surplus);
        System.arraycopy(pcm, 0, before, beforeLength - surplus, samples);
        beforeLength += samples - surplus;
    }

    private void append(short[] pcm, int samples) {
        if (length + samples > turn.length) turn = Arrays.copyOf(turn, Math.max(2 * turn.length, length + samples));
        System.arraycopy(pcm, 0, turn, length, samples);
        length += samples;
    }
}
