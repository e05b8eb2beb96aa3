package io.firefly.voip;

import java.util.List;
import java.util.Map;

/** Who may know which library: the second table of {@link ArchitectureTest}. */
final class KnownLibraries {
    /** foreign library -> the only packages of ours that may know it */
    static final Map<String, List<String>> ONLY_TO = Map.of(
            "org.apache.camel..",
            List.of(
                    "camel.call",
                    "camel.agent",
                    "camel.pipeline",
                    "camel.sip",
                    "camel.registrar",
                    "camel.presence",
                    "camel.websocket",
                    "camel.http",
                    "camel.freeswitch",
                    "camel.freeswitch.board",
                    "camel.freeswitch.esl",
                    "camel.freeswitch.audio",
                    "camel.check",
                    "camel.rehearsal",
                    "camel.reload"),
            "io.netty..",
            List.of("camel.freeswitch.esl", "camel.websocket", "agent.simulator"),
            "javax.sip..",
            List.of("sip", "sip.stack", "phone"),
            "gov.nist..",
            List.of("sip", "sip.stack", "phone"),
            "org.apache.hc..",
            List.of("camel.http"),
            "io.vertx..",
            List.of("camel.websocket", "agent.simulator"),
            "ai.onnxruntime..",
            List.of("agent.pipeline.silero"),
            "org.jolokia..",
            List.of("ops.management"),
            "picocli..",
            List.of("phone", "routes", "agent.simulator", "speech", ""),
            "com.fasterxml.jackson..",
            List.of(
                    "agent.openai",
                    "agent.openai.turns",
                    "agent.openai.wire",
                    "agent.simulator",
                    "agent.simulator.protocol",
                    "agent.simulator.script",
                    "agent.pipeline.http",
                    "camel.agent",
                    "recording",
                    "cdr",
                    "phone",
                    "routes",
                    "speech"));

    private KnownLibraries() {}
}
