package io.firefly.voip.agent.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.firefly.voip.agent.AgentBrief;
import io.firefly.voip.agent.AgentBrief.AgentProfile;
import io.firefly.voip.agent.AgentFailure;
import io.firefly.voip.agent.AgentManner;
import io.firefly.voip.agent.AgentMouth;
import io.firefly.voip.agent.AgentStage;
import io.firefly.voip.agent.AgentStage.Leaving;
import io.firefly.voip.agent.AgentUsage;
import io.firefly.voip.agent.ToolCall;
import io.firefly.voip.agent.ToolDescription;
import io.firefly.voip.agent.Upstream;
import io.firefly.voip.agent.Utterance;
import io.firefly.voip.agent.openai.settings.OpenAiProperties;
import io.firefly.voip.agent.openai.sound.AgentPump;
import io.firefly.voip.agent.openai.sound.LineCodec;
import io.firefly.voip.agent.openai.turns.Setting;
import io.firefly.voip.agent.openai.wire.ClientEvents;
import io.firefly.voip.audio.AudioFormat;
import io.firefly.voip.call.CallId;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

/** One session on the bench: the test is the provider, the stage and the clock. Every frame sent is judged. */
final class Rig extends ProviderWords implements RealtimeSession.House, AutoCloseable {
    static final ObjectMapper JSON = new ObjectMapper();

    private record Timer(long dueNanos, long order, Runnable task) {}

    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>(); // the pump posts, too
    private final PriorityQueue<Timer> timers =
            new PriorityQueue<>(Comparator.comparingLong(Timer::dueNanos).thenComparingLong(Timer::order));
    private final AgentPump pump = new AgentPump(Duration.ofMillis(2));
    private long now = 1;
    private long order;

    @SuppressWarnings("NullAway.Init") // the session connects in our constructor
    Upstream.Listener listener;

    @SuppressWarnings("NullAway.Init") // likewise
    Upstream.Request request;

    Consumer<JsonNode> server = event -> {};
    final List<JsonNode> sent = new ArrayList<>();
    final List<String> frames = new ArrayList<>();
    final List<String> closes = new ArrayList<>();
    final FakeMouth mouth = new FakeMouth();
    final List<Utterance> said = new ArrayList<>();
    final List<AgentFailure> failures = new ArrayList<>();
    final List<AgentUsage> usages = new ArrayList<>();
    final List<ToolCall> toolCalls = new ArrayList<>();
    final List<CompletableFuture<String>> toolAnswers = new ArrayList<>();
    final List<Leaving> leavings = new ArrayList<>();
    private final Set<String> ids = new HashSet<>();
    int openings;
    int pleaseWaits;
    boolean callerIsAway;
    int ready;
    int left;
    boolean socketFull;
    volatile boolean socketThrows;
    final RealtimeSession session;

    Rig(String... settings) {
        this(brief("PCMU", AudioFormat.NARROWBAND), settings);
    }

    Rig(AgentBrief brief, String... settings) {
        OpenAiProperties properties =
                properties(settings).at(properties(settings).baseUrl(), "sk-test");
        LineCodec codec = LineCodec.of(brief);
        session = new RealtimeSession(
                new Setting(brief, new Stage(), properties, codec, new ClientEvents(properties, brief, codec)), this);
        session.start();
        drain();
    }

    /** @param settings key, value, key, value below {@code firefly.openai} */
    static OpenAiProperties properties(String... settings) {
        MapConfigurationPropertySource source = new MapConfigurationPropertySource(Map.of());
        for (int i = 0; i < settings.length; i += 2) source.put("firefly.openai." + settings[i], settings[i + 1]);
        return new Binder(source).bindOrCreate("firefly.openai", OpenAiProperties.class);
    }

    static AgentBrief brief(String codec, AudioFormat format) {
        return brief(codec, format, AgentManner.AS_SET);
    }

    static AgentBrief brief(String codec, AudioFormat format, AgentManner manner) {
        return new AgentBrief(
                new CallId("call-1"),
                new AgentProfile(
                        "reception", "You are the reception.", "Say hello.", "cedar", null, "de", null, manner),
                codec,
                format,
                Map.of("caller number", "+15550100"),
                List.of(
                        new ToolDescription("hang_up", "Ends the call.", Map.of()),
                        new ToolDescription(
                                "transfer",
                                "Transfers.",
                                Map.of("to", "string", "urgent", "boolean"),
                                Set.of("urgent"))));
    }

    // The provider

    /** @param event JSON with single quotes */
    @Override
    void server(String event, Object... values) {
        listener.text(String.format(event.replace('\'', '"'), values));
        drain();
    }

    /** An event that nobody waits for. */
    void floods() {
        listener.text("{\"type\":\"rate_limits.updated\"}");
    }

