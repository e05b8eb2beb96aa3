package io.firefly.voip.callcontrol;

import io.firefly.voip.agent.VoiceAgent;
import io.firefly.voip.bridge.SoundLibrary;
import io.firefly.voip.call.LegDialer;
import io.firefly.voip.callcontrol.tools.ToolGate;
import io.firefly.voip.media.MediaEngine;
import io.firefly.voip.recording.Recorder;
import java.time.Clock;

/** What a call is carried out with: the ports, the prompts, the settings. */
record CallServices(
        MediaEngine media,
        VoiceAgent voiceAgent,
        ToolGate gate,
        LegDialer dialer,
        Recorder recorder,
        SoundLibrary sounds,
        TranscriptConsole transcripts,
        CallControlProperties settings,
        double agentTempo,
        Clock clock) {}
