package io.firefly.voip.bridge;

import io.firefly.voip.audio.AudioSource;

/** Plays one sound from memory to its end. The array is shared between calls and only read. */
final class SoundSource implements AudioSource {
    private final short[] sound;
    private final Runnable whenOver;
    private int position;
    private boolean over;

    /** @param whenOver runs once, on the media thread, with the first frame after the last sample; hand over there */
    SoundSource(short[] sound, Runnable whenOver) {
        this.sound = sound;
        this.whenOver = whenOver;
    }

    @Override
    public int read(short[] pcm, int length) {
        int part = Math.min(length, sound.length - position);
        System.arraycopy(sound, position, pcm, 0, part);
        position += part;
        if (part == 0 && !over) {
            over = true;
            whenOver.run();
        }
        return part;
    }
}
