package io.firefly.voip.media.freeswitch.leg;

import io.firefly.voip.call.CallId;
import io.firefly.voip.call.LegDialer;
import io.firefly.voip.call.LegDialer.Invitation;
import io.firefly.voip.media.freeswitch.SwitchFabric;
import io.firefly.voip.media.freeswitch.SwitchNode;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Makes our legs to nodes and knows which of them are alive. Any thread. */
public final class LegDesk {
    public static final String EXCHANGE_HEADER = "X-Firefly-Exchange";

    private static final Duration LAST_RESORT = Duration.ofSeconds(30);

    private final LegDialer dialer;
    private final SwitchFabric fabric;
    private final String exchange;
    private final Patience patience;
    private final Set<String> alive = ConcurrentHashMap.newKeySet();

    /**
     * How long we wait.
     *
     * @param answer for a node to answer
     * @param silence of the caller until the call ends; 0 for ever
     */
    public record Patience(Duration answer, Duration silence) {}

    /** @param exchange our name on channels */
    public LegDesk(LegDialer dialer, SwitchFabric fabric, String exchange, Patience patience) {
        this.dialer = dialer;
        this.fabric = fabric;
        this.exchange = exchange;
        this.patience = patience;
    }

    /**
     * @param user part of the request URI that the node's dialplan knows: {@code firefly}, {@code firefly-media}
     * @param sdpOffer null when the node shall offer
     */
    public record Wish(
            CallId call,
            SwitchNode node,
            String user,
            @Nullable String sdpOffer) {}

    /** Sends the INVITE and returns at once. */
    public NodeLeg dial(Wish wish, NodeLeg.Owner owner) {
        String callId = UUID.randomUUID() + "@firefly";
        alive.add(callId);
        NodeLeg leg = new NodeLeg(callId, () -> fabric.channelOf(wish.node(), callId), this, owner);
        try {
            leg.dialed(dialer.dial(invitation(wish, callId), leg));
            return leg;
        } catch (RuntimeException e) {
            over(callId);
            throw e;
        }
    }

    private Invitation invitation(Wish wish, String callId) {
        String uri = "sip:" + wish.user() + "@" + wish.node().sipAddress();
        return new Invitation(uri, callId, headers(wish.call(), callId), wish.sdpOffer(), patience.answer());
    }

    private Map<String, String> headers(CallId call, String callId) {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("User-Agent", "drachtio-fsmrf:" + callId);
        headers.put("X-Firefly-Call", call.value());
        headers.put(EXCHANGE_HEADER, exchange);
        headers.put("X-Firefly-Media-Timeout", String.valueOf(lastResortMillis()));
        String callback = fabric.callbackAddress();
        if (callback != null) headers.put("X-esl-outbound", callback);
        return headers;
    }

    /** When the node ends the leg by itself, because we are dead: later than we would. */
    private long lastResortMillis() {
        return patience.silence().isZero()
                ? 0
                : patience.silence().plus(LAST_RESORT).toMillis();
    }

    void over(String callId) {
        if (alive.remove(callId)) fabric.forget(callId);
    }

    public String exchange() {
        return exchange;
    }

    /** How long a node may take for what we ask of it. */
    public Duration patience() {
        return patience.answer();
    }

    /** Whether a leg with that Call-ID is ours and not over. */
    public boolean isAlive(String callId) {
        return alive.contains(callId);
    }

    /** Legs that are not over; 0 at rest. */
    public int openLegs() {
        return alive.size();
    }
}
