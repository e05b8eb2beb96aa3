package io.firefly.voip.memory;

import io.firefly.voip.call.CallId;
import io.firefly.voip.memory.CallerMemory.Caller;
import io.firefly.voip.memory.CallerMemory.Remembered;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The calls under way of callers we know: what is known of them, and what is said and not kept yet. Any thread. */
final class Talks {
    private static final int MAX_LINES = 400;

    private final Map<CallId, Talk> talks = new ConcurrentHashMap<>();

    /** One of them. */
    static final class Talk {
        private final Caller caller;
        private final CompletableFuture<Optional<Remembered>> known = new CompletableFuture<>();
        private final List<String> lines = new ArrayList<>();

        private Talk(Caller caller) {
            this.caller = caller;
        }

        Caller caller() {
            return caller;
        }

        CompletableFuture<Optional<Remembered>> known() {
            return known;
        }

        synchronized void add(String line) {
            if (lines.size() < MAX_LINES) lines.add(line);
        }

        synchronized List<String> lines() {
            return List.copyOf(lines);
        }

        private synchronized boolean forget() {
            boolean any = !lines.isEmpty();
            lines.clear();
            known.obtrudeValue(Optional.empty());
            return any;
        }
    }

    Talk begin(CallId call, Caller caller) {
        Talk talk = new Talk(caller);
        talks.put(call, talk);
        return talk;
    }

    /** Null: of a caller we do not know. */
    @Nullable
    Talk of(CallId call) {
        return talks.get(call);
    }

    @Nullable
    Talk end(CallId call) {
        return talks.remove(call);
    }

    /** What a caller said until now, and what was known of them. @return whether there was anything said */
    boolean forget(Caller caller) {
        boolean any = false;
        for (Talk talk : talks.values()) {
            if (talk.caller().equals(caller)) any |= talk.forget();
        }
        return any;
    }
}
