package io.firefly.voip.media.freeswitch.engine;

import io.firefly.voip.call.CallId;
import io.firefly.voip.media.MediaEngine;
import io.firefly.voip.media.MediaSession;
import io.firefly.voip.media.freeswitch.AudioTransport;
import io.firefly.voip.media.freeswitch.SwitchChannel;
import io.firefly.voip.media.freeswitch.SwitchFabric;
import io.firefly.voip.media.freeswitch.leg.LegDesk;
import io.firefly.voip.media.freeswitch.leg.Strands;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;

/** Gives every call to the one who carries its sound: FreeSWITCH, or the embedded engine. Any thread. */
public final class FreeSwitchMediaEngine implements MediaEngine, AutoCloseable {
    private static final Duration GRACE = Duration.ofMillis(300);

    private final SwitchFabric fabric;
    private final Parts parts;
    private final MediaEngine embedded;
    private final Scope scope;
    private final Map<CallId, MediaSession> sessions = new ConcurrentHashMap<>();

    /** What sessions are made of; {@code silenceTimeout} 0 never misses a caller. */
    record Parts(NodePool pool, AudioTransport transport, LegDesk desk, Strands strands, Duration silenceTimeout) {
        /** @param legFirst how long the call's own leg is waited for when the channel ends */
        CallerChannel.Surroundings surroundings(CallId call, Duration legFirst) {
            return new CallerChannel.Surroundings(call, strands.of(call), silenceTimeout, GRACE, legFirst);
        }
    }

    /**
     * Whose calls.
     *
     * @param all every call; else only those that FreeSWITCH handed to us
     * @param overEmbedded our side of the sound is a session of the embedded engine as well
     */
    record Scope(boolean all, boolean overEmbedded) {}

    FreeSwitchMediaEngine(SwitchFabric fabric, Parts parts, MediaEngine embedded, Scope scope) {
        this.fabric = fabric;
        this.parts = parts;
        this.embedded = embedded;
        this.scope = scope;
    }

    @Override
    public MediaSession open(CallId id) {
        SwitchChannel handed = fabric.channelOf(id);
        if (handed == null && !scope.all()) return embedded.open(id);
        AtomicReference<MediaSession> made = new AtomicReference<>();
        // A call whose node died before the answer has opened another one meanwhile.
        Runnable whenClosed = () -> sessions.computeIfPresent(id, (call, kept) -> kept == made.get() ? null : kept);
        MediaSession session = handed == null
                ? new DialedSession(id, parts, whenClosed)
                : new HandedSession(id, handed, parts, whenClosed);
        made.set(session);
        sessions.put(id, session);
        return session;
    }

    /** Their sound meets the caller's in this process anyway, and whom a directory names need know no FreeSWITCH. */
    @Override
    public MediaSession openCalled(CallId id) {
        return embedded.openCalled(id);
    }

    /** Of both kinds; a call whose sound comes by the embedded engine counts once. */
    @Override
    public int openSessions() {
        int inner = embedded.openSessions();
        return scope.overEmbedded() ? Math.max(sessions.size(), inner) : sessions.size() + inner;
    }

    /** Whether that channel was handed to us and has a session. */
    boolean carries(String uuid) {
        return sessions.values().stream()
                .anyMatch(session ->
                        session instanceof HandedSession handed && handed.uuid().equals(uuid));
    }

    /** Ends the calls that are left. */
    @Override
    public void close() {
        sessions.values().forEach(MediaSession::close);
    }
}
