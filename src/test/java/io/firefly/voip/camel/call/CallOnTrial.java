package io.firefly.voip.camel.call;

import io.firefly.voip.camel.check.SchemeOnTrial;
import java.time.Duration;

/** Opens the trial of {@code call:} to the tests of other packages. */
public final class CallOnTrial {
    private CallOnTrial() {}

    public static SchemeOnTrial scheme() {
        return new CallSchemeConfiguration()
                .callSchemeOnTrial(new RoutingProperties("welcome", Duration.ofSeconds(3), 1, 1));
    }
}
