package io.firefly.voip.freeswitch;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;

/** Makes events out of the recorded ones and gives them to every link that asked for them. */
final class StandInEvents {
    enum State {
        RINGING,
        ACTIVE,
        HELD,
        HANGUP
    }

    private final List<StandInLink> links = new CopyOnWriteArrayList<>();
    private final AtomicLong sequence = new AtomicLong(1);
    private volatile String core;

    StandInEvents(String core) {
        this.core = core;
    }

    void newCore(String newCore) {
        core = newCore;
    }

    String core() {
        return core;
    }

    List<StandInLink> links() {
        return links;
    }

    StandInEvent of(String name, Map<String, String> places) {
        return new StandInEvent(name, places)
                .with("Core-UUID", core)
                .with("Event-Sequence", String.valueOf(sequence.getAndIncrement()));
    }

    /** An event of a channel: the recorded one, with this channel's variables in place of the recorded call's. */
    StandInEvent of(String name, StandInChannel channel) {
        StandInEvent event = of(name, channel.places(core, sequence.get()));
        if (event.value("variable_sip_call_id") != null || name.equals("CHANNEL_CREATE")) {
            event.headers()
                    .keySet()
                    .removeIf(header -> header.startsWith("variable_sip_h_") || header.startsWith("variable_sip_i_"));
            channel.variables.forEach((variable, value) -> event.with("variable_" + variable, value));
        }
        event.with("Channel-Read-Codec-Name", channel.rtp.codec().name());
        if (event.value("variable_read_codec") != null)
            event.with("variable_read_codec", channel.rtp.codec().name());
        if (channel.state != State.RINGING && event.value("Channel-Call-State") != null && !name.contains("HANGUP"))
            event.with("Channel-Call-State", channel.state.name());
        return event;
    }

    void tell(StandInEvent event) {
        for (StandInLink link : links) link.offer(event);
    }

    void tell(String name, StandInChannel channel) {
        tell(of(name, channel));
    }
}
