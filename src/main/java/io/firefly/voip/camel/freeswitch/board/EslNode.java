package io.firefly.voip.camel.freeswitch.board;

import io.firefly.voip.call.HangupCause;
import io.firefly.voip.camel.freeswitch.esl.EslCommand;
import io.firefly.voip.camel.freeswitch.esl.EslConnection;
import io.firefly.voip.camel.freeswitch.esl.EslEvent;
import io.firefly.voip.camel.freeswitch.esl.EslLink;
import io.firefly.voip.camel.freeswitch.esl.EslSockets;
import io.firefly.voip.camel.freeswitch.esl.EslWorkers;
import io.firefly.voip.media.freeswitch.EventSocketException;
import io.firefly.voip.media.freeswitch.FreeSwitchProperties;
import io.firefly.voip.media.freeswitch.SwitchNode;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.camel.util.json.DeserializationException;
import org.apache.camel.util.json.JsonArray;
import org.apache.camel.util.json.JsonObject;
import org.apache.camel.util.json.Jsoner;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One FreeSWITCH of the settings, steered over one event socket, and the channels there that are ours. */
final class EslNode implements SwitchNode, EslLink.Owner, ChannelLink {
    private static final Logger LOG = LoggerFactory.getLogger(EslNode.class);
    static final List<String> EVENTS = List.of(
            "CHANNEL_ANSWER",
            "CHANNEL_PARK",
            "CHANNEL_BRIDGE",
            "CHANNEL_UNBRIDGE",
            "CHANNEL_EXECUTE_COMPLETE",
            "CHANNEL_HANGUP",
            "CHANNEL_HANGUP_COMPLETE",
            "DTMF");
    /** Of the way of sound by websocket; subscribed to whether the module is there or not. */
    static final List<String> SUBCLASSES = List.of(
            "mod_audio_fork::connect",
            "mod_audio_fork::connect_failed",
            "mod_audio_fork::disconnect",
            "mod_audio_fork::buffer_overrun",
            "mod_audio_fork::play_audio",
            "mod_audio_fork::error");
    /** FreeSWITCH writes its list of channels some 200 ms late. */
    private static final Duration LISTED_AFTER = Duration.ofMillis(500);

    private static final Duration BETWEEN_COUNTS = Duration.ofSeconds(5);

    private final String name;
    private final String sipAddress;
    private final EslWorkers workers;
    private final Watcher watcher;
    private final EslLink link;
    private final Map<String, EslChannel> channels = new ConcurrentHashMap<>();
    private volatile Health health;
    private volatile long droppedBefore;
    private volatile long countedNanos = System.nanoTime();

    /** What the fabric wants to know of a node. */
    interface Watcher {
        /** Every event, on the worker of its channel. */
        void event(EslNode node, EslEvent event);

        /** The link is down: what is waited for there will not be heard of. */
        void down(EslNode node, String why);

        void look(long nowNanos);
    }

    EslNode(
            FreeSwitchProperties.Node settings,
            EslWorkers workers,
            Watcher watcher,
            Function<EslLink.Owner, EslLink> links) {
        this.name = settings.title();
        this.sipAddress = settings.sipAddress();
        this.workers = workers;
        this.watcher = watcher;
        this.health = new Health(false, settings.drain(), 0, 0, 0, Instant.now(), "not connected yet");
        this.link = links.apply(this);
        link.subscribe(EVENTS, SUBCLASSES);
    }

