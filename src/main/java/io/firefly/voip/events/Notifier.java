package io.firefly.voip.events;

import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Tells watchers. */
@FunctionalInterface
public interface Notifier {
    /**
     * Sends one notification; must not wait.
     *
     * @return false when the subscription is over for the watcher, who answered 481 or nothing
     */
    CompletionStage<Boolean> tell(String subscriptionId, Notice notice);

    /**
     * What a watcher is told.
     *
     * @param event value of the Event header, with the id the watcher gave it
     * @param state value of Subscription-State
     * @param contentType null when nothing is published
     */
    record Notice(String event, String state, @Nullable String contentType, String body) {}
}
