package io.firefly.voip.recording;

import io.firefly.voip.audio.AudioFormat;
import io.firefly.voip.call.Call;
import java.nio.file.Path;

/** Starts recordings. Never throws: a full disk or a missing folder gives a recording that keeps nothing and says so once. */
public interface Recorder {
    Recording start(Call call, AudioFormat format);

    /**
     * The same when whoever carries the sound may be able to write it down.
     *
     * @param elsewhere asked at most once, before this returns
     */
    default Recording start(Call call, AudioFormat format, Elsewhere elsewhere) {
        return start(call, format);
    }

    /** Somebody else who may be able to write the sound. */
    @FunctionalInterface
    interface Elsewhere {
        /**
         * Asked to write a stereo WAV file there, caller left, from when sound flows until the call ends.
         *
         * @param whenRefused runs when it turns out later that they do not; any thread
         * @return false when they cannot
         */
        boolean write(Path stereoWav, Runnable whenRefused);
    }

    /** Recordings open now; 0 at rest. */
    int openRecordings();
}