    void start(EslSockets sockets) {
        link.start(sockets);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public String sipAddress() {
        return sipAddress;
    }

    @Override
    public Health health() {
        return health;
    }

    @Override
    public synchronized void drain(boolean draining) {
        Health now = health;
        health = new Health(
                now.up(), draining, now.sessions(), now.maxSessions(), now.idleCpu(), now.since(), now.note());
    }

    @Override
    public CompletableFuture<String> api(String command, String arguments) {
        EslCommand.check(command, arguments); // whether we are connected or not
        EslConnection connection = link.connection();
        return connection == null ? notUp(command) : connection.background(command, arguments);
    }

    @Override
    public CompletableFuture<String> execute(String uuid, String application, String argument) {
        EslConnection connection = link.connection();
        return connection == null ? notUp(application) : connection.execute(uuid, application, argument);
    }

    @Override
    public CompletableFuture<String> queue(String uuid, String application, String argument) {
        EslConnection connection = link.connection();
        return connection == null ? notUp(application) : connection.queue(uuid, application, argument);
    }

    private CompletableFuture<String> notUp(String what) {
        return CompletableFuture.failedFuture(
                new EventSocketException(what + ": FreeSWITCH " + name + " is not connected: " + health.note()));
    }

    @Override
    public void hangUp(String uuid, HangupCause cause) {
        EslConnection connection = link.connection();
        if (connection == null) return; // the count after the next login ends it
        var unused = connection.ask(EslCommand.hangUp(uuid, cause)).whenComplete((done, failure) -> {
            if (failure != null) LOG.debug("channel {} is gone: {}", uuid, failure.getMessage());
        });
    }

    /** A channel whose events are told from now on. On its worker. */
    EslChannel meet(EslEvent event) {
        EslChannel channel = channels.computeIfAbsent(event.uuid(), uuid -> new EslChannel(event, this, this, workers));
        channel.afterwards(() -> channels.remove(channel.uuid(), channel));
        return channel;
    }

    void work(String key, Runnable task) {
        workers.execute(key, task);
    }

    Switchboard.NodeFigures figures() {
        EslConnection connection = link.connection();
        Health now = health;
        int unanswered = connection == null ? 0 : connection.unanswered();
        return new Switchboard.NodeFigures(name, now.up(), link.reconnects(), unanswered, now.sessions());
    }

    boolean has(String uuid) {
        return channels.containsKey(uuid);
    }

    int channels() {
        return channels.size();
    }

    EslLink link() {
        return link;
    }

    @Override
    public void up(EslConnection connection, boolean restarted) {
        change(true, "");
        if (restarted) loseAll("FreeSWITCH " + name + " was started anew");
        else if (!channels.isEmpty()) link.later(LISTED_AFTER, this::count);
    }

    @Override
    public void down(String why) {
        change(false, why);
        watcher.down(this, why);
    }

    @Override
    public void gone(String why) {
        change(false, why);
        loseAll("FreeSWITCH " + name + " is gone: " + why);
    }

    private synchronized void change(boolean up, String note) {
        Health now = health;
        Instant since = now.up() == up ? now.since() : Instant.now();
        health = new Health(up, now.draining(), now.sessions(), now.maxSessions(), now.idleCpu(), since, note);
    }

    private void loseAll(String why) {
        List.copyOf(channels.values()).forEach(channel -> lose(channel, why));
    }

    private void lose(EslChannel channel, String why) {
        workers.execute(channel.uuid(), () -> channel.lost(why));
    }

    @Override
    public void event(EslEvent event) {
        if (event.name().equals("HEARTBEAT")) beat(event);
        EslChannel channel = channels.get(event.uuid());
        if (channel != null) channel.happened(event);
        if (event.name().endsWith("BRIDGE")) tellOtherSide(event);
        watcher.event(this, event);
    }

    /** FreeSWITCH tells of a bridge once, for the first of the two. */
    private void tellOtherSide(EslEvent event) {
        for (String side : List.of(event.text("Bridge-A-Unique-ID"), event.text("Bridge-B-Unique-ID"))) {
            EslChannel other = side.equals(event.uuid()) ? null : channels.get(side);
            if (other != null) workers.execute(side, () -> other.happened(event));
        }
    }

    private synchronized void beat(EslEvent event) {
        Health now = health;
        String idle = event.text("Idle-CPU");
        health = new Health(
                now.up(),
                now.draining(),
                event.number("Session-Count"),
                event.number("Max-Sessions"),
                idle.matches("[0-9]{1,3}(\\.[0-9]{1,9})?") ? Double.parseDouble(idle) : 0,
                now.since(),
                now.note());
    }

    @Override
    public void look(long nowNanos) {
        watcher.look(nowNanos);
        long dropped = workers.dropped();
        if (dropped == droppedBefore || nowNanos - countedNanos < BETWEEN_COUNTS.toNanos()) return;
        LOG.warn("FreeSWITCH {} says more than we can take in: {} events were dropped until now", name, dropped);
        droppedBefore = dropped;
        count();
    }

    /** Which of our channels are still there. Those that are not are lost; those that we wanted to end are ended. */
    private void count() {
        countedNanos = System.nanoTime();
        EslConnection connection = link.connection();
        if (connection == null || channels.isEmpty()) return;
        Map<String, EslChannel> known = Map.copyOf(channels);
        var unused = connection.background("show", "channels as json").whenComplete((json, failure) -> {
            Set<String> there = failure == null ? uuids(json) : null;
            if (there == null) {
                LOG.warn("the channels of FreeSWITCH {} cannot be counted: {}", name, failure);
                return;
            }
            known.forEach((uuid, channel) -> {
                if (there.contains(uuid)) endIfWanted(channel);
                else askFor(channel);
            });
        });
    }

    private void endIfWanted(EslChannel channel) {
        HangupCause cause = channel.wanted();
        if (cause != null) hangUp(channel.uuid(), cause);
    }

    /** Its list is late: a channel that is not in it may have begun just now. */
    private void askFor(EslChannel channel) {
        var unused = api("uuid_exists", channel.uuid()).whenComplete((answer, failure) -> {
            if (failure != null) return;
            if (answer.strip().equals("true")) endIfWanted(channel);
            else lose(channel, "it ended while FreeSWITCH " + name + " could not be heard");
        });
    }

    /** Null when this is no such list. */
    static @Nullable Set<String> uuids(String json) {
        try {
            if (!(Jsoner.deserialize(json) instanceof JsonObject list)) return null;
            // {"row_count":0} when there is none.
            if (!(list.get("rows") instanceof JsonArray rows)) return Set.of();
            return rows.stream()
                    .map(row -> String.valueOf(((JsonObject) row).get("uuid")))
                    .collect(Collectors.toSet());
        } catch (DeserializationException | ClassCastException e) {
            return null;
        }
    }
}
