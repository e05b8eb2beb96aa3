package io.firefly.voip.bridge;

import io.firefly.voip.audio.AudioSource;

/** A sound from memory, again and again. The array is shared between calls and only read. */
final class LoopedSound implements AudioSource {
    private final short[] sound;
    private int position;

    LoopedSound(short[] sound) {
        this.sound = sound;
    }

    @Override
    public int read(short[] pcm, int length) {
        if (sound.length == 0) return 0;
        int done = 0;
        while (done < length) {
            int part = Math.min(length - done, sound.length - position);
            System.arraycopy(sound, position, pcm, done, part);
            done += part;
            position = (position + part) % sound.length;
        }
        return length;
    }
}
