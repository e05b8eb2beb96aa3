package io.firefly.voip.tenant.plan;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Numbers and prefixes, each leading to something; the exact number wins, then the longest prefix.
 *
 * <p>Filled by one thread, then read by any. A lookup is one map read per digit.
 */
public final class NumberPlan<T> {
    private static final int MAX_LENGTH = 64;

    private final Map<String, T> numbers = new HashMap<>();
    private final Map<String, T> prefixes = new HashMap<>();

    /**
     * The one way to write a number: visual separators gone (RFC 3966 5.1.1), 00 is +. A name stays as it is.
     */
    public static String normalised(String written) {
        String bare = written.replaceAll("[().\\-/ \\u00a0]", "");
        if (!bare.matches("\\+?[0-9*#]+")) return written.strip();
        return bare.startsWith("00") ? "+" + bare.substring(2) : bare;
    }

    /** Null when {@code pattern} can be matched, else what is wrong with it. */
    public static @Nullable String mistakeIn(String pattern) {
        String bare = normalised(pattern);
        if (bare.equals("*")) return "'*' would match everything: that is what the default tenant is for.";
        if (bare.length() > MAX_LENGTH) return "longer than " + MAX_LENGTH + " characters.";
        if (bare.matches("\\+?[0-9*#]+|[A-Za-z0-9][A-Za-z0-9._~-]*")) return null;
        return "'" + pattern + "' is no number (+4930123450), prefix (+49301234*) or user name.";
    }

    /** @return what the same pattern led to before, which it still does; null when it is new */
    @Nullable
    public T add(String pattern, T target) {
        String bare = normalised(pattern);
        return isPrefix(bare)
                ? prefixes.putIfAbsent(bare.substring(0, bare.length() - 1), target)
                : numbers.putIfAbsent(bare, target);
    }

    // *97 and **1 are codes that are dialled; only a number with a star behind it is a prefix.
    private static boolean isPrefix(String bare) {
        return bare.length() > 1 && bare.endsWith("*") && bare.matches("\\+?[0-9]+\\*");
    }

    @Nullable
    public T find(String dialled) {
        if (dialled.length() > MAX_LENGTH) return null;
        String bare = normalised(dialled);
        T exact = numbers.get(bare);
        if (exact != null) return exact;
        for (int length = prefixes.isEmpty() ? 0 : bare.length(); length > 0; length--) {
            T found = prefixes.get(bare.substring(0, length));
            if (found != null) return found;
        }
        return null;
    }
}
