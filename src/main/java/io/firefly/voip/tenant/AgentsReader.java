package io.firefly.voip.tenant;

import io.firefly.voip.agent.AgentBrief.AgentProfile;
import io.firefly.voip.tenant.AgentBook.Page;
import io.firefly.voip.tenant.Fields.Text;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads the agents once. */
final class AgentsReader {
    static final Set<String> TOP = Set.of("agents");
    // In the order in which messages list them.
    static final Set<String> FIELDS = Collections.unmodifiableSet(
            new LinkedHashSet<>(List.of("name", "instructions", "greeting", "voice", "model", "language", "tools")));
    private static final int MAX_INSTRUCTIONS = 32_000;

    private final Map<String, AgentProfile> agents = new LinkedHashMap<>();

    /** @throws DirectoryFormatException with every mistake */
    Page read(@Nullable Fields top, Problems problems) {
        if (top != null) {
            List<? extends Fields> entries = top.entries("agents", FIELDS);
            entries.forEach(this::add);
            if (entries.isEmpty()) top.problem("agents", "at least one agent is needed.");
        }
        problems.throwIfAny();
        return new Page(agents);
    }

    private void add(Fields fields) {
        Text name = fields.requiredText("name");
        AgentProfile profile = new AgentProfile(
                name == null ? "" : name.value(),
                value(fields.text("instructions")),
                value(fields.text("greeting")),
                value(fields.text("voice")),
                value(fields.text("model")),
                value(fields.text("language")),
                tools(fields));
        checkLanguage(fields, profile.language());
        if (profile.instructions() != null && profile.instructions().length() > MAX_INSTRUCTIONS) {
            fields.problem("instructions", "'instructions' has more than " + MAX_INSTRUCTIONS + " characters.");
        }
        if (name == null) return;
        // The name stands in a route's URI: agent:<name>.
        if (!name.value().matches("[a-z0-9][a-z0-9-]{0,63}")) {
            fields.problem("name", "'name' must be small letters, digits and dashes, not '" + name.value() + "'.");
        } else if (agents.putIfAbsent(name.value(), profile) != null) {
            fields.problem("name", "agent '" + name.value() + "' is there twice.");
        }
    }

    /** Null: all. An empty list: none. */
    private static @Nullable List<String> tools(Fields fields) {
        if (fields.isAbsent("tools")) return null;
        List<String> tools = new ArrayList<>();
        for (Text tool : fields.texts("tools")) {
            // What providers take as the name of a function.
            if (tool.value().matches("[A-Za-z0-9_-]{1,64}")) tools.add(tool.value());
            else tool.problem("'" + tool.value() + "' is no tool: write the name behind agent:tool/, such as hang_up.");
        }
        return tools;
    }

    private static void checkLanguage(Fields fields, @Nullable String language) {
        if (language == null || language.matches("[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")) return;
        fields.problem("language", "'language' must be a code such as en or de-AT, not '" + language + "'.");
    }

    private static @Nullable String value(@Nullable Text text) {
        return text == null ? null : text.value();
    }
}
