package io.firefly.voip.audio;

/** Where the next 20 ms of sound come from. Called on the media thread: never blocks, allocates, logs or throws. */
@FunctionalInterface
public interface AudioSource {
    /**
     * Fills {@code pcm} with up to {@code length} samples.
     *
     * @return how many samples are sound; the rest of the frame is silence, 0 means nothing to say
     */
    int read(short[] pcm, int length);

    AudioSource SILENCE = (pcm, length) -> 0;
}
