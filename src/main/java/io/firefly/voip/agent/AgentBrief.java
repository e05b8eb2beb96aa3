package io.firefly.voip.agent;

import io.firefly.voip.audio.AudioFormat;
import io.firefly.voip.call.CallId;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Who the agent is in this call and what it may know.
 *
 * @param profile voice, model, instructions: what is configured, null fields meaning the provider's default
 * @param lineCodec the call's codec name; PCMU and PCMA let a provider take the sound without resampling
 * @param format rate of the frames to and from the agent
 * @param facts what the agent is told about this call, in order: caller number, forwarded from
 * @param tools what it may ask for
 */
public record AgentBrief(
        CallId callId,
        AgentProfile profile,
        String lineCodec,
        AudioFormat format,
        Map<String, String> facts,
        List<ToolDescription> tools) {
    public AgentBrief {
        facts = Collections.unmodifiableMap(new LinkedHashMap<>(facts));
        tools = List.copyOf(tools);
    }

    /**
     * One named agent as it is configured.
     *
     * @param tools names of those it may ask for; null: all that are offered
     * @param manner where it converses otherwise than the installation is set
     */
    public record AgentProfile(
            String name,
            @Nullable String instructions,
            @Nullable String greeting,
            @Nullable String voice,
            @Nullable String model,
            @Nullable String language,
            @Nullable List<String> tools,
            AgentManner manner) {
        public AgentProfile {
            tools = tools == null ? null : List.copyOf(tools);
        }

        /** One that converses as the installation is set. */
        @SuppressWarnings("ParameterNumber") // the record's own, but for the last
        public AgentProfile(
                String name,
                @Nullable String instructions,
                @Nullable String greeting,
                @Nullable String voice,
                @Nullable String model,
                @Nullable String language,
                @Nullable List<String> tools) {
            this(name, instructions, greeting, voice, model, language, tools, AgentManner.AS_SET);
        }

        /** What the caller hears when a tool takes long: a phrase; null: only a quiet sound. */
        public @Nullable String filler() {
            return manner.filler();
        }

        public boolean mayUse(String tool) {
            return tools == null || tools.contains(tool);
        }
    }
}
