package io.firefly.voip.ops;

import java.sql.SQLException;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/**
 * A start that we refuse ourselves (a misspelt setting, a port that is taken) ends with our sentence, not with a page of
 * stack traces. Named in {@code META-INF/spring.factories}.
 */
class StartFailures extends AbstractFailureAnalyzer<RuntimeException> {
    private static final String OURS = "io.firefly.voip.";
    /** H2 90020: the file of the database is locked. */
    private static final int DATABASE_IN_USE = 90_020;

    @Override
    protected @Nullable FailureAnalysis analyze(Throwable rootFailure, RuntimeException cause) {
        for (Throwable each = cause; each != null; each = each.getCause()) {
            String sentence = sentenceOf(each);
            if (sentence != null) return new FailureAnalysis(sentence, null, rootFailure);
        }
        return null;
    }

    private static @Nullable String sentenceOf(Throwable failure) {
        if (failure instanceof SQLException sql && sql.getErrorCode() == DATABASE_IN_USE) {
            return "the data folder is used by another process, probably another Firefly: stop that one, or give this one"
                    + " a folder of its own (firefly.data.directory)";
        }
        StackTraceElement[] trace = failure.getStackTrace();
        boolean isOurs = failure.getClass().getName().startsWith(OURS);
        boolean isPlain = failure instanceof IllegalStateException || failure instanceof IllegalArgumentException;
        boolean isThrownByUs = trace.length > 0 && trace[0].getClassName().startsWith(OURS);
        return isOurs || (isPlain && isThrownByUs) ? failure.getMessage() : null;
    }
}
