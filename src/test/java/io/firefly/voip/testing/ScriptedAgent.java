package io.firefly.voip.testing;

import io.firefly.voip.agent.AgentBrief;
import io.firefly.voip.agent.AgentSession;
import io.firefly.voip.agent.AgentStage;
import io.firefly.voip.agent.VoiceAgent;
import io.firefly.voip.audio.AudioSink;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** An agent that does what the test says, through {@link #stage}. */
public final class ScriptedAgent implements VoiceAgent {
    public final AtomicInteger open = new AtomicInteger();
    public final List<String> told = new CopyOnWriteArrayList<>();
    public final CompletableFuture<Void> goodbyeSaid = new CompletableFuture<>();
    public final AtomicInteger framesHeard = new AtomicInteger();
    public final AtomicInteger loudest = new AtomicInteger();
    public volatile @Nullable AgentStage stage;
    public volatile @Nullable AgentBrief brief;
    public volatile boolean readyAtOnce = true;

    @Override
    public AgentSession join(AgentBrief given, AgentStage on) {
        open.incrementAndGet();
        brief = given;
        stage = on;
        told.add("join " + given.profile().name());
        if (readyAtOnce) on.ready();
        return new Session();
    }

    @Override
    public String description() {
        return "a script";
    }

    @Override
    public int openSessions() {
        return open.get();
    }

    private final class Session implements AgentSession {
        private boolean closed;

        @Override
        public AudioSink ears() {
            return (pcm, length) -> {
                framesHeard.incrementAndGet();
                for (int i = 0; i < length; i++) loudest.accumulateAndGet(Math.abs(pcm[i]), Math::max);
            };
        }

        @Override
        public void begin() {
            told.add("begin");
        }

        @Override
        public void dtmf(char digit) {
            told.add("dtmf " + digit);
        }

        @Override
        public CompletionStage<Void> sayGoodbye() {
            told.add("goodbye");
            return goodbyeSaid;
        }

        @Override
        public synchronized void close() {
            if (closed) return;
            closed = true;
            told.add("close");
            open.decrementAndGet();
        }
    }
}
