package io.firefly.voip.freeswitch;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * NOT a FreeSWITCH: a stand-in for machines that have none. Its event socket speaks in frames recorded from a real one
 * ({@code src/test/resources/freeswitch}), its SIP answers as our dialplan does (users {@code firefly},
 * {@code firefly-media}, {@code 9999}; every other one is handed over by event socket), its RTP relays G.711 between
 * bridged legs. On 127.0.0.1, ports of its own.
 *
 * <p>What it does not have: Opus and G.722, SRTP, jitter buffer, recording, mod_audio_fork, timeouts of its own.
 */
public final class FreeSwitchStandIn implements Engine {
    private static final int TICK_MILLIS = 20;

    /**
     * How it treats those who come.
     *
     * @param deaf an INVITE hears nothing
     * @param refuseWith status and reason that every new INVITE hears; null: none
     * @param rude event sockets are refused by access list
     * @param silent commands are read and not answered
     */
    public record Mood(boolean deaf, @Nullable String refuseWith, boolean rude, boolean silent) {
        public static final Mood GOOD = new Mood(false, null, false, false);
    }

    private final ScheduledExecutorService self = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "stand-in");
        thread.setDaemon(true);
        return thread;
    });
    private final ConcurrentLinkedQueue<String> notes = new ConcurrentLinkedQueue<>();
    private final StandInEvents events = new StandInEvents(UUID.randomUUID().toString());
    private final StandInCalls calls = new StandInCalls(events, this);
    private final String password;
    private volatile String trunkLeadsTo = "127.0.0.1:8084";
    private volatile Mood mood = Mood.GOOD;
    private volatile StandInSip sip;
    private volatile StandInSockets sockets;

    private FreeSwitchStandIn(String password, int heartbeatMillis) throws IOException {
        this.password = password;
        sip = new StandInSip(this, 0);
        sockets = new StandInSockets(this, 0);
        every(TICK_MILLIS, this::tick);
        every(heartbeatMillis, this::beat);
    }

    public static FreeSwitchStandIn start() {
        return start("stand-in", 1_000);
    }

    public static FreeSwitchStandIn start(String password, int heartbeatMillis) {
        try {
            return new FreeSwitchStandIn(password, heartbeatMillis);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public int eslPort() {
        return sockets.port();
    }

    public int sipPort() {
        return sip.port();
    }

    public String password() {
        return password;
    }

    @Override
    public List<String> settings() {
        return FreeSwitchUnderTest.settings("127.0.0.1", eslPort(), password, sipPort());
    }

    public String coreUuid() {
        return events.core();
    }

    /** Where a call is handed over that is for none of its own users. */
    public void trunkLeadsTo(String hostAndPort) {
        trunkLeadsTo = hostAndPort;
    }

    public void mood(Mood newMood) {
        mood = newMood;
    }

    /** Call-IDs of all channels: what {@code show channels} has. */
    public List<String> channelsByCallId() {
        return calls.channels().stream().map(StandInChannel::callId).toList();
    }

    @Override
    public int channels() {
        return calls.channels().size();
    }

    /** What it did that has no effect, oldest first. */
    public List<String> notes() {
        return List.copyOf(notes);
    }

    /** A key as if it came by RTP, on every channel of user {@code firefly} or of topology C. */
    public void press(char digit) {
        run(() -> calls.channels().stream()
                .filter(channel -> !channel.called().equals("firefly-media"))
                .forEach(channel -> calls.key(channel, digit, 640)));
    }

    /** Ends all channels of that user with BYE. */
    public void hangUp(String user, String cause) {
        run(() -> calls.channels().stream()
                .filter(channel -> channel.called().equals(user))
                .forEach(channel -> calls.end(channel, cause)));
    }

    /** An event of a module on every channel of user {@code firefly}: {@code mod_audio_fork::connect}. */
    public void custom(String subclass) {
        run(() -> calls.channels().stream()
                .filter(channel -> channel.called().equals("firefly"))
                .forEach(channel -> events.tell(events.of("CUSTOM " + subclass, channel))));
    }

    /** Cuts every event socket; calls go on. */
    public void cutLinks() {
        await(() -> sockets.cut());
    }

    /** Every event socket stays open and says nothing any more. */
    public void freezeLinks() {
        await(() -> events.links().forEach(StandInLink::freeze));
    }

    /** As kill -9: no BYE, no event, ports closed. */
    public void die() {
        await(() -> {
            calls.vanish();
            sip.close();
            sockets.close();
        });
    }

    /** After {@link #die}: the same ports, another Core-UUID, no channels. */
    public void resurrect() {
        int sipPort = sip.port();
        int eslPort = sockets.port();
        await(() -> {
            try {
                events.newCore(UUID.randomUUID().toString());
                sip = new StandInSip(this, sipPort);
                sockets = new StandInSockets(this, eslPort);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    @Override
    public void close() {
        die();
        self.shutdownNow();
    }

    Mood mood() {
        return mood;
    }

    String trunkLeadsTo() {
        return trunkLeadsTo;
    }

    StandInEvents events() {
        return events;
    }

    StandInCalls calls() {
        return calls;
    }

    StandInSip sip() {
        return sip;
    }

    StandInSockets sockets() {
        return sockets;
    }

    void note(String what) {
        notes.add(what);
    }

    void run(Runnable task) {
        try {
            self.execute(() -> guarded(task));
        } catch (RejectedExecutionException closed) {
            note("came after the end");
        }
    }

    void later(long millis, Runnable task) {
        if (self.isShutdown()) return;
        Future<?> unused = self.schedule(() -> guarded(task), millis, MILLISECONDS);
    }

    private void every(int millis, Runnable task) {
        Future<?> unused = self.scheduleAtFixedRate(() -> guarded(task), millis, millis, MILLISECONDS);
    }

    private void await(Runnable task) {
        Future<?> done = self.submit(task);
        try {
            done.get(5, SECONDS);
        } catch (InterruptedException | ExecutionException | TimeoutException e) {
            throw new IllegalStateException("the stand-in is stuck", e);
        }
    }

    /** A mistake of the stand-in is seen where the test looks, too. */
    private void guarded(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException e) {
            note("mistake: " + e);
        }
    }

    private void tick() {
        for (StandInChannel channel : calls.channels()) {
            if (channel.state != StandInEvents.State.RINGING) channel.rtp.tick();
        }
    }

    private void beat() {
        events.tell(events.of("HEARTBEAT", Map.of())
                .with("Session-Count", String.valueOf(calls.channels().size()))
                .with("Idle-CPU", "90.0"));
    }
}
