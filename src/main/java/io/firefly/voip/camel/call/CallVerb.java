package io.firefly.voip.camel.call;

import io.firefly.voip.camel.check.DidYouMean;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** What stands behind {@code call:}, and which options it takes. */
enum CallVerb {
    INCOMING(true),
    ENDED(true),
    OFFER(false),
    ADMIT(false),
    FLOW(false),
    RING(false, "delay"),
    ANSWER(false, "record"),
    PLAY(false, "file", "tempo"),
    ECHO(false),
    DTMF(false, "digits"),
    CALLER(false),
    TRANSFER(false, "target"),
    END(false, "cause", "after");

    private static final Set<String> LATER = Set.of("hold", "dial", "record");
    private final boolean isEntry;

    @SuppressWarnings("ImmutableEnumChecker") // it is: Set.of
    private final Set<String> options;

    CallVerb(boolean isEntry, String... options) {
        this.isEntry = isEntry;
        this.options = Set.of(options);
    }

    static CallVerb of(String word) {
        for (CallVerb verb : values()) {
            if (verb.word().equals(word)) return verb;
        }
        if (LATER.contains(word)) {
            throw new IllegalArgumentException("'call:" + word + "' is not available yet; there are " + all());
        }
        throw new IllegalArgumentException(
                "no step 'call:" + word + "'; there are " + DidYouMean.choice(word, words()));
    }

    /** Refuses an option this verb does not know. */
    void check(Map<String, Object> given) {
        for (String option : given.keySet()) {
            if (options.contains(option)) continue;
            String allowed = options.isEmpty() ? "it takes none" : "it takes " + DidYouMean.choice(option, options);
            throw new IllegalArgumentException(this + " has no option '" + option + "'; " + allowed);
        }
    }

    /** True for what a route starts from, false for what it sends to. */
    boolean isEntry() {
        return isEntry;
    }

    String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    private static List<String> words() {
        return Arrays.stream(values()).map(CallVerb::word).toList();
    }

    private static String all() {
        return String.join(", ", words());
    }

    @Override
    public String toString() {
        return "call:" + word();
    }
}
