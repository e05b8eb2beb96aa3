package io.firefly.voip.camel.registrar;

import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/** What stands behind {@code registrar:}, and the options it takes. */
enum RegistrarStep {
    CHALLENGE,
    SAVE,
    LOOKUP;

    /** Whom {@code lookup} looks for when the step does not say. */
    static final String REQUESTED_USER = "${body.calledUser}";

    private List<String> options() {
        return this == LOOKUP ? List.of("user") : List.of();
    }

    String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    static RegistrarStep named(String label) {
        for (RegistrarStep step : values()) {
            if (step.label().equals(label)) return step;
        }
        List<String> known = Arrays.stream(values()).map(RegistrarStep::label).toList();
        throw new IllegalArgumentException("no step 'registrar:" + label + "'" + hint(label, known) + " Known: "
                + known.stream().map(one -> "registrar:" + one).collect(Collectors.joining(", ")));
    }

    void checkOptions(Set<String> given) {
        for (String option : given) {
            if (options().contains(option)) continue;
            throw new IllegalArgumentException("registrar:" + label() + " has no option '" + option + "'"
                    + hint(option, options()) + " Allowed here: "
                    + (options().isEmpty() ? "none" : String.join(", ", options())));
        }
    }

    private static String hint(String written, Collection<String> known) {
        return known.stream()
                .filter(one -> isNear(written, one))
                .findFirst()
                .map(one -> "; did you mean '" + one + "'?")
                .orElse(".");
    }

    /** At least two thirds of the letters are there, in their order. */
    private static boolean isNear(String written, String known) {
        int[] row = new int[known.length() + 1];
        for (int i = 0; i < written.length(); i++) {
            int diagonal = 0;
            for (int j = 1; j < row.length; j++) {
                int above = row[j];
                row[j] = written.charAt(i) == known.charAt(j - 1) ? diagonal + 1 : Math.max(above, row[j - 1]);
                diagonal = above;
            }
        }
        return row[known.length()] * 3 >= Math.max(written.length(), known.length()) * 2;
    }
}
