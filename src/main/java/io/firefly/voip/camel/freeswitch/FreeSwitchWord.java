package io.firefly.voip.camel.freeswitch;

import io.firefly.voip.camel.freeswitch.esl.EslCommand;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What stands behind {@code freeswitch:}, with every option checked.
 *
 * @param node its name; null: all of them (events), the only one (api)
 * @param names of events
 * @param subclasses of CUSTOM events
 * @param action the API command or the application
 * @param arguments a text, or an expression of the simple language
 * @param channel a uuid, or an expression; null: that of the call
 */
record FreeSwitchWord(
        Verb verb,
        @Nullable String node,
        List<String> names,
        List<String> subclasses,
        String action,
        String arguments,
        @Nullable String channel) {
    /** Commands that run programs on FreeSWITCH's machine, or code that somebody said. */
    private static final Set<String> FORBIDDEN = Set.of(
            "system",
            "bg_system",
            "spawn",
            "bg_spawn",
            "spawn_stream",
            "lua",
            "luarun",
            "python",
            "pyrun",
            "perl",
            "perlrun",
            "js",
            "jsrun",
            "jsapi",
            "managed",
            "managedrun",
            "expand",
            "eval",
            "bgapi",
            "sched_api");

    /** The word itself. */
    enum Verb {
        CALLS,
        EVENTS,
        API,
        EXECUTE;

        private Set<String> options() {
            return switch (this) {
                case CALLS -> Set.of();
                case EVENTS -> Set.of("names", "subclasses", "node");
                case API -> Set.of("command", "arguments", "node");
                case EXECUTE -> Set.of("application", "arguments", "channel");
            };
        }

        boolean isEntry() {
            return this == CALLS || this == EVENTS;
        }

        @Override
        public String toString() {
            return "freeswitch:" + name().toLowerCase(Locale.ROOT);
        }
    }

    /** @throws IllegalArgumentException that names the option and what to write */
    static FreeSwitchWord parse(String remaining, Map<String, Object> parameters) {
        Verb verb = verb(remaining);
        Set<String> unknown = new TreeSet<>(parameters.keySet());
        unknown.removeAll(verb.options());
        if (!unknown.isEmpty())
            throw new IllegalArgumentException(
                    verb + " has no option '" + unknown.iterator().next() + "'; "
                            + (verb.options().isEmpty()
                                    ? "it takes none"
                                    : "known are " + String.join(", ", new TreeSet<>(verb.options()))));
        List<String> names = list(parameters, "names");
        List<String> subclasses = list(parameters, "subclasses");
        if (verb == Verb.EVENTS) checkEvents(names, subclasses);
        String action = action(verb, parameters);
        return new FreeSwitchWord(
                verb,
                text(parameters, "node"),
                names,
                subclasses,
                action,
                literal(text(parameters, "arguments")),
                text(parameters, "channel"));
    }

    private static Verb verb(String word) {
        for (Verb verb : Verb.values()) {
            if (verb.name().toLowerCase(Locale.ROOT).equals(word)) return verb;
        }
        throw new IllegalArgumentException(
                "after freeswitch: comes calls or events (from), api or execute (to), not '" + word + "'");
    }

    private static void checkEvents(List<String> names, List<String> subclasses) {
        if (names.isEmpty() && subclasses.isEmpty())
            throw new IllegalArgumentException(
                    "freeswitch:events: option names is missing, as in names=HEARTBEAT,CHANNEL_ANSWER");
        try {
            EslCommand.checkNames(names, subclasses);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "freeswitch:events: " + e.getMessage() + "; names are in capitals, as in names=CHANNEL_ANSWER", e);
        }
    }

    private static String action(Verb verb, Map<String, Object> parameters) {
        if (verb.isEntry()) return "";
        String option = verb == Verb.API ? "command" : "application";
        String action = text(parameters, option);
        if (action == null)
            throw new IllegalArgumentException(verb + ": option " + option + " is missing, as in " + verb + "?" + option
                    + (verb == Verb.API ? "=status" : "=playback"));
        if (FORBIDDEN.contains(action.toLowerCase(Locale.ROOT)))
            throw new IllegalArgumentException(verb + ": " + option + "=" + action
                    + " runs programs on FreeSWITCH's machine, no route may do that");
        if (!action.matches("[A-Za-z0-9_]{1,64}"))
            throw new IllegalArgumentException(
                    verb + ": " + option + "=" + action + " must be one word; what follows it goes into arguments=");
        return action;
    }

    private static List<String> list(Map<String, Object> parameters, String name) {
        String text = text(parameters, name);
        if (text == null) return List.of();
        return Arrays.stream(text.split(",", -1)).map(String::strip).toList();
    }

    private static String literal(@Nullable String text) {
        return text == null ? "" : text;
    }

    private static @Nullable String text(Map<String, Object> parameters, String name) {
        Object value = parameters.get(name);
        String text = value == null ? "" : value.toString().strip();
        return text.isEmpty() ? null : text;
    }
}
