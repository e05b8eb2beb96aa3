package io.firefly.voip.camel.agent;

import io.firefly.voip.agent.ToolDescription;
import io.firefly.voip.agent.ToolDescription.Parameter;
import io.firefly.voip.agent.ToolDescription.Terms;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.apache.camel.util.PropertiesHelper;
import org.jspecify.annotations.Nullable;

/** What a route says of its tool: {@code agent:tool/<name>?description=...&parameter.<p>=...}. */
final class ToolOptions {
    private static final String TOPIC = " - ";
    /** {@code integer? 1..10}: a type, whether it may be left out, what it is limited to. */
    private static final Pattern WORD = Pattern.compile("([A-Za-z]+)(\\?)?(?:\\s+(\\S.*))?", Pattern.DOTALL);

    private static final Pattern RANGE = Pattern.compile("(-?[0-9.]+)?\\.\\.(-?[0-9.]+)?");
    private static final int MAX_COUNT = 1_000_000;
    private static final int MAX_FILLER_CHARS = 200;

    /** Takes an option out of those of the route; null when it is not there. */
    interface Given {
        <T> @Nullable T take(String option, Class<T> type);
    }

    private final String uri;
    private final Given given;

    ToolOptions(String uri, Given given) {
        this.uri = uri;
        this.given = given;
    }

    ToolDescription description(String name, Map<String, Object> options) {
        String text = text("description");
        if (text.isEmpty()) {
            throw wrong("option description is missing; it tells the model when to use the tool");
        }
        Terms terms = new Terms(
                duration("timeout", 10, 120_000),
                count("limit"),
                count("limitPerDay"),
                count("cost"),
                isConfirmed(),
                filler(),
                duration("fillerAfter", 0, 120_000));
        Map<String, Parameter> parameters = new LinkedHashMap<>();
        PropertiesHelper.extractProperties(options, "parameter.")
                .forEach((parameter, word) -> parameters.put(parameter, parameter(parameter, String.valueOf(word))));
        return named(() -> new ToolDescription(name, text, parameters, terms));
    }

    boolean once() {
        return Boolean.TRUE.equals(given.take("once", Boolean.class));
    }

    private ToolDescription named(Supplier<ToolDescription> written) {
        try {
            return written.get();
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    uri + ": a tool's name has 1 to 64 letters, digits, _ or -, as in agent:tool/hang_up", e);
        }
    }

    private String text(String option) {
        String text = given.take(option, String.class);
        return text == null ? "" : text.strip();
    }

    private @Nullable Duration duration(String option, long atLeastMillis, long atMostMillis) {
        Duration duration = given.take(option, Duration.class);
        if (duration == null) return null;
        if (duration.toMillis() < atLeastMillis || duration.toMillis() > atMostMillis) {
            throw wrong(option + " must be " + atLeastMillis + "ms to " + atMostMillis / 1000 + "s, not " + duration);
        }
        return duration;
    }

    private int count(String option) {
        String text = text(option);
        if (text.isEmpty()) return 0;
        if (text.matches("[0-9]{1,7}") && Integer.parseInt(text) <= MAX_COUNT) return Integer.parseInt(text);
        throw wrong(option + " must be a whole number from 0 to " + MAX_COUNT + ", not '" + text + "'");
    }

    private boolean isConfirmed() {
        String by = text("confirm");
        if (by.isEmpty()) return false;
        if (by.equals("dtmf")) return true;
        throw wrong("confirm must be dtmf, or left out, not '" + by + "'");
    }

    private @Nullable String filler() {
        String filler = text("filler");
        if (filler.length() <= MAX_FILLER_CHARS) return filler.isEmpty() ? null : filler;
        throw wrong("filler is a short phrase of up to " + MAX_FILLER_CHARS + " characters");
    }

    private Parameter parameter(String name, String written) {
        int topic = written.indexOf(TOPIC);
        String head = topic < 0 ? written : written.substring(0, topic);
        String description = topic < 0 ? "" : written.substring(topic + TOPIC.length());
        Matcher word = WORD.matcher(head.strip());
        if (!word.matches() || !ToolArguments.TYPES.contains(word.group(1))) {
            throw wrong("parameter." + name + " must be one of " + ToolArguments.TYPES
                    + ", with ? when it may be left out, not '" + head.strip() + "'");
        }
        Parameter plain =
                new Parameter(word.group(1), word.group(2) == null, description.strip(), List.of(), null, null, null);
        return word.group(3) == null
                ? plain
                : limited(name, plain, word.group(3).strip());
    }

    /** {@code 1..10}, {@code small|medium|large} or {@code /[0-9]+/}. */
    private Parameter limited(String name, Parameter plain, String limit) {
        boolean isText = plain.type().equals("string");
        boolean isNumber = plain.type().equals("number") || plain.type().equals("integer");
        Matcher range = RANGE.matcher(limit);
        if (isNumber && range.matches()) return inRange(name, plain, range);
        if (isText && limit.length() > 2 && limit.startsWith("/") && limit.endsWith("/")) {
            return matching(name, plain, limit.substring(1, limit.length() - 1));
        }
        if (isText) return chosen(plain, limit);
        throw wrong("parameter." + name + ": behind " + plain.type() + " comes "
                + (isNumber ? "a range such as 1..10" : "nothing") + ", not '" + limit + "'");
    }

    private static Parameter chosen(Parameter plain, String limit) {
        List<String> choices = Arrays.stream(limit.split("\\|", -1))
                .map(String::strip)
                .filter(choice -> !choice.isEmpty())
                .toList();
        return new Parameter(plain.type(), plain.required(), plain.description(), choices, null, null, null);
    }

    private Parameter inRange(String name, Parameter plain, Matcher range) {
        BiFunction<Integer, String, @Nullable Double> bound = (group, what) -> {
            if (range.group(group) == null) return null;
            try {
                return Double.valueOf(range.group(group));
            } catch (NumberFormatException e) {
                throw new IllegalArgumentException(
                        uri + ": parameter." + name + ": the " + what + " '" + range.group(group) + "' is no number",
                        e);
            }
        };
        Double least = bound.apply(1, "minimum");
        Double most = bound.apply(2, "maximum");
        if (least != null && most != null && least > most) {
            throw wrong("parameter." + name + ": the minimum " + least + " is above the maximum " + most);
        }
        return new Parameter(plain.type(), plain.required(), plain.description(), List.of(), least, most, null);
    }

    private Parameter matching(String name, Parameter plain, String pattern) {
        try {
            Pattern unused = Pattern.compile(pattern);
        } catch (PatternSyntaxException e) {
            throw new IllegalArgumentException(
                    uri + ": parameter." + name + ": /" + pattern + "/ is no regular expression: " + e.getDescription(),
                    e);
        }
        return new Parameter(plain.type(), plain.required(), plain.description(), List.of(), null, null, pattern);
    }

    private IllegalArgumentException wrong(String sentence) {
        return new IllegalArgumentException(uri + ": " + sentence);
    }
}
