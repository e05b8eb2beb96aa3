package io.firefly.voip.tenant;

import io.firefly.voip.agent.AgentBrief.AgentProfile;
import io.firefly.voip.agent.AgentManner;
import io.firefly.voip.agent.AgentManner.CallerSilence;
import io.firefly.voip.agent.AgentManner.TurnDetection;
import io.firefly.voip.tenant.AgentBook.Page;
import io.firefly.voip.tenant.Fields.Text;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads the agents once. */
final class AgentsReader {
    static final Set<String> TOP = Set.of("agents");
    // In the order in which messages list them.
    static final Set<String> FIELDS = Collections.unmodifiableSet(new LinkedHashSet<>(List.of(
            "name",
            "instructions",
            "greeting",
            "voice",
            "model",
            "language",
            "tools",
            "filler",
            "speed",
            "noise-reduction",
            "turn-detection",
            "protected-greeting",
            "caller-silence",
            "max-duration",
            "warn-before")));
    static final Set<String> TURN_FIELDS = Collections.unmodifiableSet(new LinkedHashSet<>(
            List.of("type", "threshold", "prefix-padding", "silence", "idle-timeout", "eagerness")));
    static final Set<String> SILENCE_FIELDS =
            Collections.unmodifiableSet(new LinkedHashSet<>(List.of("after", "prompts")));
    private static final int MAX_INSTRUCTIONS = 32_000;
    private static final int MAX_FILLER = 200;

    private static final Pattern TIME = Pattern.compile("(\\d{1,6})(ms|s|m|h)");
    private static final Map<String, Long> MILLIS = Map.of("ms", 1L, "s", 1_000L, "m", 60_000L, "h", 3_600_000L);

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
                tools(fields),
                manner(fields));
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

    private static AgentManner manner(Fields fields) {
        Fields turns = fields.fields("turn-detection", TURN_FIELDS);
        Fields silence = fields.fields("caller-silence", SILENCE_FIELDS);
        return new AgentManner(
                turns == null ? null : turns(turns),
                oneOf(fields, "noise-reduction", List.of("near_field", "far_field", "off")),
                number(fields, "speed", 0.25, 1.5),
                fields.truth("protected-greeting"),
                silence == null ? null : silence(silence),
                time(fields, "max-duration", 0, 86_400_000),
                time(fields, "warn-before", 0, 3_600_000),
                filler(fields));
    }

    private static @Nullable String filler(Fields fields) {
        String filler = value(fields.text("filler"));
        if (filler != null && filler.length() > MAX_FILLER) {
            fields.problem("filler", "'filler' is a short phrase: at most " + MAX_FILLER + " characters.");
        }
        return filler;
    }

    private static TurnDetection turns(Fields fields) {
        return new TurnDetection(
                oneOf(fields, "type", List.of("server_vad", "semantic_vad")),
                number(fields, "threshold", 0, 1),
                time(fields, "prefix-padding", 0, 5_000),
                time(fields, "silence", 100, 10_000),
                time(fields, "idle-timeout", 0, 600_000),
                oneOf(fields, "eagerness", List.of("auto", "low", "medium", "high")));
    }

    private static CallerSilence silence(Fields fields) {
        Double prompts = number(fields, "prompts", 0, 10);
        if (prompts != null && prompts != Math.rint(prompts)) {
            fields.problem("prompts", "'prompts' must be a whole number from 0 to 10.");
        }
        Duration after = time(fields, "after", 0, 600_000);
        if (after != null && !after.isZero() && after.toMillis() < 2_000) {
            fields.problem("after", "'after' must be 0s (never) or 2s and longer.");
        }
        return new CallerSilence(after, prompts == null ? null : (Integer) prompts.intValue());
    }

    private static @Nullable String oneOf(Fields fields, String name, List<String> allowed) {
        Text text = fields.text(name);
        if (text == null || allowed.contains(text.value())) return value(text);
        text.problem("'" + name + "' must be one of " + String.join(", ", allowed) + ", not '" + text.value() + "'.");
        return null;
    }

    private static @Nullable Double number(Fields fields, String name, double min, double max) {
        Text text = fields.text(name);
        if (text == null) return null;
        if (text.value().matches("\\d{1,4}(\\.\\d{1,4})?")) {
            double number = Double.parseDouble(text.value());
            if (number >= min && number <= max) return number;
        }
        text.problem("'" + name + "' must be a number from " + shown(min) + " to " + shown(max) + ", not '"
                + text.value() + "'.");
        return null;
    }

    private static String shown(double number) {
        return number == Math.rint(number) ? String.valueOf((long) number) : String.valueOf(number);
    }

    /** {@code 550ms}, {@code 10s}, {@code 5m} or {@code 1h}. */
    private static @Nullable Duration time(Fields fields, String name, long minMillis, long maxMillis) {
        Text text = fields.text(name);
        if (text == null) return null;
        Matcher time = TIME.matcher(text.value());
        if (time.matches()) {
            long millis = Long.parseLong(time.group(1)) * MILLIS.getOrDefault(time.group(2), 1L);
            if (millis >= minMillis && millis <= maxMillis) return Duration.ofMillis(millis);
        }
        text.problem("'" + name + "' must be a time such as 550ms, 10s or 5m, from " + spoken(minMillis) + " to "
                + spoken(maxMillis) + ", not '" + text.value() + "'.");
        return null;
    }

    private static String spoken(long millis) {
        if (millis >= 3_600_000) return millis / 3_600_000 + "h";
        if (millis >= 60_000) return millis / 60_000 + "m";
        return millis % 1_000 == 0 ? millis / 1_000 + "s" : millis + "ms";
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
