package io.firefly.voip.tenant;

import io.firefly.voip.agent.AgentBrief.AgentProfile;
import io.firefly.voip.tenant.YamlFields.Text;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The agents of {@code agents.yaml}. Any thread reads; {@link #commit} swaps all of them at once. */
public final class AgentBook implements AgentDirectory {
    private static final Set<String> TOP = Set.of("agents");
    // In the order in which messages list them.
    private static final Set<String> FIELDS = Collections.unmodifiableSet(
            new LinkedHashSet<>(List.of("name", "instructions", "greeting", "voice", "model", "language")));
    private static final int MAX_INSTRUCTIONS = 32_000;

    /** All agents of one reading, in the order of the file. Immutable. */
    public record Page(Map<String, AgentProfile> agents) {
        public Page {
            agents = Collections.unmodifiableMap(new LinkedHashMap<>(agents));
        }

        public Set<String> names() {
            return agents.keySet();
        }
    }

    private volatile Page page;

    /** Knows one agent, {@code reception}, with nothing but the provider's defaults. */
    public AgentBook() {
        page = new Page(Map.of("reception", new AgentProfile("reception", null, null, null, null, null)));
    }

    @Override
    public Optional<AgentProfile> byName(String name) {
        return Optional.ofNullable(page.agents().get(name));
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
        Map<String, AgentProfile> read = new LinkedHashMap<>();
        YamlFields top = file.top(TOP);
        if (top != null) {
            List<YamlFields> entries = top.entries("agents", FIELDS);
            entries.forEach(fields -> read(fields, read));
            if (entries.isEmpty()) top.problem("agents", "at least one agent is needed.");
        }
        file.throwProblems();
        return new Page(read);
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

    private static void read(YamlFields fields, Map<String, AgentProfile> into) {
        Text name = fields.requiredText("name");
        AgentProfile profile = new AgentProfile(
                name == null ? "" : name.value(),
                value(fields.text("instructions")),
                value(fields.text("greeting")),
                value(fields.text("voice")),
                value(fields.text("model")),
                value(fields.text("language")));
        checkLanguage(fields, profile.language());
        if (profile.instructions() != null && profile.instructions().length() > MAX_INSTRUCTIONS) {
            fields.problem("instructions", "'instructions' has more than " + MAX_INSTRUCTIONS + " characters.");
        }
        if (name == null) return;
        // The name stands in a route's URI: agent:<name>.
        if (!name.value().matches("[a-z0-9][a-z0-9-]{0,63}")) {
            fields.problem("name", "'name' must be small letters, digits and dashes, not '" + name.value() + "'.");
        } else if (into.putIfAbsent(name.value(), profile) != null) {
            fields.problem("name", "agent '" + name.value() + "' is there twice.");
        }
    }

    private static void checkLanguage(YamlFields fields, @Nullable String language) {
        if (language == null || language.matches("[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")) return;
        fields.problem("language", "'language' must be a code such as en or de-AT, not '" + language + "'.");
    }

    private static @Nullable String value(@Nullable Text text) {
        return text == null ? null : text.value();
    }
}
