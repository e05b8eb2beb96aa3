package io.firefly.voip.media.freeswitch.fork;

/** How the module is told what the caller shall hear, 20 ms after 20 ms. Holder of the line only; returns at once. */
interface Voice {
    int FRAME = 160;
    /** Frames of quiet after which nothing is sent: the tail of a word is longer than this is loud. */
    int HANGOVER_FRAMES = 10;

    String KILL = "{\"type\":\"killAudio\"}";

    /** 60 dB below full scale. */
    int QUIET_PEAK = 32;

    /**
     * Before the first frame.
     *
     * @return false when something could not be sent, here and below
     */
    boolean prime(ForkSocket socket);

    /** The next 20 ms. */
    boolean speak(short[] pcm, ForkSocket socket);

    /** The caller hears nothing more of what was said until now. */
    boolean discard(ForkSocket socket);

    static boolean isQuiet(short[] pcm) {
        for (int i = 0; i < FRAME; i++) {
            if (pcm[i] > QUIET_PEAK || pcm[i] < -QUIET_PEAK) return false;
        }
        return true;
    }
}
