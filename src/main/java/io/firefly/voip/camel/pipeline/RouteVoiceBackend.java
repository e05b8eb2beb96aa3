package io.firefly.voip.camel.pipeline;

import io.firefly.voip.agent.AgentBrief;
import io.firefly.voip.agent.pipeline.VoiceBackend;
import io.firefly.voip.agent.pipeline.http.Waves;
import io.firefly.voip.audio.Sound;
import io.firefly.voip.camel.call.CallExchange;
import io.firefly.voip.camel.pipeline.StageExchange.Work;
import java.io.InputStream;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.camel.CamelContext;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePattern;
import org.apache.camel.Producer;
import org.jspecify.annotations.Nullable;

/** The stages are three routes. Worker threads; a route runs on the one that wants it. */
final class RouteVoiceBackend implements VoiceBackend, AutoCloseable {
    private static final int BARE_RATE_HZ = 24_000;

    private final Supplier<CamelContext> camel;
    private final Map<String, Door> doors = new ConcurrentHashMap<>();

    /** Camel is asked for with the first call: its routes need what needs us. */
    RouteVoiceBackend(Supplier<CamelContext> camel) {
        this.camel = camel;
    }

    /** The way into one of the routes. */
    private record Door(Endpoint endpoint, Producer producer) {}

    @Override
    public String transcribe(AgentBrief call, Sound speech) throws Exception {
        Work work = new Work(call, speech, null, text -> {});
        Exchange done = run("direct:pipeline-transcribe", work, Waves.write(speech));
        String text = done.getMessage().getBody(String.class);
        return text == null ? "" : text;
    }

    @Override
    public Answer generate(AgentBrief call, Prompt prompt, Consumer<String> text) throws Exception {
        AtomicBoolean streamed = new AtomicBoolean();
        Work work = new Work(call, null, prompt, piece -> {
            streamed.set(true);
            text.accept(piece);
        });
        Exchange done = run("direct:pipeline-generate", work, prompt.lastWords());
        Answer generated = StageExchange.answer(done);
        String body = done.getMessage().getBody(String.class);
        String words = body == null ? "" : body;
        // The route has something else to say than the model, or instead of it.
        if (generated == null || !generated.text().equals(words)) {
            if (streamed.get()) text.accept(" " + words);
            return Answer.of(words);
        }
        return generated;
    }

    @Override
    public Sound speak(AgentBrief call, String sentence) throws Exception {
        Exchange done = run("direct:pipeline-speak", new Work(call, null, null, text -> {}), sentence);
        Object body = done.getMessage().getBody();
        if (body instanceof Sound sound) return sound;
        byte[] bytes = body instanceof byte[] || body instanceof InputStream
                ? done.getMessage().getBody(byte[].class)
                : null;
        if (bytes == null) {
            throw new IllegalStateException("the route pipeline-speak ends with a body that is no sound: "
                    + (body == null ? "nothing" : body.getClass().getSimpleName()) + " instead of WAV as bytes");
        }
        int rate = done.getMessage().getHeader(StageExchange.SAMPLE_RATE, BARE_RATE_HZ, Integer.class);
        return Waves.read(bytes, rate);
    }

    private Exchange run(String uri, Work work, Object body) throws Exception {
        Door door = door(uri);
        Exchange exchange = door.endpoint().createExchange(ExchangePattern.InOut);
        AgentBrief call = work.call();
        exchange.setProperty(CallExchange.CALL_ID, call.callId());
        StageExchange.give(exchange, work);
        exchange.getMessage().setBody(body);
        exchange.getMessage().setHeader(StageExchange.AGENT, call.profile().name());
        header(exchange, StageExchange.LANGUAGE, call.profile().language());
        header(exchange, StageExchange.VOICE, call.profile().voice());
        door.producer().process(exchange);
        if (exchange.getException() != null) throw exchange.getException();
        return exchange;
    }

    private static void header(Exchange exchange, String name, @Nullable String value) {
        if (value != null && !value.isBlank()) exchange.getMessage().setHeader(name, value);
    }

    private Door door(String uri) throws Exception {
        Door known = doors.get(uri);
        if (known != null) return known;
        synchronized (doors) {
            Door meanwhile = doors.get(uri);
            if (meanwhile != null) return meanwhile;
            Endpoint endpoint = camel.get().getEndpoint(uri);
            Producer producer = endpoint.createProducer();
            producer.start();
            Door opened = new Door(endpoint, producer);
            doors.put(uri, opened);
            return opened;
        }
    }

    @Override
    public void close() {
        doors.values().forEach(door -> door.producer().stop());
    }
}
