package io.firefly.voip.memory;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.springframework.dao.DataAccessException;
import org.springframework.dao.DataAccessResourceFailureException;

/**
 * Forgets a caller everywhere: in the calls under way, too, and after what the calls before left to be written. Words said
 * from then on are remembered again.
 */
final class ForgettingMemory implements CallerMemory {
    private static final int PATIENCE_SECONDS = 10;

    private final CallerMemory store;
    private final Talks talks;
    private final ExecutorService thread;

    /** @param thread the one that writes what calls leave, in order */
    ForgettingMemory(CallerMemory store, Talks talks, ExecutorService thread) {
        this.store = store;
        this.talks = talks;
        this.thread = thread;
    }

    @Override
    public Optional<Remembered> recall(Caller caller) {
        return store.recall(caller);
    }

    @Override
    public void keep(Caller caller, List<String> lines) {
        store.keep(caller, lines);
    }

    @Override
    public boolean forget(Caller caller) {
        boolean said = talks.forget(caller);
        boolean kept = inTurn(caller);
        return said || kept;
    }

    private boolean inTurn(Caller caller) {
        try {
            Future<Boolean> forgotten = thread.submit(() -> store.forget(caller));
            return forgotten.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof DataAccessException known) throw known;
            throw new IllegalStateException("a caller could not be forgotten", e);
        } catch (TimeoutException | RejectedExecutionException e) {
            throw new DataAccessResourceFailureException("too much waits to be written", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new DataAccessResourceFailureException("interrupted", e);
        }
    }
}
