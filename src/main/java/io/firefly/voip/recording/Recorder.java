package io.firefly.voip.recording;

import io.firefly.voip.audio.AudioFormat;
import io.firefly.voip.call.Call;
import java.nio.file.Path;
import java.util.function.Predicate;

/** Starts recordings. Never throws: a full disk or a missing folder gives a recording that keeps nothing and says so once. */
public interface Recorder {
    Recording start(Call call, AudioFormat format);

    /**
     * The same when whoever carries the sound may be able to write it down.
     *
     * @param elsewhere asks them to write a stereo WAV file there, caller left, from when sound flows until the call ends;
     *     false: they cannot. Asked at most once, before this returns
     */
    default Recording start(Call call, AudioFormat format, Predicate<Path> elsewhere) {
        return start(call, format);
    }

    /** Recordings open now; 0 at rest. */
    int openRecordings();
}
