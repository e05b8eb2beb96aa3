package io.firefly.voip.recording;

import io.firefly.voip.audio.AudioFormat;
import io.firefly.voip.call.Call;

/** Starts recordings. Never throws: a full disk or a missing folder gives a recording that keeps nothing and says so once. */
public interface Recorder {
    Recording start(Call call, AudioFormat format);

    /** Recordings open now; 0 at rest. */
    int openRecordings();
}
