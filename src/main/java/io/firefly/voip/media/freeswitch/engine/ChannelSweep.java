package io.firefly.voip.media.freeswitch.engine;

import io.firefly.voip.media.freeswitch.EventSocketException;
import io.firefly.voip.media.freeswitch.SwitchFabric;
import io.firefly.voip.media.freeswitch.SwitchNode;
import io.firefly.voip.media.freeswitch.leg.LegDesk;
import io.firefly.voip.media.freeswitch.leg.Strands.Strand;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks through a node's channels after every (re)connect, and now and then: legs of ours that nobody here knows are
 * ended, calls that were handed to us and are parked since we went away are taken back. Another exchange's channels are
 * asked for their owner and left alone.
 *
 * <p>One question after the other, so that a busy node does not notice. Strand only.
 */
final class ChannelSweep {
    private static final Logger log = LoggerFactory.getLogger(ChannelSweep.class);
    private static final Duration LOOK = Duration.ofMillis(500);
    private static final Duration ROUND = Duration.ofMinutes(1);
    /** First word of a line of {@code show channels}; what follows is what callers call themselves. */
    private static final Pattern LINE = Pattern.compile("(?m)^([0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}),");

    private static final Pattern PARKED =
            Pattern.compile("(?m)^(Channel-State: CS_PARK|variable_current_application: park)$");

    private static final String UNSET = "_undef_";
    private static final String IF_WE_DIE_AGAIN = "set:park_timeout=60:NORMAL_TEMPORARY_FAILURE,park:";
    /** Set by the dialplan: the address it was about to hand the call to. */
    private static final String HANDED_TO = "firefly_handed_to";

    private final SwitchFabric fabric;
    private final LegDesk desk;
    private final Predicate<String> carried;
    private final Strand strand;
    private final Map<SwitchNode, Swept> swept = new HashMap<>();
    private final AtomicLong ended = new AtomicLong();
    private final AtomicLong takenBack = new AtomicLong();
    private boolean closed;

    /** What is known of a node's channels: {@code strangers} belong to another exchange. */
    private static final class Swept {
        @Nullable
        Instant since;

        long atNanos;
        boolean running;
        /** What an ended leg was bridged to parks only then. */
        boolean onceMore;

        Set<String> strangers = new HashSet<>();
    }

    /** @param carried whether the channel with that uuid was handed to us and is served */
    ChannelSweep(SwitchFabric fabric, LegDesk desk, Predicate<String> carried, Strand strand) {
        this.fabric = fabric;
        this.desk = desk;
        this.carried = carried;
        this.strand = strand;
    }

    void begin() {
        strand.after(LOOK, this::look);
    }

    void close() {
        closed = true;
    }

    long ended() {
        return ended.get();
    }

    long takenBack() {
        return takenBack.get();
    }

    private void look() {
        if (closed) return;
        for (SwitchNode node : fabric.nodes()) {
            SwitchNode.Health health = node.health();
            if (health.up()) lookAt(node, swept.computeIfAbsent(node, unseen -> new Swept()), health.since());
        }
        strand.after(LOOK, this::look);
    }

    private void lookAt(SwitchNode node, Swept known, Instant since) {
        boolean anew = !since.equals(known.since);
        boolean due = anew || known.onceMore || System.nanoTime() - known.atNanos > ROUND.toNanos();
        if (!due || known.running) return;
        known.running = true;
        known.onceMore = false;
        known.since = since;
        known.atNanos = System.nanoTime();
        sweep(node, known)
                .whenCompleteAsync(
                        (done, failure) -> {
                            known.running = false;
                            if (failure != null) log.debug("channels not swept node={}", node.name(), failure);
                        },
                        strand);
    }

    /** All channels of a node, now. */
    CompletionStage<?> sweep(SwitchNode node) {
        return sweep(node, swept.computeIfAbsent(node, unseen -> new Swept()));
    }

    private CompletionStage<?> sweep(SwitchNode node, Swept known) {
        return node.api("show", "channels")
                .thenComposeAsync(
                        table -> {
                            List<String> uuids = LINE.matcher(table)
                                    .results()
                                    .map(line -> line.group(1))
                                    .distinct()
                                    .toList();
                            known.strangers.retainAll(uuids);
                            CompletionStage<?> chain = CompletableFuture.completedFuture(true);
                            for (String uuid : uuids) {
                                if (!known.strangers.contains(uuid)) {
                                    chain = chain.thenComposeAsync(before -> judge(node, known, uuid), strand);
                                }
                            }
                            return chain;
                        },
                        strand);
    }

    private CompletionStage<?> judge(SwitchNode node, Swept known, String uuid) {
        if (closed || carried.test(uuid)) return CompletableFuture.completedFuture(true);
        return variable(node, uuid, "sip_h_" + LegDesk.EXCHANGE_HEADER)
                .thenComposeAsync(
                        exchange -> {
                            if (exchange.equals(desk.exchange())) return judgeLeg(node, known, uuid);
                            if (exchange.isEmpty()) return judgeHanded(node, uuid);
                            known.strangers.add(uuid);
                            return CompletableFuture.completedFuture(true);
                        },
                        strand)
                .exceptionally(gone -> true);
    }

    private CompletionStage<Boolean> judgeLeg(SwitchNode node, Swept known, String uuid) {
        return variable(node, uuid, "sip_call_id")
                .thenComposeAsync(
                        callId -> {
                            if (desk.isAlive(callId)) return CompletableFuture.completedFuture(true);
                            log.warn("orphan ended node={} channel={} sipCallId={}", node.name(), uuid, callId);
                            ended.incrementAndGet();
                            known.onceMore = true;
                            return node.api("uuid_kill", uuid + " NORMAL_TEMPORARY_FAILURE")
                                    .thenApply(said -> true);
                        },
                        strand);
    }

    private CompletionStage<Boolean> judgeHanded(SwitchNode node, String uuid) {
        String callback = fabric.callbackAddress();
        return variable(node, uuid, HANDED_TO)
                .thenComposeAsync(
                        address -> {
                            if (callback == null || !address.equals(callback))
                                return CompletableFuture.completedFuture(true);
                            // After a bridge only the state says it: the last application is still told.
                            return node.api("uuid_dump", uuid)
                                    .thenComposeAsync(dump -> takeBack(node, uuid, dump, callback), strand);
                        },
                        strand);
    }

    private CompletionStage<Boolean> takeBack(SwitchNode node, String uuid, String dump, String callback) {
        if (!PARKED.matcher(dump).find() || carried.test(uuid)) return CompletableFuture.completedFuture(true);
        log.info("call taken back node={} channel={}", node.name(), uuid);
        takenBack.incrementAndGet();
        return node.api("uuid_transfer", uuid + " 'socket:" + callback + " async full," + IF_WE_DIE_AGAIN + "' inline")
                .thenApply(said -> true);
    }

    /** Empty when it is not set; fails when the channel is gone. */
    private static CompletionStage<String> variable(SwitchNode node, String uuid, String name) {
        return node.api("uuid_getvar", uuid + " " + name).thenApply(said -> {
            String value = said.strip();
            if (value.startsWith("-ERR")) throw new EventSocketException(value);
            return value.equals(UNSET) ? "" : value;
        });
    }
}
