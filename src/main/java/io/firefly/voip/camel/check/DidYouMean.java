package io.firefly.voip.camel.check;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeSet;

/** Guesses what somebody meant who mistyped a word: the known word that needs the fewest changed letters. */
public final class DidYouMean {
    private DidYouMean() {}

    /** The closest known word, if it is close enough to be a slip of the fingers: one letter in three, at least two. */
    public static Optional<String> among(String typed, Collection<String> known) {
        int limit = Math.max(2, typed.length() / 3);
        return known.stream()
                .filter(word -> distance(typed, word) <= limit)
                .min(Comparator.comparingInt((String word) -> distance(typed, word))
                        .thenComparing(Comparator.naturalOrder()));
    }

    /** {@code a, b, c}, and the guess if there is one: {@code a, b, c; did you mean 'b'?}. */
    public static String choice(String typed, Collection<String> known) {
        String all = String.join(", ", new TreeSet<>(known));
        return among(typed, known)
                .map(word -> all + "; did you mean '" + word + "'?")
                .orElse(all);
    }

    /** Levenshtein's distance, without regard to upper and lower case. */
    private static int distance(String typed, String word) {
        String a = typed.toLowerCase(Locale.ROOT);
        String b = word.toLowerCase(Locale.ROOT);
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) row[j] = j;
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int replaced = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(replaced, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[b.length()];
    }
}
