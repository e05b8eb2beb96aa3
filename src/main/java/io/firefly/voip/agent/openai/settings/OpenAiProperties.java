package io.firefly.voip.agent.openai.settings;

import io.firefly.voip.agent.AgentBrief.AgentProfile;
import io.firefly.voip.agent.AgentUsage;
import io.firefly.voip.agent.conduct.CallerSilence;
import io.firefly.voip.agent.conduct.Conduct;
import io.firefly.voip.agent.cost.TokenPrice;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How to reach OpenAI Realtime and how its sessions are set up. An agent's profile overrides model, voice, language,
 * instructions and greeting.
 *
 * @param apiKey never printed; empty means {@code OPENAI_API_KEY} of the environment
 * @param apiKeyFile a file holding the key, for mounted secrets; empty means none
 * @param dialect whose protocol it is: {@code openai}, {@code azure} or {@code compatible}
 * @param headers that every connection carries beside the key, for gateways; their values are never printed
 * @param probe whether a session is opened once after the start, to tell what is wrong with key, model or settings
 * @param transcriptionModel writes down what callers say; empty means nobody does
 * @param language ISO 639-1, a hint for transcription and greeting; empty lets the model decide
 * @param noiseReduction {@code near_field}, {@code far_field} or {@code off}
 * @param speed of the agent's speech as the provider makes it, 0.25 to 1.5
 * @param protectedGreeting true: callers cannot interrupt the greeting
 * @param maxDuration an agent that has talked for this long says goodbye; 0: never
 * @param warnBefore the caller is told so long before that; 0: not
 * @param reasoningEffort {@code minimal} to {@code xhigh}; empty leaves it to the model
 * @param maxOutputTokens the longest answer, 1 to 4096
 * @param stallTimeout this long without any event while an answer is due is a failure
 * @param sessionLimit after this a new session takes over in the next pause; the provider ends one after 60 minutes
 * @param reconnectAttempts how often a connection that breaks in a call is made again; 0 never
 * @param prices of models, by name, where they are not as {@link Models} knows them
 * @param transcriptionPrices likewise, of models that write down what callers say
 * @param threads agent threads; a session stays on one
 * @param pumpInterval a caller's frame is sent at once, but so long after those that were sent before it
 */
