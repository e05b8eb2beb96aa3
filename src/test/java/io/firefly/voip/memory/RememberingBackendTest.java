package io.firefly.voip.memory;

import static org.assertj.core.api.Assertions.assertThat;

import io.firefly.voip.agent.AgentBrief;
import io.firefly.voip.agent.AgentBrief.AgentProfile;
import io.firefly.voip.agent.pipeline.VoiceBackend;
import io.firefly.voip.audio.AudioFormat;
import io.firefly.voip.audio.Sound;
import io.firefly.voip.call.CallId;
import io.firefly.voip.memory.CallerMemory.Caller;
import io.firefly.voip.memory.CallerMemory.Remembered;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class RememberingBackendTest {
    private static final Caller ANNA = new Caller("acme", "+15550100");
    private static final AgentBrief CALL = new AgentBrief(
            new CallId("call-1"),
            new AgentProfile("reception", null, null, null, null, null, null),
            "PCMU",
            AudioFormat.NARROWBAND,
            Map.of(),
            List.of());

    private final Stages stages = new Stages();
    private final Kept kept = new Kept();
    private final LongAdder failures = new LongAdder();
    private final Talks talks = new Talks();

    private RememberingBackend backend(Optional<Caller> caller, Executor thread) {
        return new RememberingBackend(
                stages, talks, new RememberingBackend.Desk(kept, call -> caller, thread, failures));
    }

    private String told(RememberingBackend backend) throws Exception {
        VoiceBackend.Message instructions =
                new VoiceBackend.Message(VoiceBackend.Role.SYSTEM, "Be kind.", List.of(), null);
        backend.generate(CALL, new VoiceBackend.Prompt(List.of(instructions), List.of()), text -> {});
        return stages.prompts.get(stages.prompts.size() - 1).messages().get(0).text();
    }

    private static void talk(RememberingBackend backend, String heard, String said) {
        backend.turn(CALL, new VoiceBackend.Turn(heard, said, false, null, null, null, null));
    }

    @Test
    void aCallLeavesWhatWasSaidAndTheNextOneKnowsIt() throws Exception {
        RememberingBackend backend = backend(Optional.of(ANNA), Runnable::run);
        backend.callBegins(CALL);
        assertThat(told(backend)).isEqualTo("Be kind.");
        talk(backend, "my name is Anna", "Hello Anna.");
        talk(backend, "bye", "");
        backend.callEnds(CALL);

        backend.callBegins(CALL);

        assertThat(told(backend))
                .startsWith("Be kind.\n\nThe caller has called before, last on 2026-11-21.")
                .endsWith("caller: my name is Anna\nagent: Hello Anna.\ncaller: bye");
        assertThat(stages.hooks).containsExactly("begins", "turn", "turn", "ends", "begins");
    }

    @Test
    void whoWithholdsTheirNumberIsNotRemembered() throws Exception {
        RememberingBackend backend = backend(Optional.empty(), Runnable::run);
        backend.callBegins(CALL);
        talk(backend, "hello", "Hello.");
        backend.callEnds(CALL);

        assertThat(kept.all).isEmpty();
        assertThat(told(backend)).isEqualTo("Be kind.");
    }

    @Test
    void aStoreThatFailsCostsTheMemoryAndNotTheCall() throws Exception {
        kept.fails = true;
        RememberingBackend backend = backend(Optional.of(ANNA), Runnable::run);
        backend.callBegins(CALL);

        assertThat(told(backend)).isEqualTo("Be kind.");
        backend.callEnds(CALL);
        assertThat(failures.sum()).isEqualTo(2);
    }

    @Test
    @Timeout(5)
    void aStoreThatIsSlowIsWaitedForOnceAndShortly() throws Exception {
        List<Runnable> never = new ArrayList<>();
        RememberingBackend backend = backend(Optional.of(ANNA), never::add);
        backend.callBegins(CALL);

        for (int i = 0; i < 20; i++) assertThat(told(backend)).isEqualTo("Be kind.");
    }

    @Test
    void aThreadThatTakesNoMoreIsCounted() {
        RememberingBackend backend = backend(Optional.of(ANNA), task -> {
            throw new RejectedExecutionException("full");
        });

        backend.callBegins(CALL);
        backend.callEnds(CALL);

        assertThat(failures.sum()).isEqualTo(2);
        assertThat(stages.hooks).containsExactly("begins", "ends");
    }

    @Test
    void whoIsForgottenDuringACallIsForgottenByIt() throws Exception {
        kept.keep(ANNA, List.of("caller: my name is Anna"));
        RememberingBackend backend = backend(Optional.of(ANNA), Runnable::run);
        backend.callBegins(CALL);
        talk(backend, "this is Anna", "Hello Anna.");
        ExecutorService thread = Executors.newSingleThreadExecutor();
        try {
            CallerMemory memory = new ForgettingMemory(kept, talks, thread);

            assertThat(memory.forget(ANNA)).isTrue();
            assertThat(told(backend)).isEqualTo("Be kind.");
            talk(backend, "and goodbye", "");
            backend.callEnds(CALL);

            assertThat(kept.all).containsEntry(ANNA, List.of("caller: and goodbye"));
            assertThat(memory.forget(new Caller("acme", "+15550199"))).isFalse();
        } finally {
            thread.shutdownNow();
        }
    }

    @Test
    void whatACallLeftToBeWrittenIsForgottenToo() throws Exception {
        ExecutorService thread = Executors.newSingleThreadExecutor();
        try {
            CountDownLatch slow = new CountDownLatch(1);
            thread.execute(() -> Awaitility.await().until(() -> slow.getCount() == 0));
            RememberingBackend backend = backend(Optional.of(ANNA), thread);
            backend.callBegins(CALL);
            talk(backend, "this is Anna", "Hello Anna.");
            backend.callEnds(CALL);
            CompletableFuture<Boolean> forgotten =
                    CompletableFuture.supplyAsync(() -> new ForgettingMemory(kept, talks, thread).forget(ANNA));
            slow.countDown();

            assertThat(forgotten.get(10, TimeUnit.SECONDS)).isTrue();
            assertThat(kept.all).isEmpty();
        } finally {
            thread.shutdownNow();
        }
    }

    private static final class Kept implements CallerMemory {
        private final Map<Caller, List<String>> all = new ConcurrentHashMap<>();
        private boolean fails;

        @Override
        public Optional<Remembered> recall(Caller caller) {
            if (fails) throw new IllegalStateException("the database is gone");
            return Optional.ofNullable(all.get(caller))
                    .map(lines -> new Remembered(lines, Instant.parse("2026-11-21T12:00:00Z")));
        }

        @Override
        public void keep(Caller caller, List<String> lines) {
            if (fails) throw new IllegalStateException("the database is gone");
            all.put(caller, List.copyOf(lines));
        }

        @Override
        public boolean forget(Caller caller) {
            return all.remove(caller) != null;
        }
    }

    private static final class Stages implements VoiceBackend {
        private final List<Prompt> prompts = new ArrayList<>();
        private final List<String> hooks = new ArrayList<>();

        @Override
        public String transcribe(AgentBrief call, Sound speech) {
            return "";
        }

        @Override
        public Answer generate(AgentBrief call, Prompt prompt, Consumer<String> text) {
            prompts.add(prompt);
            return Answer.of("Hello.");
        }

        @Override
        public Sound speak(AgentBrief call, String sentence) {
            return new Sound(AudioFormat.NARROWBAND, new short[160]);
        }

        @Override
        public void callBegins(AgentBrief call) {
            hooks.add("begins");
        }

        @Override
        public void callEnds(AgentBrief call) {
            hooks.add("ends");
        }

        @Override
        public void turn(AgentBrief call, Turn turn) {
            hooks.add("turn");
        }
    }
}
