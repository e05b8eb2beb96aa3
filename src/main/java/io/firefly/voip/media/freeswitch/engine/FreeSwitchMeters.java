package io.firefly.voip.media.freeswitch.engine;

import io.firefly.voip.media.freeswitch.SwitchNode;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;

/** Calls per node, calls that no node took, channels that nobody knew. */
final class FreeSwitchMeters implements MeterBinder {
    private final NodePool pool;
    private final ChannelSweep sweep;

    FreeSwitchMeters(NodePool pool, ChannelSweep sweep) {
        this.pool = pool;
        this.sweep = sweep;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        for (NodePool.Standing standing : pool.standings()) {
            SwitchNode node = standing.node();
            Gauge.builder("firefly.freeswitch.calls", pool, nodes -> nodes.callsOn(node))
                    .description("our calls on a node")
                    .tag("node", node.name())
                    .register(registry);
        }
        FunctionCounter.builder("firefly.freeswitch.no.node", pool, NodePool::refused)
                .description("how often no node could be chosen")
                .register(registry);
        FunctionCounter.builder("firefly.freeswitch.retried", pool, NodePool::retried)
                .description("calls that a node did not take and another one was asked for")
                .register(registry);
        FunctionCounter.builder("firefly.freeswitch.orphans.ended", sweep, ChannelSweep::ended)
                .description("channels of ours that nobody here knew")
                .register(registry);
        FunctionCounter.builder("firefly.freeswitch.taken.back", sweep, ChannelSweep::takenBack)
                .description("parked calls that were handed to us before we were gone")
                .register(registry);
    }
}
