package io.firefly.voip.audio;

/** Lets sound pass and gives a copy to somebody who listens: a recording, a monitor. */
public final class Tap extends AudioStage {
    private final String label;
    private final AudioSink listener;

    public Tap(AudioSink listener) {
        this("tap", listener);
    }

    public Tap(String label, AudioSink listener) {
        this.label = label;
        this.listener = listener;
    }

    @Override
    public void write(short[] pcm, int length) {
        listener.write(pcm, length);
        pass(pcm, length);
    }

    @Override
    protected String label() {
        return label;
    }
}
