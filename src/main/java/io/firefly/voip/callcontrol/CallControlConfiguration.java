package io.firefly.voip.callcontrol;

import io.firefly.voip.agent.VoiceAgent;
import io.firefly.voip.bridge.SoundLibrary;
import io.firefly.voip.call.CallEventListener;
import io.firefly.voip.call.LegDialer;
import io.firefly.voip.callcontrol.CallControlProperties.AudioProperties;
import io.firefly.voip.callcontrol.CallControlProperties.TranscriptionProperties;
import io.firefly.voip.callcontrol.admission.CallLimits;
import io.firefly.voip.callcontrol.tools.ToolGate;
import io.firefly.voip.cdr.CdrListener;
import io.firefly.voip.media.MediaEngine;
import io.firefly.voip.recording.Recorder;
import io.firefly.voip.tenant.usage.TenantUsage;
import java.time.Clock;
import java.time.ZoneId;
import java.util.List;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class CallControlConfiguration {
    private final CallControlProperties calls;
    private final AudioProperties audio;
    private final TranscriptionProperties transcription;

    CallControlConfiguration(
            CallControlProperties calls, AudioProperties audio, TranscriptionProperties transcription) {
        this.calls = calls;
        this.audio = audio;
        this.transcription = transcription;
    }

    @Bean
    CallServices callServices(
            MediaEngine media, VoiceAgent voiceAgent, ToolGate gate, LegDialer dialer, Recorder recorder) {
        return new CallServices(
                media,
                voiceAgent,
                gate,
                dialer,
                recorder,
                new SoundLibrary(),
                new TranscriptConsole(transcription.console(), ZoneId.systemDefault()),
                calls,
                audio.aiTempo(),
                Clock.systemUTC());
    }

    @Bean
    CallController callController(
            CallServices services, TenantUsage usage, List<CallEventListener> listeners, List<CdrListener> archives) {
        return new CallController(
                services, new CallThreads(calls.threads()), new CallLimits(usage), listeners, archives);
    }
}
