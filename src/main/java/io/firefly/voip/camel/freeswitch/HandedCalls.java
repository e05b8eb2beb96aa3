package io.firefly.voip.camel.freeswitch;

import io.firefly.voip.call.CallId;
import io.firefly.voip.media.freeswitch.SwitchChannel;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The calls that FreeSWITCH handed to us. */
final class HandedCalls {
    private final Map<CallId, EslChannel> channels = new ConcurrentHashMap<>();
    private volatile @Nullable String address;

    @Nullable
    SwitchChannel channelOf(CallId call) {
        return channels.get(call);
    }

    /** Where FreeSWITCH finds us; null when we do not listen. */
    @Nullable
    String address() {
        return address;
    }
}
