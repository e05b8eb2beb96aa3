package io.firefly.voip.camel.freeswitch.board;

import io.firefly.voip.call.HangupCause;
import java.util.concurrent.CompletableFuture;

/** Over which connection a channel is steered: that of its node, or one of its own. */
interface ChannelLink {
    CompletableFuture<String> execute(String uuid, String application, String argument);

    /** As {@link io.firefly.voip.media.freeswitch.SwitchChannel#queue}. */
    CompletableFuture<String> queue(String uuid, String application, String argument);

    CompletableFuture<String> api(String command, String arguments);

    /** Ends it, now or as soon as the connection is back. */
    void hangUp(String uuid, HangupCause cause);
}
