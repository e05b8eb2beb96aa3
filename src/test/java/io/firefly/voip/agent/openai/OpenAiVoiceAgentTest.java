package io.firefly.voip.agent.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.firefly.voip.agent.AgentFailure;
import io.firefly.voip.agent.AgentMouth;
import io.firefly.voip.agent.AgentSession;
import io.firefly.voip.agent.AgentStage;
import io.firefly.voip.agent.AgentUsage;
import io.firefly.voip.agent.ToolCall;
import io.firefly.voip.agent.Upstream;
import io.firefly.voip.agent.Utterance;
import io.firefly.voip.audio.AudioFormat;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The real threads; what is said on them is tested elsewhere. */
class OpenAiVoiceAgentTest {
    private static final Duration SOON = Duration.ofSeconds(5);

    private final List<Upstream.Listener> listeners = new ArrayList<>();
    private final ConcurrentLinkedQueue<String> sent = new ConcurrentLinkedQueue<>();
    private final ConcurrentLinkedQueue<String> stage = new ConcurrentLinkedQueue<>();
    private final Queue<String> keys = new ConcurrentLinkedQueue<>();
    private boolean unreachable;
    private final OpenAiVoiceAgent agent = new OpenAiVoiceAgent(Rig.properties(), this::open, "a test");

    @AfterEach
    void close() {
        agent.close();
        assertThat(agent.openSessions()).isZero();
    }

    private synchronized Upstream.Socket open(Upstream.Request request, Upstream.Listener listener) {
        if (unreachable) throw new IllegalStateException("planted");
        listeners.add(listener);
        keys.add(request.key());
        return new Upstream.Socket() {
            @Override
            public boolean send(String text) {
                return sent.add(text);
            }

            @Override
            public void close(int code, String reason) {
                sent.add("close " + code);
            }
        };
    }

    private synchronized int opened() {
        return listeners.size();
    }

    private AgentSession join() {
        return agent.join(Rig.brief("PCMU", AudioFormat.NARROWBAND), new Stage());
    }

    private void makeReady(int session) {
        listeners.get(session).opened();
        listeners.get(session).text("{\"type\":\"session.created\"}");
        listeners.get(session).text("{\"type\":\"session.updated\"}");
    }

    @Test
    void sessionsAreCountedUntilTheyAreClosed() {
        List<AgentSession> sessions = List.of(join(), join(), join());
        assertThat(agent.openSessions()).isEqualTo(3);
        await().atMost(SOON).until(() -> opened() == 3);

        sessions.forEach(AgentSession::close);
        sessions.forEach(AgentSession::close);

        assertThat(agent.openSessions()).isZero();
        assertThat(sent).containsOnly("close 1000").hasSize(3);
    }

    @Test
    void whatTheCallerSaysFlowsOnceTheSessionIsReady() {
        AgentSession session = join();
        await().atMost(SOON).until(() -> opened() == 1);
        makeReady(0);
        session.begin();
        session.ears().write(new short[160], 160);

        await().atMost(SOON).until(() -> sent.stream().anyMatch(text -> text.contains("input_audio_buffer.append")));
        await().atMost(SOON).until(() -> sent.stream().anyMatch(text -> text.contains("response.create")));
        assertThat(stage).contains("ready on agent");
    }

    @Test
    void anUpstreamThatThrowsIsAFatalFailure() {
        unreachable = true;

        join();

        await().atMost(SOON).until(() -> stage.contains("failed fatal=true on agent"));
        assertThat(agent.openSessions()).isZero();
    }

    @Test
    void afterShutdownAJoinIsQuietlyInVain() {
        agent.close();

        AgentSession session = join();
        session.begin();
        session.close();

        assertThat(session.sayGoodbye().toCompletableFuture()).isCompleted();
        assertThat(stage).isEmpty();
    }

    /** Notes what it is told, and whether on the right thread. */
    private final class Stage implements AgentStage {
        private final AgentMouth mouth = new FakeMouth();

        private void note(String what) {
            boolean agents = Thread.currentThread().getName().matches("agent-\\d+");
            stage.add(what
                    + (agents ? " on agent" : " on " + Thread.currentThread().getName()));
        }

        @Override
        public void ready() {
            note("ready");
        }

        @Override
        public AgentMouth mouth() {
            return mouth;
        }

        @Override
        public void said(Utterance utterance) {
            note("said");
        }

        @Override
        public CompletionStage<String> call(ToolCall tool) {
            return new CompletableFuture<>();
        }

        @Override
        public void failed(AgentFailure failure) {
            note("failed fatal=" + failure.fatal());
        }

        @Override
        public void used(AgentUsage usage) {
            note("used");
        }
    }

    @Test
    void theSecondAgentOfACallHasASocketOfItsOwn() {
        join();
        join();
        await().atMost(SOON).until(() -> keys.size() == 2);

        assertThat(keys).doesNotHaveDuplicates().allMatch(key -> key.startsWith("call-1."));
    }
}
