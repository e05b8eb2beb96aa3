package io.firefly.voip.media.freeswitch.engine;

import io.firefly.voip.call.CallId;
import io.firefly.voip.call.DialedLeg;
import io.firefly.voip.call.HangupCause;
import io.firefly.voip.call.LegDialer;
import io.firefly.voip.media.freeswitch.EventSocketException;
import io.firefly.voip.media.freeswitch.SwitchChannel;
import io.firefly.voip.media.freeswitch.SwitchFabric;
import io.firefly.voip.media.freeswitch.SwitchNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/** A hand-written FreeSWITCH, event socket and SIP, that does what the test says. */
public final class FakeSwitch implements SwitchFabric, LegDialer {
    public final List<Node> nodes = new CopyOnWriteArrayList<>();
    public final List<Leg> legs = new CopyOnWriteArrayList<>();
    public final Map<String, CompletableFuture<SwitchChannel>> awaited = new ConcurrentHashMap<>();
    public final Map<CallId, Channel> handed = new ConcurrentHashMap<>();
    public final List<String> forgotten = new CopyOnWriteArrayList<>();
    public @Nullable String callback = "127.0.0.1:8084";

    public Node node(String name) {
        Node node = new Node(name);
        nodes.add(node);
        return node;
    }

    public Leg leg(int index) {
        return legs.get(index);
    }

    @Override
    public List<SwitchNode> nodes() {
        return new ArrayList<>(nodes);
    }

    @Override
    public CompletionStage<SwitchChannel> channelOf(SwitchNode node, String sipCallId) {
        return awaited.computeIfAbsent(sipCallId, id -> new CompletableFuture<>());
    }

    @Override
    public void forget(String sipCallId) {
        forgotten.add(sipCallId);
    }

    @Override
    public @Nullable SwitchChannel channelOf(CallId call) {
        return handed.get(call);
    }

    @Override
    public @Nullable String callbackAddress() {
        return callback;
    }

    @Override
    public DialedLeg dial(Invitation invitation, DialedLeg.Listener listener) {
        Leg leg = new Leg(invitation, listener);
        legs.add(leg);
        return leg;
    }

    @Override
    public int openLegs() {
        return (int)
                legs.stream().filter(leg -> leg.ended == null && !leg.refused).count();
    }

    /** A node; {@code api} answers by {@link #answers}. */
    public static final class Node implements SwitchNode {
        public volatile boolean up = true;
        public volatile boolean draining;
        public volatile int sessions;
        public volatile int maxSessions = 100;
        public volatile Instant since = Instant.EPOCH;
        public final List<String> asked = new CopyOnWriteArrayList<>();
        public volatile BiFunction<String, String, String> answers = (command, arguments) -> "+OK";
        private final String name;

        Node(String name) {
            this.name = name;
        }

        @Override
        public String name() {
            return name;
        }

        @Override
        public String sipAddress() {
            return name + ":5080";
        }

        @Override
        public Health health() {
            return new Health(up, draining, sessions, maxSessions, 90, since, up ? "" : "no event socket");
        }

        @Override
        public void drain(boolean nowDraining) {
            draining = nowDraining;
        }

        @Override
        public CompletionStage<String> api(String command, String arguments) {
            asked.add(command + " " + arguments);
            String said = answers.apply(command, arguments);
            return said.startsWith("-ERR")
                    ? CompletableFuture.failedFuture(new EventSocketException(said))
                    : CompletableFuture.completedFuture(said);
        }
    }

    /** A channel whose listener the test plays. */
    public static final class Channel implements SwitchChannel {
        public final List<String> asked = new CopyOnWriteArrayList<>();
        public final Map<String, String> variables = new ConcurrentHashMap<>();
        public volatile BiFunction<String, String, String> answers = (command, arguments) -> "+OK";
        public volatile SwitchChannel.@Nullable Listener listener;
        public volatile @Nullable HangupCause ended;
        private final String uuid = UUID.randomUUID().toString();
        private final Node node;

        public Channel(Node node) {
            this.node = node;
        }

        @Override
        public String uuid() {
            return uuid;
        }

        @Override
        public SwitchNode node() {
            return node;
        }

        @Override
        public @Nullable String variable(String name) {
            return variables.get(name);
        }

        @Override
        public void listen(SwitchChannel.Listener heard) {
            if (listener != null) throw new IllegalStateException("listened to twice");
            listener = heard;
        }

        public SwitchChannel.Listener heard() {
            SwitchChannel.Listener now = listener;
            if (now == null) throw new IllegalStateException("nobody listens");
            return now;
        }

        @Override
        public CompletionStage<String> execute(String application, String argument) {
            return api("execute " + application, argument);
        }

        @Override
        public CompletionStage<String> api(String command, String arguments) {
            asked.add(command + " " + arguments);
            String said = answers.apply(command, arguments);
            return said.startsWith("-ERR")
                    ? CompletableFuture.failedFuture(new EventSocketException(said))
                    : CompletableFuture.completedFuture(said);
        }

        @Override
        public CompletionStage<String> queue(String application, String argument) {
            return api("queue " + application, argument);
        }

        @Override
        public void dropQueued() {
            asked.add("drop");
        }

        @Override
        public void hangUp(HangupCause cause) {
            ended = cause;
        }
    }

    /** One INVITE of ours. */
    public final class Leg implements DialedLeg {
        public final Invitation invitation;
        public final DialedLeg.Listener listener;
        public final List<String> acknowledged = new CopyOnWriteArrayList<>();
        public final List<String> reoffers = new CopyOnWriteArrayList<>();
        public final List<CompletableFuture<Reply>> replies = new CopyOnWriteArrayList<>();
        public volatile @Nullable HangupCause ended;
        volatile boolean refused;

        Leg(Invitation invitation, DialedLeg.Listener listener) {
            this.invitation = invitation;
            this.listener = listener;
        }

        public String node() {
            return invitation.uri().replaceAll(".*@|:.*$", "").replaceAll(":5080", "");
        }

        /** The channel appears, then 200. */
        public Channel answer(String sdp) {
            Channel channel = appear();
            listener.answered(sdp);
            return channel;
        }

        public Channel appear() {
            Node node = nodes.stream()
                    .filter(one -> invitation.uri().contains("@" + one.name() + ":"))
                    .findFirst()
                    .orElseThrow();
            Channel channel = new Channel(node);
            waiter().complete(channel);
            return channel;
        }

        public CompletableFuture<SwitchChannel> waiter() {
            return awaited.computeIfAbsent(invitation.callId(), id -> new CompletableFuture<>());
        }

        public void refuse(int status, String reason) {
            refused = true;
            listener.refused(status, reason);
        }

        @Override
        public void acknowledge(String sdpAnswer) {
            acknowledged.add(sdpAnswer);
        }

        @Override
        public CompletionStage<Reply> reoffer(@Nullable String sdpOffer) {
            reoffers.add(String.valueOf(sdpOffer));
            CompletableFuture<Reply> reply = new CompletableFuture<>();
            replies.add(reply);
            return reply;
        }

        @Override
        public void end(HangupCause cause) {
            ended = cause;
        }
    }
}
