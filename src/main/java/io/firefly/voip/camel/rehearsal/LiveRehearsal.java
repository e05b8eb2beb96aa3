package io.firefly.voip.camel.rehearsal;

import io.firefly.voip.tenant.AgentDirectory;
import io.firefly.voip.tenant.TenantDirectory;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.camel.CamelContext;
import org.jspecify.annotations.Nullable;

/**
 * Plays scenes through the routes that serve at this moment, beside them: no running call notices. One at a time; who
 * waits too long is sent away. Any thread.
 */
public final class LiveRehearsal implements AutoCloseable {
    private static final Duration LONGEST = Duration.ofSeconds(5);
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final CamelContext live;
    private final TenantDirectory tenants;
    private final AgentDirectory agents;
    private final ReentrantLock turn = new ReentrantLock(true);
    private @Nullable RouteSet playing;
    private @Nullable Rehearsal rehearsal;

    LiveRehearsal(CamelContext live, TenantDirectory tenants, AgentDirectory agents) {
        this.live = live;
        this.tenants = tenants;
        this.agents = agents;
    }

    /** Others were asking all the time. */
    public static final class TooBusyException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        TooBusyException() {
            super("others are asking at the same time; try again in a moment");
        }
    }

    /**
     * @throws TooBusyException when no turn came within 2 s
     * @throws IllegalArgumentException when no route takes such a scene
     * @throws IllegalStateException when the routes do not come to an end within 5 s
     */
    public Run run(Scene scene, Script script) {
        try {
            if (!turn.tryLock(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) throw new TooBusyException();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new TooBusyException();
        }
        try {
            return ofNow().run(scene, script);
        } catch (IllegalStateException e) {
            forget();
            throw e;
        } finally {
            turn.unlock();
        }
    }

    private Rehearsal ofNow() {
        RouteSet now = RouteSet.loaded(live, tenants, agents);
        Rehearsal known = rehearsal;
        if (known != null && isSame(now, playing)) return known;
        forget();
        Rehearsal fresh = Rehearsal.of(now, LONGEST);
        rehearsal = fresh;
        playing = now;
        return fresh;
    }

    private static boolean isSame(RouteSet now, @Nullable RouteSet before) {
        return before != null
                && now.texts().equals(before.texts())
                && now.settings().equals(before.settings());
    }

    private void forget() {
        if (rehearsal != null) rehearsal.close();
        rehearsal = null;
    }

    @Override
    public void close() {
        turn.lock();
        try {
            forget();
        } finally {
            turn.unlock();
        }
    }
}
