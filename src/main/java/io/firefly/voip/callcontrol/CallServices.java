package io.firefly.voip.callcontrol;

import io.firefly.voip.agent.ToolDesk;
import io.firefly.voip.agent.VoiceAgent;
import io.firefly.voip.bridge.SoundLibrary;
import io.firefly.voip.media.MediaEngine;
import io.firefly.voip.recording.Recorder;
import java.time.Clock;

/** What a call is carried out with: the ports, the prompts, the settings. */
record CallServices(
        MediaEngine media,
        VoiceAgent voiceAgent,
        ToolDesk tools,
        Recorder recorder,
        SoundLibrary sounds,
        TranscriptConsole transcripts,
        CallControlProperties settings,
        double agentTempo,
        Clock clock) {}