    int waiting() {
        return tasks.size();
    }

    void serverCloses(int code, @Nullable String reason) {
        listener.closed(code, reason);
        drain();
    }

    void open() {
        listener.opened();
        drain();
    }

    /** Up to the point where sound flows; the greeting is asked for when begun. */
    Rig ready() {
        open();
        server("{'type':'session.created','event_id':'e1','session':{'id':'sess_1'}}");
        server("{'type':'session.updated','event_id':'e2','session':{'id':'sess_1'}}");
        return this;
    }

    /** Ready, answered and greeted: the greeting is done and was heard. */
    Rig talking() {
        ready().begin();
        responds("resp_greet", lastId("response.create"));
        says("resp_greet", "item_greet", 500);
        finishes("resp_greet", "item_greet", "Hello.", "completed");
        mouth.play(500);
        sent.clear();
        return this;
    }

    void begin() {
        session.begin();
        drain();
    }

    // What was sent

    /** What a session was told of those before it, as role: text. */
    List<String> told() {
        return sent("conversation.item.create").stream()
                .map(event -> event.path("item"))
                .map(item -> item.path("role").asText() + ": "
                        + item.path("content").path(0).path("text").asText())
                .toList();
    }

    List<JsonNode> sent(String type) {
        return sent.stream().filter(e -> e.path("type").asText().equals(type)).toList();
    }

    JsonNode last(String type) {
        List<JsonNode> all = sent(type);
        if (all.isEmpty()) throw new AssertionError("no " + type + " in " + sent);
        return all.get(all.size() - 1);
    }

    String lastId(String type) {
        return last(type).path("event_id").asText();
    }

    List<String> words() {
        return said.stream().map(u -> u.speaker() + ": " + u.text()).toList();
    }

    // The house

    void drain() {
        while (!tasks.isEmpty()) tasks.poll().run();
    }

    void advance(Duration time) {
        long end = now + time.toNanos();
        while (!timers.isEmpty() && timers.peek().dueNanos() <= end) {
            Timer timer = timers.poll();
            now = Math.max(now, timer.dueNanos());
            timer.task().run();
            drain();
        }
        now = end;
    }

    @Override
    public Upstream upstream() {
        return (opening, hears) -> {
            openings++;
            request = opening;
            listener = hears;
            return new Socket();
        };
    }

    @Override
    public AgentPump pump() {
        return pump;
    }

    @Override
    public void execute(Runnable task) {
        tasks.add(task);
    }

    @Override
    public void after(Duration delay, Runnable task) {
        timers.add(new Timer(now + delay.toNanos(), order++, task));
    }

    @Override
    public long nanoTime() {
        return now;
    }

    @Override
    public long nextSocket() {
        return 7;
    }

    @Override
    public void used(AgentUsage usage) {}

    @Override
    public void left(RealtimeSession who) {
        left++;
    }

    @Override
    public void close() {
        session.close();
        pump.close();
    }

    private final class Socket implements Upstream.Socket {
        @Override
        public boolean send(String text) {
            if (socketThrows) throw new IllegalStateException("planted");
            if (socketFull) return false;
            if (text.startsWith("{\"type\":\"input_audio_buffer.append\"")) {
                synchronized (frames) {
                    frames.add(text);
                }
                return true;
            }
            SdkOracle.accept(text);
            try {
                JsonNode event = JSON.readTree(text);
                String id = event.path("event_id").asText();
                // Nothing but its id tells which of our events an error is about.
                if (id.isEmpty() || !ids.add(id)) throw new AssertionError("no event id of its own: " + text);
                sent.add(event);
                server.accept(sent.get(sent.size() - 1));
            } catch (IOException e) {
                throw new AssertionError(e);
            }
            return true;
        }

        @Override
        public void close(int code, String reason) {
            closes.add(code + " " + reason);
        }
    }

    private final class Stage implements AgentStage {
        @Override
        public void ready() {
            ready++;
        }

        @Override
        public AgentMouth mouth() {
            return mouth;
        }

        @Override
        public void said(Utterance utterance) {
            said.add(utterance);
        }

        @Override
        public CompletionStage<String> call(ToolCall tool) {
            toolCalls.add(tool);
            CompletableFuture<String> answer = new CompletableFuture<>();
            toolAnswers.add(answer);
            return answer;
        }

        @Override
        public void failed(AgentFailure failure) {
            failures.add(failure);
        }

        @Override
        public void pleaseWait() {
            pleaseWaits++;
        }

        @Override
        public boolean isCallerAway() {
            return callerIsAway;
        }

        @Override
        public void leaves(Leaving why) {
            leavings.add(why);
        }

        @Override
        public void used(AgentUsage usage) {
            usages.add(usage);
        }
    }
}
