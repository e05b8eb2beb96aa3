package io.firefly.voip.media.freeswitch;

import io.firefly.voip.call.CallId;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** All FreeSWITCH nodes of this exchange and their channels; the media engine's only way to them. Any thread. */
public interface SwitchFabric {
    List<SwitchNode> nodes();

    /**
     * Waits for the channel that our INVITE with this Call-ID makes at the node. Ask before the INVITE is sent.
     *
     * @return fails with {@link EventSocketException} after the configured time, or when the node is lost
     */
    CompletionStage<SwitchChannel> channelOf(SwitchNode node, String sipCallId);

    /** Gives up {@link #channelOf}: the INVITE was refused. */
    void forget(String sipCallId);

    /** The channel by which FreeSWITCH handed this call to us; null for a call that came in otherwise. */
    @Nullable
    SwitchChannel channelOf(CallId call);

    /** Where nodes connect to us, {@code host:port}; goes into {@code X-esl-outbound}. Null when we do not listen. */
    @Nullable
    String callbackAddress();
}
