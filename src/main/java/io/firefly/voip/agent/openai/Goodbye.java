package io.firefly.voip.agent.openai;

import io.firefly.voip.agent.openai.ResponseSequencer.Create;
import io.firefly.voip.agent.openai.ResponseSequencer.Purpose;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The last words of the agent: what it is saying when asked to stop, or else one short goodbye. Over when generated;
 * that is not yet heard, so hanging up is left to whoever watches the mouth. Agent's thread only.
 */
final class Goodbye {
    private static final String INSTRUCTIONS = "Say one short goodbye.";

    private final ResponseSequencer sequencer;
    private final CompletableFuture<Void> told;
    private boolean asked;

    Goodbye(ResponseSequencer sequencer, CompletableFuture<Void> told) {
        this.sequencer = sequencer;
        this.told = told;
    }

    /** @param alreadySaid the latest response was a farewell */
    void begin(boolean alreadySaid) {
        if (sequencer.isBusy()) return; // what is being said is the goodbye: see done()
        if (alreadySaid) complete();
        else ask();
    }

    /**
     * A response is done; the sequencer does not know yet.
     *
     * @param purpose null when the provider made it by itself
     * @param said it was spoken to its end
     */
    void done(@Nullable Purpose purpose, boolean said) {
        if (said || purpose == Purpose.GOODBYE) complete();
        else ask();
    }

    /**
     * A response was refused to us.
     *
     * @param givenUp it will not be tried again
     */
    void refused(boolean givenUp) {
        if (sequencer.isBusy()) return;
        if (asked && givenUp) complete();
        else ask();
    }

    private void ask() {
        if (asked) return;
        asked = true;
        sequencer.request(new Create(Purpose.GOODBYE, INSTRUCTIONS, false));
    }

    private void complete() {
        sequencer.forgetWanted();
        told.complete(null);
    }
}
