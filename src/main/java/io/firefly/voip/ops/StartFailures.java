package io.firefly.voip.ops;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/**
 * A start that we refuse ourselves (a misspelt setting, a port that is taken) ends with our sentence, not with a page of
 * stack traces. Named in {@code META-INF/spring.factories}.
 */
class StartFailures extends AbstractFailureAnalyzer<RuntimeException> {
    private static final String OURS = "io.firefly.voip.";

    @Override
    protected @Nullable FailureAnalysis analyze(Throwable rootFailure, RuntimeException cause) {
        for (Throwable each = rootFailure; each != null; each = each.getCause()) {
            StackTraceElement[] trace = each.getStackTrace();
            boolean isOurSentence = each instanceof IllegalStateException || each instanceof IllegalArgumentException;
            if (isOurSentence && trace.length > 0 && trace[0].getClassName().startsWith(OURS)) {
                return new FailureAnalysis(each.getMessage(), null, rootFailure);
            }
        }
        return null;
    }
}
