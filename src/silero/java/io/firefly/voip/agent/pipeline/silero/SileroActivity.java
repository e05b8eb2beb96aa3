package io.firefly.voip.agent.pipeline.silero;

import io.firefly.voip.agent.pipeline.hearing.VoiceActivity;
import io.firefly.voip.audio.AudioFormat;
import io.firefly.voip.audio.Resampler;
import org.jspecify.annotations.Nullable;

/** One caller's line. What it says of a frame is what the network said of the last whole window: 32 ms late at most. */
final class SileroActivity implements VoiceActivity {
    private static final int WINDOW_MILLIS = 32;
    private static final int CONTEXT_MILLIS = 4;
    /** Speech that has begun goes on at a lower probability, as in Silero's own iterator. */
    private static final double HYSTERESIS = 0.15;

    private final SileroModel model;
    private final int rate;
    private final int context;
    private final @Nullable Resampler resampler;
    private final short[] resampled;
    private final float[] sound;
    private final float[] state = new float[SileroModel.STATE];
    private final double threshold;
    private int filled;
    private boolean speech;

    /** @param threshold probability from which on it is speech */
    SileroActivity(SileroModel model, AudioFormat line, double threshold) {
        this.model = model;
        this.threshold = threshold;
        this.rate = line.sampleRateHz() == SileroModel.NARROW_RATE ? SileroModel.NARROW_RATE : SileroModel.WIDE_RATE;
        this.context = contextOf(rate);
        this.resampler = line.sampleRateHz() == rate ? null : new Resampler(line, new AudioFormat(rate));
        this.resampled = new short[resampler == null ? 0 : resampler.maxOutput(line.samplesPerFrame())];
        this.sound = new float[context + windowOf(rate)];
    }

    static int windowOf(int rate) {
        return rate / 1_000 * WINDOW_MILLIS;
    }

    static int contextOf(int rate) {
        return rate / 1_000 * CONTEXT_MILLIS;
    }

    @Override
    public boolean isSpeech(short[] pcm, int length) {
        if (resampler == null) hear(pcm, length);
        else hear(resampled, resampler.process(pcm, length, resampled));
        return speech;
    }

    private void hear(short[] pcm, int length) {
        for (int i = 0; i < length; i++) {
            sound[context + filled++] = pcm[i] / 32_768f;
            if (context + filled == sound.length) judge();
        }
    }

    private void judge() {
        float probability = model.probability(sound, state, rate);
        speech = probability >= threshold || (speech && probability >= threshold - HYSTERESIS);
        System.arraycopy(sound, sound.length - context, sound, 0, context);
        filled = 0;
    }
}
