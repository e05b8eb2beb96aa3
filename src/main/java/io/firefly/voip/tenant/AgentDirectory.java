package io.firefly.voip.tenant;

import io.firefly.voip.agent.AgentBrief.AgentProfile;
import java.util.Optional;

/** The agents that routes may name: {@code agent:<name>}. Answers from memory. */
public interface AgentDirectory {
    Optional<AgentProfile> byName(String name);
}
