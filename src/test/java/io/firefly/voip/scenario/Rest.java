package io.firefly.voip.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.management.UnixOperatingSystemMXBean;
import io.firefly.voip.agent.VoiceAgent;
import io.firefly.voip.agent.simulator.SimulatorProbe;
import io.firefly.voip.callcontrol.CallController;
import io.firefly.voip.media.MediaEngine;
import io.firefly.voip.recording.Recorder;
import io.firefly.voip.sip.SipFront;
import io.firefly.voip.testing.RunningFirefly;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** What an exchange holds when nobody calls: nothing. */
final class Rest {
    private Rest() {}

    /** Everything a call may hold, by name. */
    static Map<String, Integer> held(RunningFirefly firefly) {
        Map<String, Integer> held = new LinkedHashMap<>();
        held.put("calls", firefly.bean(CallController.class).calls().size());
        held.put("dialogs", firefly.bean(SipFront.class).openDialogs());
        held.put("media sessions", firefly.bean(MediaEngine.class).openSessions());
        held.put("agent sessions", firefly.bean(VoiceAgent.class).openSessions());
        held.put("recordings", firefly.bean(Recorder.class).openRecordings());
        held.put("simulator connections", SimulatorProbe.connections(firefly));
        return held;
    }

    static void awaitRest(RunningFirefly firefly, int seconds) {
        await().atMost(Duration.ofSeconds(seconds)).untilAsserted(() -> assertThat(held(firefly))
                .allSatisfy((what, count) -> assertThat(count).as(what).isZero()));
    }

    static long openFiles() {
        return ManagementFactory.getPlatformMXBean(UnixOperatingSystemMXBean.class)
                .getOpenFileDescriptorCount();
    }

    static Set<String> threads() {
        return Thread.getAllStackTraces().keySet().stream().map(Thread::getName).collect(Collectors.toSet());
    }
}
