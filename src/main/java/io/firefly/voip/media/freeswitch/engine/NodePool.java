package io.firefly.voip.media.freeswitch.engine;

import io.firefly.voip.media.MediaUnavailableException;
import io.firefly.voip.media.freeswitch.SwitchFabric;
import io.firefly.voip.media.freeswitch.SwitchNode;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** The nodes and how many of our calls each carries. Any thread. */
public final class NodePool {
    /** FreeSWITCH's own default, for a node whose heartbeat did not come yet. */
    private static final int USUAL_MAX_SESSIONS = 1_000;

    private final SwitchFabric fabric;
    private final Map<String, AtomicInteger> calls = new ConcurrentHashMap<>();
    private final AtomicInteger turn = new AtomicInteger();
    private final AtomicLong refused = new AtomicLong();
    private final AtomicLong retried = new AtomicLong();

    NodePool(SwitchFabric fabric) {
        this.fabric = fabric;
    }

    /** A node as an operator wants to see it; {@code calls} are ours. */
    public record Standing(SwitchNode node, SwitchNode.Health health, int calls) {}

    public List<Standing> standings() {
        return fabric.nodes().stream()
                .map(node -> new Standing(node, node.health(), callsOn(node)))
                .toList();
    }

    /** Calls of ours on that node. */
    public int callsOn(SwitchNode node) {
        return count(node).get();
    }

    /** How often no node could be chosen. */
    public long refused() {
        return refused.get();
    }

    /** How often another node was asked for. */
    public long retried() {
        return retried.get();
    }

    /**
     * The node with the smallest share of its sessions in use; among equals each in turn.
     *
     * @param but a node that has just failed
     * @throws MediaUnavailableException when none takes calls; the message says why of each
     */
    Place choose(@Nullable SwitchNode but) {
        List<SwitchNode> nodes = fabric.nodes();
        if (but != null) retried.incrementAndGet();
        int first = Math.floorMod(turn.getAndIncrement(), Math.max(1, nodes.size()));
        SwitchNode best = null;
        double least = 1.0;
        for (int i = 0; i < nodes.size(); i++) {
            SwitchNode node = nodes.get((first + i) % nodes.size());
            double load = node == but ? 1.0 : load(node);
            if (load >= least) continue;
            least = load;
            best = node;
        }
        if (best != null) return occupy(best);
        refused.incrementAndGet();
        throw new MediaUnavailableException("no FreeSWITCH takes calls: " + reasons(nodes, but));
    }

    /** 1 and above: no more calls. */
    private double load(SwitchNode node) {
        SwitchNode.Health health = node.health();
        if (!health.up() || health.draining()) return 1.0;
        int most = health.maxSessions() > 0 ? health.maxSessions() : USUAL_MAX_SESSIONS;
        if (health.sessions() >= most) return 1.0;
        return Math.min(0.999, (double) (health.sessions() + callsOn(node)) / most);
    }

    private static String reasons(List<SwitchNode> nodes, @Nullable SwitchNode but) {
        if (nodes.isEmpty()) return "firefly.freeswitch.nodes is empty";
        StringBuilder text = new StringBuilder();
        for (SwitchNode node : nodes) {
            SwitchNode.Health health = node.health();
            String reason = !health.up() ? health.note() : health.draining() ? "draining" : "full";
            text.append(text.isEmpty() ? "" : ", ")
                    .append(node.name())
                    .append(": ")
                    .append(node == but ? "failed just now" : reason);
        }
        return text.toString();
    }

    /** A call goes there whatever is there: FreeSWITCH has it already. */
    Place occupy(SwitchNode node) {
        count(node).incrementAndGet();
        return new Place(node, count(node));
    }

    private AtomicInteger count(SwitchNode node) {
        return calls.computeIfAbsent(node.name(), name -> new AtomicInteger());
    }

    /** Room for one call on one node. */
    static final class Place implements AutoCloseable {
        private final SwitchNode node;
        private final AtomicInteger count;
        private final AtomicBoolean free = new AtomicBoolean();

        private Place(SwitchNode node, AtomicInteger count) {
            this.node = node;
            this.count = count;
        }

        SwitchNode node() {
            return node;
        }

        @Override
        public void close() {
            if (free.compareAndSet(false, true)) count.decrementAndGet();
        }
    }
}
