package io.firefly.voip.agent.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.firefly.voip.agent.AgentBrief;
import io.firefly.voip.agent.AgentBrief.AgentProfile;
import io.firefly.voip.agent.AgentManner;
import io.firefly.voip.agent.AgentUsage;
import io.firefly.voip.agent.ToolDescription;
import io.firefly.voip.agent.Upstream;
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
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One session on the bench: the test is the provider, the stage and the clock. Every frame sent is judged. */
final class Rig extends ProviderWords implements RealtimeSession.House, AutoCloseable {
    static final ObjectMapper JSON = new ObjectMapper();

    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>(); // the pump posts, too
    private final AgentPump pump = new AgentPump(Duration.ofMillis(2));

    @SuppressWarnings("NullAway.Init") // the session connects in our constructor
    Upstream.Listener listener;

    @SuppressWarnings("NullAway.Init") // likewise
    Upstream.Request request;

    Consumer<JsonNode> server = event -> {};
    final List<JsonNode> sent = new ArrayList<>();
    final List<String> frames = new ArrayList<>();
    final List<String> closes = new ArrayList<>();
    final FakeMouth mouth = new FakeMouth();
    private final Set<String> ids = new HashSet<>();
    int openings;
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
                new Setting(brief, stage(mouth), properties, codec, new ClientEvents(properties, brief, codec)), this);
        session.start();
        drain();
    }

    /** @param settings key, value, key, value below {@code firefly.openai} */
    static OpenAiProperties properties(String... settings) {
        return bound("firefly.openai", OpenAiProperties.class, settings);
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

    @Override
    protected void drain() {
        while (!tasks.isEmpty()) tasks.poll().run();
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
}
