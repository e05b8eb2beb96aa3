package io.firefly.voip.camel.freeswitch.board;

import io.firefly.voip.call.CallId;
import io.firefly.voip.call.HangupCause;
import io.firefly.voip.camel.freeswitch.esl.EslEvent;
import io.firefly.voip.media.freeswitch.EventSocketException;
import io.firefly.voip.media.freeswitch.SwitchChannel;
import io.firefly.voip.media.freeswitch.SwitchFabric;
import io.firefly.voip.media.freeswitch.SwitchNode;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** All nodes of the settings, and which channel belongs to which of our INVITEs. */
final class EslFabric implements SwitchFabric, EslNode.Watcher {
    private static final int MAX_AWAITED = 10_000;

    /** @param lateNanos when it has taken too long */
    private record Awaited(EslNode node, CompletableFuture<SwitchChannel> channel, long lateNanos) {}

    private final List<EslNode> nodes;
    private final Duration answerWithin;
    private final Map<String, Awaited> awaited = new ConcurrentHashMap<>();
    /** Call-ID to channel, of our INVITEs that FreeSWITCH took. */
    private final Map<String, EslChannel> found = new ConcurrentHashMap<>();

    private final List<BiConsumer<SwitchNode, EslEvent>> ears = new CopyOnWriteArrayList<>();
    private final HandedCalls handed;

    /** @param nodes makes them; each tells the watcher it is given */
    EslFabric(Function<EslNode.Watcher, List<EslNode>> nodes, Duration answerWithin, HandedCalls handed) {
        this.answerWithin = answerWithin;
        this.handed = handed;
        this.nodes = List.copyOf(nodes.apply(this));
    }

    @Override
    public List<SwitchNode> nodes() {
        return List.copyOf(nodes);
    }

    List<EslNode> ownNodes() {
        return nodes;
    }

    @Override
    public CompletionStage<SwitchChannel> channelOf(SwitchNode node, String sipCallId) {
        CompletableFuture<SwitchChannel> channel = new CompletableFuture<>();
        if (!(node instanceof EslNode own) || !nodes.contains(own))
            return failed("FreeSWITCH " + node.name() + " is none of firefly.freeswitch.nodes");
        if (!own.health().up())
            return failed("FreeSWITCH " + node.name() + " is not connected: "
                    + own.health().note());
        if (awaited.size() >= MAX_AWAITED) return failed(MAX_AWAITED + " channels are waited for already");
        Awaited before =
                awaited.putIfAbsent(sipCallId, new Awaited(own, channel, System.nanoTime() + answerWithin.toNanos()));
        return before == null ? channel : before.channel();
    }

    private static CompletionStage<SwitchChannel> failed(String why) {
        return CompletableFuture.failedFuture(new EventSocketException(why));
    }

    @Override
    public void forget(String sipCallId) {
        Awaited given = awaited.remove(sipCallId);
        if (given != null) given.channel().cancel(false);
    }

    @Override
    public @Nullable SwitchChannel channelOf(CallId call) {
        return handed.channelOf(call);
    }

    @Override
    public @Nullable String callbackAddress() {
        return handed.address();
    }

    /** The node that is this FreeSWITCH; null when none is. */
    @Nullable
    EslNode nodeOf(String core) {
        for (EslNode node : nodes) {
            if (core.equals(node.link().core())) return node;
        }
        return null;
    }

    /** The socket of an INVITE of ours came sooner than the event, or the event was lost. */
    void meetAt(String core, EslEvent data) {
        EslNode node = nodeOf(core);
        if (node != null) meet(node, data);
    }

    /** Whether this is the Call-ID of an INVITE of ours. */
    boolean isOurs(String sipCallId) {
        return awaited.containsKey(sipCallId) || found.containsKey(sipCallId);
    }

    /** @return ends it */
    AutoCloseable hear(BiConsumer<SwitchNode, EslEvent> ear) {
        ears.add(ear);
        return () -> ears.remove(ear);
    }

    @Override
    public void event(EslNode node, EslEvent event) {
        if (event.name().equals("CHANNEL_ANSWER") || event.name().equals("CHANNEL_PARK")) meet(node, event);
        for (BiConsumer<SwitchNode, EslEvent> ear : ears) ear.accept(node, event);
    }

    void subscribe(Collection<String> names, Collection<String> subclasses) {
        nodes.forEach(node -> node.link().subscribe(names, subclasses));
    }

    /** On the channel's worker. */
    void meet(EslNode node, EslEvent event) {
        String callId = event.text("variable_sip_call_id");
        Awaited waiting = callId.isEmpty() ? null : awaited.get(callId);
        if (waiting == null || waiting.node() != node || !awaited.remove(callId, waiting)) return;
        EslChannel channel = node.meet(event);
        found.put(callId, channel);
        channel.afterwards(() -> found.remove(callId));
        // Cancelled at this moment: nobody will ever end it.
        if (!waiting.channel().complete(channel)) channel.hangUp(HangupCause.CANCELLED);
    }

    @Override
    public void down(EslNode node, String why) {
        awaited.forEach((callId, waiting) -> {
            if (waiting.node() == node) fail(callId, waiting, "FreeSWITCH " + node.name() + " was lost: " + why);
        });
    }

    @Override
    public void look(long nowNanos) {
        awaited.forEach((callId, waiting) -> {
            if (nowNanos - waiting.lateNanos() > 0)
                fail(
                        callId,
                        waiting,
                        "FreeSWITCH " + waiting.node().name() + " had no channel for our INVITE within "
                                + answerWithin.toMillis() + " ms (firefly.freeswitch.answer-within)");
        });
    }

    private void fail(String callId, Awaited waiting, String why) {
        if (awaited.remove(callId, waiting))
            waiting.node().work(callId, () -> waiting.channel().completeExceptionally(new EventSocketException(why)));
    }
}
