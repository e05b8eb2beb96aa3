package io.firefly.voip.audio;

/** Where 20 ms of sound goes next. Called on the media thread: never blocks, allocates, logs or throws. */
@FunctionalInterface
public interface AudioSink {
    /** Takes the first {@code length} samples; the array belongs to the caller again when this returns. */
    void write(short[] pcm, int length);

    AudioSink NOWHERE = (pcm, length) -> {};
}
