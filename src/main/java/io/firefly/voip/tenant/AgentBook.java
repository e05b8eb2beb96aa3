package io.firefly.voip.tenant;

import io.firefly.voip.agent.AgentBrief.AgentProfile;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The agents of {@code agents.yaml}. Any thread reads; {@link #commit} swaps all of them at once. */
public final class AgentBook implements AgentDirectory {
    /** All agents of one reading, in the order of the file. Immutable. */
    public record Page(Map<String, AgentProfile> agents) {
        public Page {
            agents = Collections.unmodifiableMap(new LinkedHashMap<>(agents));
        }

        public Set<String> names() {
            return agents.keySet();
        }

        /** A sentence for each tool an agent may use and no route offers. */
        public List<String> unknownTools(Set<String> offered) {
            List<String> sentences = new ArrayList<>();
            for (AgentProfile agent : agents.values()) {
                for (String tool : agent.tools() == null ? List.<String>of() : agent.tools()) {
                    if (offered.contains(tool)) continue;
                    sentences.add("agent '" + agent.name() + "' may use tool '" + tool
                            + "', and there is no route that begins with agent:tool/" + tool
                            + Spelling.hint(tool, offered));
                }
            }
            return sentences;
        }
    }

    private volatile Page page;

    /** Knows one agent, {@code reception}, with nothing but the provider's defaults. */
    public AgentBook() {
        page = new Page(Map.of("reception", new AgentProfile("reception", null, null, null, null, null, null)));
    }

    @Override
    public Optional<AgentProfile> byName(String name) {
        return Optional.ofNullable(page.agents().get(name));
    }

    /** The agents that serve. */
    public Page page() {
        return page;
    }

    /** In the order of the file. */
    public Set<String> names() {
        return page.names();
    }

    /**
     * Reads without changing what serves.
     *
     * @param fileName for the messages
     * @throws DirectoryFormatException with every mistake
     */
    public Page parse(String yamlText, String fileName) {
        YamlFile file = new YamlFile(fileName, yamlText);
        return read(file.top(AgentsReader.TOP), file.problems());
    }

    /**
     * Reads without changing what serves, wherever the agents are kept.
     *
     * @param top has the entries {@code agents}; null when there is nothing to read, which is a problem noted already
     * @throws DirectoryFormatException with every mistake
     */
    public static Page read(@Nullable Fields top, Problems problems) {
        return new AgentsReader().read(top, problems);
    }

    /** Puts these agents in the place of all others; the next call meets them. */
    public void commit(Page read) {
        page = read;
    }

    /**
     * {@link #parse} and {@link #commit}.
     *
     * @throws DirectoryFormatException with every mistake; the agents from before stay
     */
    public void replace(String yamlText, String fileName) {
        commit(parse(yamlText, fileName));
    }
}
