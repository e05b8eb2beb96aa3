package io.firefly.voip.freeswitch;

import io.firefly.voip.freeswitch.StandInEvents.State;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The channels of the stand-in and what happens to them. On the stand-in's own thread, but for {@link #channels}. */
final class StandInCalls {
    private static final Map<String, Integer> Q850 = Map.of(
            "NORMAL_CLEARING",
            16,
            "USER_BUSY",
            17,
            "NO_ANSWER",
            19,
            "SUBSCRIBER_ABSENT",
            20,
            "CALL_REJECTED",
            21,
            "NORMAL_TEMPORARY_FAILURE",
            41,
            "INCOMPATIBLE_DESTINATION",
            88,
            "ALLOTTED_TIMEOUT",
            602);

    private final Map<String, StandInChannel> channels = new ConcurrentHashMap<>();
    private final StandInEvents events;
    private final FreeSwitchStandIn stand;

    StandInCalls(StandInEvents events, FreeSwitchStandIn stand) {
        this.events = events;
        this.stand = stand;
    }

    StandInEvents events() {
        return events;
    }

    List<StandInChannel> channels() {
        return List.copyOf(channels.values());
    }

    @Nullable
    StandInChannel channel(String uuid) {
        return channels.get(uuid);
    }

    void add(StandInChannel channel) {
        channels.put(channel.uuid, channel);
        events.tell("CHANNEL_CREATE", channel);
    }

    void forget(StandInChannel channel) {
        channels.remove(channel.uuid);
        channel.rtp.close();
    }

    void answered(StandInChannel channel) {
        channel.state = State.ACTIVE;
        events.tell("CHANNEL_CALLSTATE", channel);
        events.tell("CHANNEL_ANSWER", channel);
    }

    void park(StandInChannel channel) {
        channel.application = "park";
        channel.applicationData = "";
        events.tell("CHANNEL_PARK", channel);
    }

    void bridge(StandInChannel channel, StandInChannel with) {
        unbridge(channel);
        unbridge(with);
        channel.other = with;
        with.other = channel;
        channel.application = "uuid_bridge";
        channel.rtp.bridge(with.rtp);
        with.rtp.bridge(channel.rtp);
        events.tell("CHANNEL_UNPARK", channel);
        events.tell("CHANNEL_UNPARK", with);
        events.tell(events.of("CHANNEL_BRIDGE", channel)
                .with("Bridge-A-Unique-ID", channel.uuid)
                .with("Bridge-B-Unique-ID", with.uuid)
                .with("Other-Leg-Unique-ID", with.uuid));
    }

    /** Both sides wait again; as {@code park_after_bridge} and {@code hangup_after_bridge} of our dialplan say. */
    void unbridge(StandInChannel channel) {
        StandInChannel other = channel.other;
        if (other == null) return;
        events.tell(events.of("CHANNEL_UNBRIDGE", channel)
                .with("Bridge-A-Unique-ID", channel.uuid)
                .with("Bridge-B-Unique-ID", other.uuid));
        for (StandInChannel one : List.of(channel, other)) {
            one.other = null;
            one.rtp.bridge(null);
            if (channels.containsKey(one.uuid)) park(one);
        }
    }

    void held(StandInChannel channel, boolean holds) {
        State before = channel.state;
        channel.state = holds ? State.HELD : State.ACTIVE;
        channel.rtp.hold(holds);
        if (before != channel.state) events.tell(holds ? "CHANNEL_HOLD" : "CHANNEL_UNHOLD", channel);
    }

    void key(StandInChannel channel, char digit, int samples) {
        if (channels.containsKey(channel.uuid))
            events.tell(events.of("DTMF", channel)
                    .with("DTMF-Digit", String.valueOf(digit))
                    .with("DTMF-Duration", String.valueOf(samples)));
    }

    /** We end it: BYE, or a refusal while it rings. */
    void end(StandInChannel channel, String cause) {
        if (channels.containsKey(channel.uuid)) {
            stand.sip().bye(channel, q850(cause), cause);
            over(channel, cause);
        }
    }

    /** It is over, the far end knows. */
    void over(StandInChannel channel, String cause) {
        if (channels.remove(channel.uuid) == null) return;
        StandInChannel other = channel.other;
        unbridge(channel);
        for (String name : List.of("CHANNEL_HANGUP", "CHANNEL_HANGUP_COMPLETE", "CHANNEL_DESTROY")) {
            events.tell(events.of(name, channel)
                    .with("Hangup-Cause", cause)
                    .with("variable_hangup_cause", cause)
                    .with("variable_hangup_cause_q850", String.valueOf(q850(cause))));
        }
        channel.state = State.HANGUP;
        channel.rtp.close();
        if (other != null && other.called().equals("firefly-media")) end(other, "NORMAL_CLEARING");
        stand.sockets().endOf(channel);
    }

    void handOver(StandInChannel channel, String address) {
        if (!stand.sockets().handOver(channel, address)) end(channel, "NORMAL_TEMPORARY_FAILURE");
    }

    static int q850(String cause) {
        return Q850.getOrDefault(cause.toUpperCase(Locale.ROOT), 31);
    }

    /** As at the death of the process: no BYE, no event. */
    void vanish() {
        channels().forEach(this::forget);
    }
}
