package io.firefly.voip.agent.pipeline.hearing;

import io.firefly.voip.agent.pipeline.settings.PipelineProperties.Vad;
import io.firefly.voip.audio.AudioFormat;

/** Tells speech from everything else, frame by frame. One per call, one thread. */
public interface VoiceActivity {
    /** @param length samples of one frame of 20 ms */
    boolean isSpeech(short[] pcm, int length);

    /** Makes one for every call; a bean of this type takes the place of ours, which goes by energy. Settings are the agent's. */
    @FunctionalInterface
    interface Factory {
        VoiceActivity create(AudioFormat format, Vad settings);
    }
}
