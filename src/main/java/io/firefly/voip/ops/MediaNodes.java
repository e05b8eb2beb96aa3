package io.firefly.voip.ops;

import io.firefly.voip.media.freeswitch.SwitchFabric;
import io.firefly.voip.media.freeswitch.SwitchNode;
import java.time.Instant;
import java.util.List;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Component;

/** The FreeSWITCH nodes as an operator wants to know them. */
@Component
class MediaNodes {
    private final ObjectProvider<SwitchFabric> fabric;
    private final boolean needed;

    MediaNodes(ObjectProvider<SwitchFabric> fabric, @Value("${firefly.media.engine:embedded}") String engine) {
        this.fabric = fabric;
        this.needed = engine.equalsIgnoreCase("freeswitch");
    }

    /** {@code sessions} are the channels of everybody; {@code note} says why it is not up. */
    record NodeState(String name, boolean up, boolean draining, int sessions, Instant since, String note) {}

    List<NodeState> states() {
        SwitchFabric known = fabric.getIfAvailable();
        return known == null
                ? List.of()
                : known.nodes().stream().map(MediaNodes::state).toList();
    }

    private static NodeState state(SwitchNode node) {
        SwitchNode.Health now = node.health();
        return new NodeState(node.name(), now.up(), now.draining(), now.sessions(), now.since(), now.note());
    }

    /** True when calls need a FreeSWITCH and there is none that takes them. */
    boolean areMissing() {
        return needed && states().stream().noneMatch(node -> node.up() && !node.draining());
    }
}
