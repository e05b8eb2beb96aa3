package io.firefly.voip.agent.openai;

import io.firefly.voip.agent.Upstream;
import io.firefly.voip.agent.openai.settings.OpenAiProperties;
import io.firefly.voip.agent.openai.sound.AgentPump;
import io.firefly.voip.agent.openai.turns.Setting;
import io.firefly.voip.agent.openai.turns.Turns;
import io.firefly.voip.agent.openai.wire.Failures;
import io.firefly.voip.agent.openai.wire.ServerEvent;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a conversation connected, whatever happens to its sockets. One that breaks is replaced, a few times, and the
 * caller is told to wait when they notice it; one that nears the provider's longest session is replaced before, in a
 * moment in which nobody speaks and after it summed up the conversation. Either way the new session is told what was
 * said. Agent's thread only.
 */
final class Lifeline implements Link.Owner {
    private static final Logger log = LoggerFactory.getLogger(Lifeline.class);
    private static final List<Duration> PAUSES =
            List.of(Duration.ofMillis(100), Duration.ofMillis(500), Duration.ofSeconds(2));
    private static final Duration LOOK = Duration.ofMillis(200);
    /** Nobody notices a line that is gone for less, when nobody speaks. */
    private static final Duration UNNOTICED = Duration.ofMillis(1_500);

    private static final Duration REMINDER = Duration.ofSeconds(6);
    private static final Duration NEXT_ROTATION = Duration.ofSeconds(30);
    /** A connection that lasted this long was a good one: attempts are counted anew. */
    private static final Duration STEADY = Duration.ofSeconds(30);

    /** Whose line it is. */
    interface Session {
        void post(Runnable task);

        void after(Duration delay, Runnable task);

        /** The first session is ready. */
        void joined();

        void heard(ServerEvent event);

        void fail(String sentence);

        /** The call is answered and the agent has begun to speak in it. */
        boolean hasBegun();

        /** The last words are being said: no use in another session. */
        boolean isEnding();
    }

    private enum State {
        JOINING,
        STEADY,
        MENDING,
        OVER
    }

    private final Setting setting;
    private final RealtimeSession.House house;
    private final Turns turns;
    private final AgentPump.Ears ears;
    private final Session session;
    private State state = State.JOINING;
    private @Nullable Link link;
    private @Nullable Link successor;
    private AgentPump.@Nullable Feed feed;
    private long steadySinceNanos;
    private long loudMillis = -1;
    private int attempts;
    private int mendings;
    /** The caller was cut off and has not been told to wait. */
    private boolean callerIsOwed;

    private int malformed;
    private long sent;
    private long refused;

    Lifeline(Setting setting, RealtimeSession.House house, Turns turns, AgentPump.Ears ears, Session session) {
        this.setting = setting;
        this.house = house;
        this.turns = turns;
        this.ears = ears;
        this.session = session;
    }

    void connect() {
        link = dial();
    }

    private Link dial() {
        OpenAiProperties properties = setting.properties();
        String model = properties.model(setting.brief().profile());
        URI uri = properties.realtime(model);
        log.info("agent connecting call={} host={} model={}", setting.brief().callId(), uri.getHost(), model);
        // The call may have had a socket before, which is still closing.
        String key = setting.brief().callId().value() + "." + house.nextSocket();
        Link fresh = new Link(
                new Link.Plan(
                        new Upstream.Request(key, uri, properties.handshake()),
                        () -> setting.events().sessionUpdate(setting.events().nextId(), turns.isInterruptible()),
                        properties),
                this);
        fresh.open(house.upstream());
        return fresh;
    }

    /** @return false when there is nobody to hear it, or it could not be sent */
    boolean send(String event) {
        return link != null && link.isReady() && link.send(event);
    }

    /** Tells the tools of now to the session, and to the one that waits to follow it. */
    void tellTools() {
        for (Link each : new Link[] {link, successor}) {
            if (each != null && each.isConfigured()) {
                each.send(setting.events().toolsUpdate(setting.events().nextId()));
            }
        }
    }

    /** Sends no more of what the caller says. */
    void stopListening() {
        ears.close();
        unplug();
    }

    private void unplug() {
        if (feed == null) return;
        house.pump().remove(feed);
        sent += feed.sent();
        refused += feed.refused();
        feed = null;
    }

    private void plug(Link to) {
        feed = new AgentPump.Feed(ears, to.socket(), () -> session.post(() -> session.fail(Failures.PUMP_BROKE)));
        house.pump().add(feed);
    }

    void close() {
        state = State.OVER;
        unplug();
        if (link != null) link.close("call ended");
        if (successor != null) successor.close("call ended");
    }

    // Links

    @Override
    public void post(Runnable task) {
        session.post(task);
    }

    @Override
    public void after(Duration delay, Runnable task) {
        session.after(delay, task);
    }

