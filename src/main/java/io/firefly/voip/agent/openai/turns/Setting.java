package io.firefly.voip.agent.openai.turns;

import io.firefly.voip.agent.AgentBrief;
import io.firefly.voip.agent.AgentStage;
import io.firefly.voip.agent.openai.settings.OpenAiProperties;
import io.firefly.voip.agent.openai.sound.LineCodec;
import io.firefly.voip.agent.openai.wire.ClientEvents;

/** What a session is made of. */
public record Setting(
        AgentBrief brief, AgentStage stage, OpenAiProperties properties, LineCodec codec, ClientEvents events) {}
