package io.firefly.voip.camel.freeswitch.board;

import io.firefly.voip.call.CallId;
import io.firefly.voip.call.HangupCause;
import io.firefly.voip.camel.freeswitch.esl.EslCommand;
import io.firefly.voip.camel.freeswitch.esl.EslConnection;
import io.firefly.voip.camel.freeswitch.esl.EslEvent;
import io.firefly.voip.camel.freeswitch.esl.EslServer;
import io.firefly.voip.camel.freeswitch.esl.EslWorkers;
import io.firefly.voip.media.freeswitch.FreeSwitchProperties;
import io.firefly.voip.media.freeswitch.SwitchChannel;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The calls that FreeSWITCH handed to us, each over an event socket of its own. */
final class HandedCalls implements EslServer.Owner {
    private static final Logger LOG = LoggerFactory.getLogger(HandedCalls.class);
    /** As the drachtio media server's dialplan connects back for our own INVITEs, whose Call-ID we put there. */
    private static final String OWN_INVITE = "drachtio-fsmrf:";

    private final int maxSessions;
    private final Duration sessionTimeout;
    private final EslWorkers workers;
    private final Predicate<InetAddress> trusted;
    private final Consumer<HandedCall> taker;
    private final Map<CallId, Session> sessions = new ConcurrentHashMap<>();
    private final LongAdder refused = new LongAdder();
    private volatile @Nullable String address;
    private volatile @Nullable EslFabric fabric;

    /** @param taker gets every call, on a worker: it hands over */
    HandedCalls(
            FreeSwitchProperties settings,
            EslWorkers workers,
            Predicate<InetAddress> trusted,
            Consumer<HandedCall> taker) {
        this.taker = taker;
        this.maxSessions = settings.maxSessions();
        this.sessionTimeout = settings.sessionTimeout();
        this.workers = workers;
        this.trusted = trusted;
    }

    /** @param here what FreeSWITCH is told to call us at */
    void opened(EslFabric all, String here) {
        fabric = all;
        address = here;
    }

    @Nullable
    SwitchChannel channelOf(CallId call) {
        Session session = sessions.get(call);
        return session == null ? null : session.channel;
    }

    /** Where FreeSWITCH finds us; null when we do not listen. */
    @Nullable
    String address() {
        return address;
    }

    int sessions() {
        return sessions.size();
    }

    /** Calls that were too many, or not ours. */
    long refused() {
        return refused.sum();
    }

    @Override
    public EslServer.Visitor arrived(EslConnection connection, EslEvent data) {
        String agent = data.text("variable_sip_user_agent");
        if (agent.startsWith(OWN_INVITE)) return own(connection, data, agent.substring(OWN_INVITE.length()));
        if (!data.text("Control").equals("full") || !data.text("Socket-Mode").equals("async"))
            return refuse(
                    connection,
                    data,
                    HangupCause.SERVER_ERROR,
                    "its dialplan has to say: socket \"" + address + " async full\" (it says "
                            + data.text("Socket-Mode") + ", " + data.text("Control") + ")");
        if (sessions.size() >= maxSessions)
            return refuse(
                    connection,
                    data,
                    HangupCause.OVER_RATE,
                    "there are " + maxSessions + " calls already (firefly.freeswitch.max-sessions)");
        Session session = new Session(connection, data);
        sessions.put(session.id, session);
        session.begin();
        return session;
    }

    /** The socket of a channel that is steered over its node's: kept open, so that the dialplan stays where it is. */
    private EslServer.Visitor own(EslConnection connection, EslEvent data, String callId) {
        EslFabric all = fabric;
        if (all == null || !all.isOurs(callId))
            return refuse(connection, data, HangupCause.NOT_FOUND, "nobody waits for its INVITE any more");
        all.meetAt(data.text("Core-UUID"), data);
        return new Kept();
    }

    private EslServer.Visitor refuse(EslConnection connection, EslEvent data, HangupCause cause, String why) {
        refused.increment();
        LOG.warn("channel {} of {} is ended: {}", data.uuid(), connection.peer(), why);
        var unused = connection
                .send(EslCommand.hangUp(data.uuid(), cause))
                .whenComplete((reply, failure) -> connection.close("it was ended"));
        return new Kept();
    }

    /** Nothing is to be done but to be there. */
    private static final class Kept implements EslServer.Visitor {
        @Override
        public void event(EslEvent event) {
            // Heard over the node's own socket.
        }

        @Override
        public void closed(String why) {
            // Its channel is heard of over the node's own socket.
        }
    }

    /** Calls that last too long are ended. */
    @Override
    public void look(long nowNanos) {
        for (Session session : sessions.values()) {
            session.leg.look(nowNanos);
            if (nowNanos - session.beganNanos > sessionTimeout.toNanos() && session.channel.wanted() == null) {
                LOG.warn(
                        "call={} lasted longer than {} (firefly.freeswitch.session-timeout)",
                        session.id,
                        sessionTimeout);
                session.channel.hangUp(HangupCause.MAX_DURATION);
            }
        }
    }

    private final class Session implements EslServer.Visitor {
        final CallId id = CallId.next();
        final long beganNanos = System.nanoTime();
        final EslChannel channel;
        private final SocketLeg leg;
        private final OwnSocket socket;
        private final EslEvent data;

        Session(EslConnection connection, EslEvent data) {
            this.data = data;
            socket = new OwnSocket(connection);
            EslFabric all = fabric;
            EslNode known = all == null ? null : all.nodeOf(data.text("Core-UUID"));
            channel = new EslChannel(data, known != null ? known : new PassingNode(connection, data), socket, workers);
            leg = new SocketLeg(channel, workers);
            channel.afterwards(() -> sessions.remove(id));
        }

        void begin() {
            socket.begin();
            if (data.text("Answer-State").equals("answered")) leg.wasAnswered();
            CallData read = new CallData(data, trusted);
            var source = read.source();
            String callId = read.sipCallId().isEmpty() ? channel.uuid() : read.sipCallId();
            HandedCall call = new HandedCall(
                    id,
                    channel.uuid(),
                    channel.node().name(),
                    read.parties(source.trusted()),
                    source,
                    read.headers(source.trusted()),
                    read.sdpOffer(),
                    callId,
                    new HandedCall.Offered(leg));
            LOG.info(
                    "call={} handed over by FreeSWITCH {} channel={}",
                    id,
                    channel.node().name(),
                    channel.uuid());
            taker.accept(call);
        }

        @Override
        public void event(EslEvent event) {
            if (event.name().equals("CHANNEL_ANSWER") && event.uuid().equals(channel.uuid())) leg.wasAnswered();
            if (event.name().startsWith("CHANNEL_HANGUP") || event.name().equals("CHANNEL_DESTROY")) leg.hungUp(event);
            channel.happened(event);
            if (event.name().equals("CHANNEL_HANGUP_COMPLETE")) socket.end();
        }

        @Override
        public void closed(String why) {
            leg.lost();
            channel.lost(why);
        }
    }
}
