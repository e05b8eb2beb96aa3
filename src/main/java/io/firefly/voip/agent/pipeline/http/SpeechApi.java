package io.firefly.voip.agent.pipeline.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.firefly.voip.agent.AgentBrief;
import io.firefly.voip.agent.pipeline.VoiceBackend.Answer;
import io.firefly.voip.agent.pipeline.VoiceBackend.Prompt;
import io.firefly.voip.agent.pipeline.settings.PipelineProperties;
import io.firefly.voip.agent.pipeline.settings.PipelineProperties.Access;
import io.firefly.voip.audio.AudioFormat;
import io.firefly.voip.audio.Sound;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The three stages by HTTP, as {@link PipelineProperties} say. Any thread; waits, an interrupt ends it.
 *
 * <p>What fails is an {@link IOException} whose message names the server, what it answered and what to check.
 */
public final class SpeechApi {
    private static final String JSON = "application/json";
    /** Two minutes at 48 kHz. */
    private static final int MAX_SOUND_BYTES = 12 << 20;

    private static final int MAX_TRANSCRIPT_BYTES = 1 << 20;

    private final PipelineProperties settings;
    private final String commonKey;
    private final ObjectMapper json = new ObjectMapper();
    private final HttpCaller http = new HttpCaller();

    /** @param commonKey of stages that have none of their own; empty: none is sent to these */
    public SpeechApi(PipelineProperties settings, String commonKey) {
        this.settings = settings;
        this.commonKey = commonKey;
    }

    /** {@code POST /audio/transcriptions}. */
    public String transcribe(AgentBrief call, Sound speech) throws IOException, InterruptedException {
        Access access = settings.access(settings.transcribe(), commonKey);
        Sound wanted = speech.as(new AudioFormat(settings.transcribe().sampleRate()));
        Multipart form = new Multipart()
                .field("model", access.model())
                .field("response_format", "json")
                .file("file", "speech.wav", "audio/wav", Waves.write(wanted));
        String language = language(call);
        if (!language.isEmpty()) form.field("language", language);
        byte[] body = form.bytes();
        try (InputStream answer = http.post(new HttpCaller.Call(
                access, "/audio/transcriptions", form.contentType(), BodyPublishers.ofByteArray(body)))) {
            JsonNode transcript = json.readTree(answer.readNBytes(MAX_TRANSCRIPT_BYTES));
            if (!transcript.path("text").isTextual()) {
                throw new IOException(access.baseUrl().getHost() + " sent a transcription without text");
            }
            return transcript.path("text").asText();
        }
    }

    /** Of the agent: {@code de} of {@code de-AT}. */
    private String language(AgentBrief call) {
        String own = call.profile().language();
        String language = own == null || own.isBlank() ? settings.transcribe().language() : own;
        return language.length() <= 2 ? language : language.substring(0, 2);
    }

    /** {@code POST /chat/completions}, streamed. */
    public Answer generate(AgentBrief call, Prompt prompt, Consumer<String> text)
            throws IOException, InterruptedException {
        Access access = settings.access(settings.generate(), commonKey);
        ObjectNode request = ChatStream.request(json, prompt);
        request.put("model", settings.generate().model(call.profile()));
        request.put(settings.generate().maxTokensName(), settings.generate().maxTokens());
        try (InputStream answer = http.post(new HttpCaller.Call(
                access, "/chat/completions", JSON, BodyPublishers.ofByteArray(json.writeValueAsBytes(request))))) {
            return new ChatStream(json, call.callId(), text).read(answer);
        }
    }

    /** {@code POST /audio/speech}. */
    public Sound speak(AgentBrief call, String sentence) throws IOException, InterruptedException {
        Access access = settings.access(settings.speak(), commonKey);
        PipelineProperties.Speak speak = settings.speak();
        ObjectNode request = json.createObjectNode()
                .put("model", access.model())
                .put("input", sentence)
                .put("voice", orElse(call.profile().voice(), speak.voice()))
                .put("response_format", speak.format());
        Double own = call.profile().manner().speed();
        double speed = own == null ? speak.speed() : own;
        if (speed != 1.0) request.put("speed", speed);
        try (InputStream answer = http.post(new HttpCaller.Call(
                access, "/audio/speech", JSON, BodyPublishers.ofByteArray(json.writeValueAsBytes(request))))) {
            byte[] sound = answer.readNBytes(MAX_SOUND_BYTES + 1);
            if (sound.length > MAX_SOUND_BYTES) throw new IOException("one sentence is more than two minutes long");
            return Waves.read(sound, speak.sampleRate());
        }
    }

    private static String orElse(@Nullable String own, String common) {
        return own == null || own.isBlank() ? common : own;
    }
}
