package io.firefly.voip.audio;

/** One station on an audio path: takes frames, passes them on. Media thread only. */
public abstract class AudioStage implements AudioSink {
    private AudioSink next = AudioSink.NOWHERE;

    final void connect(AudioSink following) {
        this.next = following;
    }

    protected final void pass(short[] pcm, int length) {
        next.write(pcm, length);
    }

    /** How this station appears in the description of the path, for example {@code resample 8k-24k}. */
    protected abstract String label();
}
