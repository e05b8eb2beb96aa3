package io.firefly.voip.camel.call;

import io.firefly.voip.call.CallId;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.camel.Exchange;

/** Which call an exchange is about. Set where the exchange is born; goes with it through every {@code direct:} step. */
public final class CallExchange {
    /** Exchange property: the {@link CallId}. */
    public static final String CALL_ID = "FireflyCallId";

    /** Exchange property: set to true by the first step that asks something of the call. */
    private static final String ASKED = "FireflyCallAsked";

    private CallExchange() {}

    /**
     * The call that a step is about to order something of. Asking for it counts as a decision: a call that no step asked
     * for is ended when its exchange is over.
     *
     * @throws IllegalStateException when the exchange is not about a call
     */
    public static CallId callOf(Exchange exchange) {
        CallId call = exchange.getProperty(CALL_ID, CallId.class);
        if (call == null) {
            throw new IllegalStateException(
                    "there is no call here: a step that asks something of a call works in routes"
                            + " from call:incoming, in what they call by direct:, and behind call:offer; this exchange came from "
                            + (exchange.getFromEndpoint() == null
                                    ? "elsewhere"
                                    : exchange.getFromEndpoint().getEndpointUri()));
        }
        AtomicBoolean asked = exchange.getProperty(ASKED, AtomicBoolean.class);
        if (asked != null) asked.set(true);
        return call;
    }

    /** Marks a new exchange; copies of it (multicast, split) report to the same mark. */
    static void begin(Exchange exchange, CallId call) {
        exchange.setProperty(CALL_ID, call);
        exchange.setProperty(ASKED, new AtomicBoolean());
    }

    static boolean wasAsked(Exchange exchange) {
        AtomicBoolean asked = exchange.getProperty(ASKED, AtomicBoolean.class);
        return asked != null && asked.get();
    }
}
