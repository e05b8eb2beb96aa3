package io.firefly.voip.ops.jmx;

import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes down what an operator did, who it was and why, before it is done. */
final class Audit {
    private static final Logger log = LoggerFactory.getLogger("io.firefly.voip.audit");

    private final Supplier<String> operator;

    /** @param operator who asks, told on the thread that asks */
    Audit(Supplier<String> operator) {
        this.operator = operator;
    }

    /** @throws IllegalArgumentException when no reason is given: then nothing may be done */
    void note(String deed, String reason) {
        String text = reason == null ? "" : reason.strip();
        if (text.length() < 3 || text.length() > 200) {
            throw new IllegalArgumentException("a reason of 3 to 200 characters is needed; nothing was done");
        }
        log.info("operator {}: {}, because: {}", operator.get(), deed, text.replaceAll("\\p{Cntrl}", " "));
    }
}
