package io.firefly.voip.bridge;

import io.firefly.voip.audio.AudioSink;
import io.firefly.voip.audio.AudioSource;

/** Gives every frame back in the same tick: media thread on both sides. */
final class EchoLoop implements AudioSink, AudioSource {
    private short[] frame = {};
    private int held;

    EchoLoop(int samplesPerFrame) {
        frame = new short[samplesPerFrame];
    }

    @Override
    public void write(short[] pcm, int length) {
        held = Math.min(length, frame.length);
        System.arraycopy(pcm, 0, frame, 0, held);
    }

    @Override
    public int read(short[] pcm, int length) {
        int part = Math.min(length, held);
        System.arraycopy(frame, 0, pcm, 0, part);
        held = 0;
        return part;
    }
}
