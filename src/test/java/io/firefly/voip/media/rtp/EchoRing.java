package io.firefly.voip.media.rtp;

import io.firefly.voip.audio.AudioSink;
import io.firefly.voip.audio.AudioSource;

/** Gives back the frame it was given last, once: what an echo call does. */
final class EchoRing implements AudioSink, AudioSource {
    private final short[] kept = new short[160];
    private int length;

    @Override
    public void write(short[] pcm, int samples) {
        System.arraycopy(pcm, 0, kept, 0, samples);
        length = samples;
    }

    @Override
    public int read(short[] pcm, int samples) {
        int now = length;
        System.arraycopy(kept, 0, pcm, 0, now);
        length = 0;
        return now;
    }
}
