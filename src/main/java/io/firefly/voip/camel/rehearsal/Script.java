package io.firefly.voip.camel.rehearsal;

import io.firefly.voip.call.HangupCause;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * What steps do in a rehearsal beside being noted. A step is named by its id ({@code connect-agent}) or by what it sends
 * to, as {@code agent:reception}, with or without options.
 *
 * @param failures step to the words it fails with
 * @param refusals {@code call:admit} to why it refuses
 * @param answers step to the body it leaves behind; the step itself is not run
 * @param choices id of a {@code when} to the answer it gets; it is not evaluated
 * @param ready whether this node takes calls, for {@code ${bean:readiness?method=isReady}}
 */
public record Script(
        Map<String, String> failures,
        Map<String, HangupCause> refusals,
        Map<String, Object> answers,
        Map<String, Boolean> choices,
        boolean ready) {
    public static final Script NONE = new Script(Map.of(), Map.of(), Map.of(), Map.of(), true);

    public Script {
        failures = Map.copyOf(failures);
        refusals = Map.copyOf(refusals);
        answers = Map.copyOf(answers);
        choices = Map.copyOf(choices);
    }

    public Script failing(String step) {
        return new Script(with(failures, step, step + " fails, as it was told to"), refusals, answers, choices, ready);
    }

    public Script refusing(String step, HangupCause cause) {
        return new Script(failures, with(refusals, step, cause), answers, choices, ready);
    }

    public Script answering(String step, Object body) {
        return new Script(failures, refusals, with(answers, step, body), choices, ready);
    }

    public Script choosing(String condition, boolean answer) {
        return new Script(failures, refusals, answers, with(choices, condition, answer), ready);
    }

    public Script withReady(boolean takesCalls) {
        return new Script(failures, refusals, answers, choices, takesCalls);
    }

    /** The key of a table that means this step. */
    static Optional<String> key(Map<String, ?> table, String idOrTarget) {
        if (table.containsKey(idOrTarget)) return Optional.of(idOrTarget);
        int options = idOrTarget.indexOf('?');
        if (options < 0) return Optional.empty();
        return Optional.of(idOrTarget.substring(0, options)).filter(table::containsKey);
    }

    private static <T> Map<String, T> with(Map<String, T> table, String key, T value) {
        Map<String, T> more = new HashMap<>(table);
        more.put(key, Objects.requireNonNull(value));
        return more;
    }
}