    @Override
    public void heard(Link from, ServerEvent event) {
        if (from == link) session.heard(event);
    }

    @Override
    public void unreadable(int chars) {
        if (malformed++ == 0) {
            log.warn("agent event unreadable call={} chars={}", setting.brief().callId(), chars);
        }
    }

    @Override
    public void ready(Link ready) {
        if (ready == successor && state == State.MENDING) {
            if (link != null) link.close("call ended");
            takeOver(adopted(ready));
        } else if (ready == successor) {
            handOverInPause(ready);
        } else if (state == State.JOINING) {
            steady(ready);
            session.joined();
            if (state == State.STEADY) plug(ready); // only now: sound before is taken for 24 kHz PCM
        } else if (state == State.MENDING) {
            log.info("agent reconnected call={} attempts={}", setting.brief().callId(), attempts);
            takeOver(ready);
        }
    }

    private void steady(Link ready) {
        state = State.STEADY;
        steadySinceNanos = house.nanoTime();
        after(setting.properties().sessionLimit(), () -> rotate(ready));
    }

    private Link adopted(Link ready) {
        link = ready;
        successor = null;
        return ready;
    }

    private void takeOver(Link ready) {
        steady(ready);
        turns.seam().resume();
        plug(ready);
        if (!callerIsOwed) turns.seam().goOn();
    }

    @Override
    public void lost(Link gone, Link.Loss loss) {
        if (gone == successor) {
            log.warn(
                    "agent session could not be renewed call={} reason=\"{}\"",
                    setting.brief().callId(),
                    loss.sentence());
            successor = null;
            Link current = link;
            after(NEXT_ROTATION, () -> rotate(current));
        } else if (gone == link && state != State.OVER) {
            boolean mendable = state != State.JOINING && loss.again() && !session.isEnding();
            if (mendable) mend(loss);
            else session.fail(loss.sentence());
        }
    }

    // Reconnecting

    /** The provider is connected and takes no part. */
    void abandon(String why) {
        Link silent = link;
        if (silent == null || state != State.STEADY) return;
        silent.close("no answer");
        lost(silent, new Link.Loss(why, true));
    }

    private void mend(Link.Loss loss) {
        if (state == State.STEADY) breakOff();
        if (state == State.STEADY) return; // another session was at hand
        if (attempts >= setting.properties().reconnectAttempts()) {
            session.fail(loss.sentence());
            return;
        }
        log.warn("agent reconnecting call={} reason=\"{}\"", setting.brief().callId(), loss.sentence());
        Duration pause = PAUSES.get(Math.min(attempts++, PAUSES.size() - 1));
        Link gone = link;
        after(pause, () -> {
            if (link == gone && state == State.MENDING) link = dial();
        });
    }

    private void breakOff() {
        unplug();
        if (house.nanoTime() - steadySinceNanos >= STEADY.toNanos()) attempts = 0;
        callerIsOwed = turns.seam().cut() && session.hasBegun();
        int mending = ++mendings;
        state = State.MENDING;
        if (successor != null && successor.isReady()) takeOver(adopted(successor));
        if (session.hasBegun()) after(callerIsOwed ? Duration.ZERO : UNNOTICED, () -> tellCaller(mending));
    }

    /** What the agent had said until then is heard first. */
    private void tellCaller(int mending) {
        if (mending != mendings || (state != State.MENDING && !callerIsOwed)) return;
        if (turns.isAgentHeardNow()) {
            after(LOOK, () -> tellCaller(mending));
            return;
        }
        setting.stage().pleaseWait();
        callerIsOwed = false;
        if (state == State.STEADY) turns.seam().goOn();
        else after(REMINDER, () -> tellCaller(mending));
    }

    // Rotation

    private void rotate(@Nullable Link old) {
        if (old != link || state != State.STEADY || successor != null || session.isEnding()) return;
        log.info("agent session to be renewed call={}", setting.brief().callId());
        successor = dial();
    }

    private void handOverInPause(Link ready) {
        if (ready != successor) return;
        long loud = ears.loudness().loudMillis();
        boolean quiet = loud == loudMillis;
        loudMillis = loud;
        boolean pause = state == State.STEADY && quiet && turns.isSeamless();
        if (!pause || !turns.seam().isSummedUp()) {
            after(LOOK, () -> handOverInPause(ready));
            return;
        }
        log.info("agent session renewed call={}", setting.brief().callId());
        Link old = link;
        turns.seam().cut();
        unplug();
        takeOver(adopted(ready));
        if (old != null) old.close("session renewed");
    }

    // Counters

    long framesSent() {
        return sent + (feed == null ? 0 : feed.sent());
    }

    long framesRefused() {
        return refused + (feed == null ? 0 : feed.refused());
    }

    int malformed() {
        return malformed;
    }

    int reconnections() {
        return mendings;
    }
}
