package io.firefly.voip.tenant;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The fields of one entry, each asked for by its name and type, wherever they are kept: in a file or in a database.
 *
 * <p>What is wrong is noted with its place and answered with null or nothing, so that the reader goes on to the next
 * mistake. Names are as in {@code tenants.yaml}: {@code max-call-length}.
 */
public interface Fields {
    /** A text, and the place where a mistake in it is noted. */
    record Text(String value, Consumer<String> place) {
        public void problem(String sentence) {
            place.accept(sentence);
        }
    }

    /** Notes a mistake at the field, or at the entry when the field is absent. */
    void problem(String name, String sentence);

    @Nullable
    Text text(String name);

    /** Null is noted as a mistake. */
    default @Nullable Text requiredText(String name) {
        Text text = text(name);
        if (text == null && isAbsent(name)) problem(name, "'" + name + "' is missing.");
        return text;
    }

    /** Whether nothing at all was written there. */
    boolean isAbsent(String name);

    /** The list below a field. */
    List<Text> texts(String name);

    /** A list, or the one text that stands in place of it. */
    List<Text> textOrTexts(String name);

    default @Nullable Boolean truth(String name) {
        Text text = text(name);
        if (text == null) return null;
        if (text.value().equals("true")) return Boolean.TRUE;
        if (text.value().equals("false")) return Boolean.FALSE;
        text.problem("'" + name + "' must be true or false, not '" + text.value() + "'.");
        return null;
    }

    /** 1 to 999999. */
    default @Nullable Integer count(String name) {
        Text text = text(name);
        if (text == null) return null;
        if (text.value().matches("[1-9][0-9]{0,5}")) return Integer.valueOf(text.value());
        text.problem("'" + name + "' must be a whole number from 1 to 999999, not '" + text.value() + "'.");
        return null;
    }

    /** Longer than 0: {@code 1h}, {@code 45m}, {@code 1h30m}. */
    default @Nullable Duration duration(String name) {
        Text text = text(name);
        if (text == null) return null;
        if (text.value().matches("(?=\\d)(\\d{1,4}h)?(\\d{1,5}m)?(\\d{1,6}s)?")) {
            Duration duration = Duration.parse("PT" + text.value());
            if (!duration.isZero()) return duration;
        }
        text.problem("'" + name + "' must be a time such as 1h, 45m or 1h30m, not '" + text.value() + "'.");
        return null;
    }

    /** The fields below a field; null when there are none. */
    @Nullable
    Fields fields(String name, Set<String> allowed);

    /** The list of entries below a field. */
    List<? extends Fields> entries(String name, Set<String> allowed);
}