@ConfigurationProperties(value = "firefly.openai", ignoreUnknownFields = false)
public record OpenAiProperties(
        @DefaultValue("") String apiKey,
        @DefaultValue("") String apiKeyFile,
        @DefaultValue("wss://api.openai.com/v1") URI baseUrl,
        @DefaultValue("openai") Dialect dialect,
        @DefaultValue Map<String, String> headers,
        @DefaultValue("true") boolean probe,
        @DefaultValue("gpt-realtime-2.1") String model,
        @DefaultValue("marin") String voice,
        @DefaultValue("gpt-transcribe") String transcriptionModel,
        @DefaultValue("") String language,

        @DefaultValue("You answer the telephone. Speak naturally and keep every turn to one or two short sentences.")
        String instructions,

        @DefaultValue("Greet the caller in one short sentence and ask how you can help.")
        String greeting,

        @DefaultValue("near_field") String noiseReduction,
        @DefaultValue("") String reasoningEffort,
        @DefaultValue("4096") int maxOutputTokens,
        @DefaultValue("1.0") double speed,
        @DefaultValue Vad vad,
        @DefaultValue("false") boolean protectedGreeting,
        @DefaultValue CallerSilence callerSilence,
        @DefaultValue("0s") Duration maxDuration,
        @DefaultValue("1m") Duration warnBefore,
        @DefaultValue("3s") Duration connectTimeout,
        @DefaultValue("3s") Duration sessionReadyTimeout,
        @DefaultValue("8s") Duration stallTimeout,
        @DefaultValue("10s") Duration toolTimeout,
        @DefaultValue("10s") Duration goodbyeTimeout,
        @DefaultValue("55m") Duration sessionLimit,
        @DefaultValue("3") int reconnectAttempts,
        @DefaultValue Map<String, TokenPrice> prices,
        @DefaultValue Map<String, Models.TranscriptionPrice> transcriptionPrices,
        @DefaultValue("2") int threads,
        @DefaultValue("1ms") Duration pumpInterval) {

    private static final String PREFIX = "firefly.openai.";

    public OpenAiProperties {
        String scheme = String.valueOf(baseUrl.getScheme()).toLowerCase(Locale.ROOT);
        check(Set.of("ws", "wss").contains(scheme) && baseUrl.getHost() != null, "base-url", "a ws:// or wss:// URL");
        headers.forEach(OpenAiProperties::checkHeader);
        check(!model.isBlank(), "model", "the name of a realtime model, for example gpt-realtime-2.1");
        check(!voice.isBlank(), "voice", "the name of a voice, for example marin");
        check(language.matches("([a-z]{2})?"), "language", "an ISO 639-1 code such as de, or empty");
        oneOf("noise-reduction", noiseReduction, Set.of("near_field", "far_field", "off"));
        oneOf("reasoning-effort", reasoningEffort, Set.of("", "minimal", "low", "medium", "high", "xhigh"));
        check(speed >= 0.25 && speed <= 1.5, "speed", "0.25 to 1.5");
        new Conduct(protectedGreeting, callerSilence, maxDuration, warnBefore).check(PREFIX);
        check(maxOutputTokens >= 1 && maxOutputTokens <= 4096, "max-output-tokens", "1 to 4096");
        check(threads >= 1 && threads <= 64, "threads", "1 to 64");
        positive("connect-timeout", connectTimeout);
        positive("session-ready-timeout", sessionReadyTimeout);
        positive("stall-timeout", stallTimeout);
        positive("tool-timeout", toolTimeout);
        positive("goodbye-timeout", goodbyeTimeout);
        positive("session-limit", sessionLimit);
        check(reconnectAttempts >= 0 && reconnectAttempts <= 10, "reconnect-attempts", "0 to 10");
        positive("pump-interval", pumpInterval);
        check(pumpInterval.toMillis() <= 20, "pump-interval", "20ms at most, one frame");
    }

    /**
     * When the caller counts as speaking. Lines are noisier and echo more than headsets, so the threshold is above the
     * provider's 0.5 and the silence above the 200 ms that real sessions come up with.
     *
     * @param type {@code server_vad} or {@code semantic_vad}; the latter takes only the eagerness
     * @param threshold 0 to 1, higher wants louder speech
     * @param prefixPadding sound before the onset that belongs to the turn
     * @param silence this much silence ends the turn
     * @param idleTimeout the agent speaks up when the caller has been silent this long; 0 means never
     */
    public record Vad(
            @DefaultValue("server_vad") String type,
            @DefaultValue("0.6") double threshold,
            @DefaultValue("300ms") Duration prefixPadding,
            @DefaultValue("550ms") Duration silence,
            @DefaultValue("0s") Duration idleTimeout,
            @DefaultValue("auto") String eagerness) {
        public Vad {
            oneOf("vad.type", type, Set.of("server_vad", "semantic_vad"));
            oneOf("vad.eagerness", eagerness, Set.of("auto", "low", "medium", "high"));
            check(threshold >= 0 && threshold <= 1, "vad.threshold", "0 to 1");
            check(prefixPadding.toMillis() >= 0 && prefixPadding.toMillis() <= 5_000, "vad.prefix-padding", "0 to 5s");
            check(silence.toMillis() >= 100 && silence.toMillis() <= 10_000, "vad.silence", "100ms to 10s");
            check(!idleTimeout.isNegative(), "vad.idle-timeout", "0 or more");
        }
    }

    /** How agents behave that do not say otherwise. */
    public Conduct conduct() {
        return new Conduct(protectedGreeting, callerSilence, maxDuration, warnBefore);
    }

    /** The same settings for another server of the same protocol. */
    public OpenAiProperties at(URI otherBaseUrl, String otherKey) {
        return at(otherBaseUrl, otherKey, dialect, headers);
    }

    /** The same settings for the simulator, which speaks OpenAI's own dialect. */
    public OpenAiProperties simulated(URI simulator, String itsKey) {
        return at(simulator, itsKey, Dialect.OPENAI, Map.of());
    }

    private OpenAiProperties at(
            URI otherBaseUrl, String otherKey, Dialect otherDialect, Map<String, String> otherHeaders) {
        return new OpenAiProperties(
                otherKey,
                "",
                otherBaseUrl,
                otherDialect,
                otherHeaders,
                probe,
                model,
                voice,
                transcriptionModel,
                language,
                instructions,
                greeting,
                noiseReduction,
                reasoningEffort,
                maxOutputTokens,
                speed,
                vad,
                protectedGreeting,
                callerSilence,
                maxDuration,
                warnBefore,
                connectTimeout,
                sessionReadyTimeout,
                stallTimeout,
                toolTimeout,
                goodbyeTimeout,
                sessionLimit,
                reconnectAttempts,
                prices,
                transcriptionPrices,
                threads,
                pumpInterval);
    }

    /** What a response cost. */
    public AgentUsage priced(String ofModel, AgentUsage usage) {
        TokenPrice price = prices.containsKey(ofModel) ? prices.get(ofModel) : Models.price(ofModel);
        return price == null ? usage : price.of(usage);
    }

    /** What a turn cost that was written down, in billionths of a US dollar; 0 when nobody knows. */
    public long priced(Models.Transcribed usage) {
        Models.TranscriptionPrice price = transcriptionPrices.get(transcriptionModel);
        if (price == null) price = Models.transcriptionPrice(transcriptionModel);
        return price == null ? 0 : price.of(usage);
    }

    /** The model an agent talks with. */
    public String model(AgentProfile profile) {
        String named = profile.model();
        return named == null || named.isBlank() ? model : named;
    }

    /** Where a session with this model is opened. */
    public URI realtime(String ofModel) {
        String base = baseUrl.toString().replaceAll("/+$", "");
        return URI.create(base + "/realtime?model=" + URLEncoder.encode(ofModel, StandardCharsets.UTF_8));
    }

    /** What a connection carries: the key where the dialect wants it, and the headers that are set. */
    public Map<String, String> handshake() {
        Map<String, String> all = new LinkedHashMap<>();
        if (dialect == Dialect.AZURE) all.put("api-key", apiKey);
        else if (!apiKey.isEmpty()) all.put("Authorization", "Bearer " + apiKey);
        all.putAll(headers); // one that is set wins: Azure takes a Bearer token, too
        return all;
    }

    private static void checkHeader(String name, String value) {
        check(name.matches("[A-Za-z0-9!#$%&'*+.^_`|~-]{1,64}"), "headers", "names of HTTP headers, not '" + name + "'");
        check(value.matches("[\\x20-\\x7e]{0,4000}"), "headers." + name, "printable ASCII");
        boolean beta = name.equalsIgnoreCase("OpenAI-Beta");
        check(!beta, "headers", "without OpenAI-Beta: the beta protocol is gone, and so is who sends it");
    }

    /** Without the key. */
    @Override
    public String toString() {
        return "OpenAiProperties[apiKey=" + (apiKey.isEmpty() ? "none" : "***") + ", baseUrl=" + baseUrl + ", model="
                + model + ", voice=" + voice + ", transcriptionModel=" + transcriptionModel + ", vad=" + vad + "]";
    }

    private static void oneOf(String key, String value, Set<String> allowed) {
        check(
                allowed.contains(value),
                key,
                "one of " + allowed.stream().sorted().toList());
    }

    private static void positive(String key, Duration value) {
        check(!value.isNegative() && !value.isZero(), key, "longer than 0");
    }

    private static void check(boolean right, String key, String expected) {
        if (!right) throw new IllegalArgumentException(PREFIX + key + " must be " + expected);
    }
}
