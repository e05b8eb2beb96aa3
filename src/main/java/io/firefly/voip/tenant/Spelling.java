package io.firefly.voip.tenant;

import java.util.Collection;

/** Guesses what somebody meant to write. */
public final class Spelling {
    private Spelling() {}

    /** {@code ; did you mean 'numbers'?} or {@code .} when nothing known is near. */
    public static String hint(String written, Collection<String> known) {
        String best = "";
        int nearest = Math.max(2, written.length() / 3) + 1;
        for (String one : known) {
            int distance = distance(written, one);
            if (distance < nearest) {
                nearest = distance;
                best = one;
            }
        }
        return best.isEmpty() ? "." : "; did you mean '" + best + "'?";
    }

    // Levenshtein
    private static int distance(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) row[j] = j;
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int changed = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(changed, Math.min(row[j], row[j - 1]) + 1);
            }
        }
        return row[b.length()];
    }
}
