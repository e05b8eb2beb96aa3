package io.firefly.voip.agent.pipeline.settings;

import io.firefly.voip.agent.AgentBrief.AgentProfile;
import io.firefly.voip.agent.AgentManner;
import io.firefly.voip.agent.AgentUsage;
import io.firefly.voip.agent.conduct.CallerSilence;
import io.firefly.voip.agent.conduct.Conduct;
import io.firefly.voip.agent.cost.TokenPrice;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How the three stages are reached and how the conversation is led.
 *
 * @param baseUrl of all stages that have none of their own, up to and with {@code /v1}
 * @param apiKey never printed; empty: none is sent
 * @param apiKeyFile a file holding the key, for mounted secrets; empty means none
 * @param instructions of agents that have none
 * @param greeting what agents without one say first, word by word; empty: nothing
 * @param longestAnswer characters of one answer, then it is cut
 * @param goodbye what is said when the model has no last words
 * @param protectedGreeting true: callers cannot interrupt the greeting
 * @param maxDuration of a conversation, then the agent says goodbye; 0: as long as the call may last
 * @param warnBefore the caller is told so long before that; 0: not
 * @param toolTimeout after this the model hears an error
 * @param goodbyeTimeout after this the call ends without one
 * @param threads {@code pipeline-*}; a session stays on one
 * @param workers {@code pipeline-work-*}: stages that run at the same time, over all calls; one call needs up to three
 */
@ConfigurationProperties(prefix = "firefly.pipeline", ignoreUnknownFields = false)
public record PipelineProperties(
        @DefaultValue("https://api.openai.com/v1") URI baseUrl,
        @DefaultValue("") String apiKey,
        @DefaultValue("") String apiKeyFile,
        @DefaultValue Transcribe transcribe,
        @DefaultValue Generate generate,
        @DefaultValue Speak speak,

        @DefaultValue(
                "You answer the telephone. Speak naturally, in one or two short sentences, without lists or symbols.")
        String instructions,

        @DefaultValue("Hello! How can I help you?") String greeting,
        @DefaultValue("Goodbye.") String goodbye,
        @DefaultValue("1500") int longestAnswer,
        @DefaultValue Vad vad,
        @DefaultValue BargeIn bargeIn,
        @DefaultValue("false") boolean protectedGreeting,
        @DefaultValue CallerSilence callerSilence,
        @DefaultValue("0s") Duration maxDuration,
        @DefaultValue("1m") Duration warnBefore,
        @DefaultValue Remember history,
        @DefaultValue("10s") Duration toolTimeout,
        @DefaultValue("10s") Duration goodbyeTimeout,
        @DefaultValue("2") int threads,
        @DefaultValue("64") int workers) {

    private static final String PREFIX = "firefly.pipeline.";

    public PipelineProperties {
        url("base-url", baseUrl);
        check(longestAnswer >= 100 && longestAnswer <= 10_000, "longest-answer", "100 to 10000");
        check(!goodbye.isBlank(), "goodbye", "some last words");
        new Conduct(protectedGreeting, callerSilence, maxDuration, warnBefore).check(PREFIX);
        within("tool-timeout", toolTimeout, 100, 120_000);
        within("goodbye-timeout", goodbyeTimeout, 1_000, 60_000);
        check(threads >= 1 && threads <= 64, "threads", "1 to 64");
        check(workers >= 3 && workers <= 4_096, "workers", "3 to 4096");
    }

    /** What is set of every stage. */
    public sealed interface StageSettings {
        /** Empty: the common one. */
        String baseUrl();

        /** Of a server that is not the common one; never printed. */
        String apiKey();

        String model();

        Duration timeout();

        int retries();
    }

    /**
     * Where one stage is reached.
     *
     * @param timeout for the whole of it, per sentence when speaking; when generating, for the next piece of text
     * @param retries after a failure before anything came of it: a broken connection, 408, 429, 5xx
     */
    public record Access(URI baseUrl, String apiKey, String model, Duration timeout, int retries) {
        /** Without the key. */
        @Override
        public String toString() {
            return model + " at " + baseUrl;
        }
    }

    /**
     * What the caller said becomes text: {@code POST /audio/transcriptions}.
     *
     * @param language ISO 639-1, a hint for agents that have none; empty lets the model decide
     * @param sampleRate Hz, to which the line's sound is brought
     * @param pricePerMinute US dollars for a minute of sound; 0: it costs nothing, or nobody knows
     */
    public record Transcribe(
            @DefaultValue("") String baseUrl,
            @DefaultValue("") String apiKey,
            @DefaultValue("gpt-transcribe") String model,
            @DefaultValue("") String language,
            @DefaultValue("16000") int sampleRate,
            @DefaultValue("0") double pricePerMinute,
            @DefaultValue("8s") Duration timeout,
            @DefaultValue("1") int retries)
            implements StageSettings {
        public Transcribe {
            check("transcribe", baseUrl, model, timeout, retries);
            check(language.matches("([a-z]{2})?"), "transcribe.language", "an ISO 639-1 code such as de, or empty");
            rate("transcribe.sample-rate", sampleRate);
            price("transcribe.price-per-minute", pricePerMinute);
        }

        /** What so much sound costs. */
        public AgentUsage cost(Duration sound) {
            return dollars(pricePerMinute * sound.toMillis() / 60_000);
        }

        /** Without the key. */
        @Override
        public String toString() {
            return model + baseUrl;
        }
    }

    /**
     * The answer: {@code POST /chat/completions}, streamed.
     *
     * @param maxTokens of one answer
     * @param maxTokensName {@code max_completion_tokens}, or {@code max_tokens} for servers that know only that
     * @param prices of models, by name: agents may have their own
     */
    public record Generate(
            @DefaultValue("") String baseUrl,
            @DefaultValue("") String apiKey,
            @DefaultValue("gpt-4.1-mini") String model,
            @DefaultValue("300") int maxTokens,
            @DefaultValue("max_completion_tokens") String maxTokensName,
            @DefaultValue Map<String, TokenPrice> prices,
            @DefaultValue("8s") Duration timeout,
            @DefaultValue("1") int retries)
            implements StageSettings {
        public Generate {
            check("generate", baseUrl, model, timeout, retries);
            check(maxTokens >= 1 && maxTokens <= 32_768, "generate.max-tokens", "1 to 32768");
            check(
                    maxTokensName.matches("max_(completion_)?tokens"),
                    "generate.max-tokens-name",
                    "max_completion_tokens or max_tokens");
        }

        /** The model an agent talks with. */
        public String model(AgentProfile profile) {
            String own = profile.model();
            return own == null || own.isBlank() ? model : own;
        }

        /** With what it cost, when the price of the model is known. */
        public AgentUsage cost(String ofModel, AgentUsage usage) {
            TokenPrice price = prices.get(ofModel);
            return price == null ? usage : price.of(usage);
        }

        /** Without the key. */
        @Override
        public String toString() {
            return model + baseUrl;
        }
    }

    /**
     * A sentence becomes sound: {@code POST /audio/speech}.
     *
     * @param voice of agents that have none
     * @param format {@code wav} or {@code pcm}, what is asked for; an answer that is a WAV file is known as one anyway
     * @param sampleRate Hz of an answer that is not
     * @param speed 0.25 to 4, as the server understands it
     * @param pricePerMillionCharacters US dollars; 0: it costs nothing, or nobody knows
     */
    public record Speak(
            @DefaultValue("") String baseUrl,
            @DefaultValue("") String apiKey,
            @DefaultValue("gpt-4o-mini-tts") String model,
            @DefaultValue("marin") String voice,
            @DefaultValue("wav") String format,
            @DefaultValue("24000") int sampleRate,
            @DefaultValue("1.0") double speed,
            @DefaultValue("0") double pricePerMillionCharacters,
            @DefaultValue("8s") Duration timeout,
            @DefaultValue("1") int retries)
            implements StageSettings {
        public Speak {
            check("speak", baseUrl, model, timeout, retries);
            check(!voice.isBlank(), "speak.voice", "the name of a voice");
            check(format.matches("wav|pcm"), "speak.format", "wav or pcm");
            rate("speak.sample-rate", sampleRate);
            check(speed >= 0.25 && speed <= 4, "speak.speed", "0.25 to 4");
            price("speak.price-per-million-characters", pricePerMillionCharacters);
        }

        /** What so many characters cost. */
        public AgentUsage cost(int characters) {
            return dollars(pricePerMillionCharacters * characters / 1_000_000);
        }

        /** Without the key. */
        @Override
        public String toString() {
            return model + baseUrl;
        }
    }

    /**
     * When the caller counts as speaking.
     *
     * @param detector {@code energy}, or {@code silero} in builds that have it
     * @param overNoise {@code energy}: decibels by which speech is louder than the line's own noise
     * @param probability {@code silero}: 0.1 to 0.95, from which on it is speech; an agent's threshold takes its place
     * @param model {@code silero}: the file {@code silero_vad.onnx}
     * @param prefixPadding sound before the onset that belongs to the turn
     * @param silence this much silence ends the turn
     * @param shortestTurn a turn with less speech in it is noise
     * @param longestTurn then it is taken as it is
     * @param sustained speech that goes on for so long interrupts the agent; anything shorter is let pass
     */
    public record Vad(
            @DefaultValue("energy") String detector,
            @DefaultValue("12") double overNoise,
            @DefaultValue("0.5") double probability,
            @DefaultValue("") String model,
            @DefaultValue("300ms") Duration prefixPadding,
            @DefaultValue("600ms") Duration silence,
            @DefaultValue("120ms") Duration shortestTurn,
            @DefaultValue("30s") Duration longestTurn,
            @DefaultValue("250ms") Duration sustained) {
        private static final double LEAST = 0.1;
        private static final double MOST = 0.95;
        private static final Span PADDING = new Span(20, 2_000);
        private static final Span SILENCE = new Span(100, 5_000);

        public Vad {
            check(detector.matches("energy|silero"), "vad.detector", "energy or silero");
            check(probability >= LEAST && probability <= MOST, "vad.probability", LEAST + " to " + MOST);
            check(overNoise >= 3 && overNoise <= 40, "vad.over-noise", "3 to 40 (decibels)");
            within("vad.prefix-padding", prefixPadding, PADDING.leastMillis(), PADDING.mostMillis());
            within("vad.silence", silence, SILENCE.leastMillis(), SILENCE.mostMillis());
            within("vad.shortest-turn", shortestTurn, 0, 2_000);
            within("vad.longest-turn", longestTurn, 1_000, 120_000);
            within("vad.sustained", sustained, 60, 3_000);
        }

        /** As one agent's profile says, within what may be set. */
        public Vad with(AgentManner.@Nullable TurnDetection own) {
            if (own == null) return this;
            return new Vad(
                    detector,
                    overNoise,
                    Math.max(LEAST, Math.min(Conduct.or(own.threshold(), probability), MOST)),
                    model,
                    PADDING.nearest(Conduct.or(own.padding(), prefixPadding)),
                    SILENCE.nearest(Conduct.or(own.silence(), silence)),
                    shortestTurn,
                    longestTurn,
                    sustained);
        }
    }

    /** What a duration may be. */
    private record Span(long leastMillis, long mostMillis) {
        Duration nearest(Duration wanted) {
            return Duration.ofMillis(Math.max(leastMillis, Math.min(wanted.toMillis(), mostMillis)));
        }
    }

    /**
     * What happens when the caller speaks over the agent.
     *
     * @param enabled false: the agent is heard to its end, then the caller is
     * @param resume an interruption without words is none: the agent goes on where it was
     * @param rewind a little of what was said last is said again then
     * @param words fewer are none: a listener's "yes" or "I see"
     */
    public record BargeIn(
            @DefaultValue("true") boolean enabled,
            @DefaultValue("true") boolean resume,
            @DefaultValue("200ms") Duration rewind,
            @DefaultValue("1") int words) {
        public BargeIn {
            within("barge-in.rewind", rewind, 0, 2_000);
            check(words >= 1 && words <= 10, "barge-in.words", "1 to 10");
        }
    }

    /**
     * What an agent remembers of its call: the oldest turns are forgotten first.
     *
     * @param turns words of the caller with all that followed
     * @param characters of all of them
     */
    public record Remember(
            @DefaultValue("30") int turns,
            @DefaultValue("16000") int characters) {
        public Remember {
            check(turns >= 1 && turns <= 1_000, "history.turns", "1 to 1000");
            check(characters >= 500 && characters <= 1_000_000, "history.characters", "500 to 1000000");
        }
    }

    /** How agents behave that do not say otherwise. */
    public Conduct conduct() {
        return new Conduct(protectedGreeting, callerSilence, maxDuration, warnBefore);
    }

    /** @param commonKey goes with the common base URL, to nobody else */
    public Access access(StageSettings stage, String commonKey) {
        boolean elsewhere = !stage.baseUrl().isBlank();
        URI url = elsewhere ? URI.create(stage.baseUrl().strip()) : baseUrl;
        String key = elsewhere || !stage.apiKey().isBlank() ? stage.apiKey().strip() : commonKey;
        return new Access(url, key, stage.model(), stage.timeout(), stage.retries());
    }

    /** Models and servers, for people. */
    public String where() {
        return access(transcribe, "") + ", " + access(generate, "") + ", " + access(speak, "");
    }

    /** Without the key. */
    @Override
    public String toString() {
        return "PipelineProperties[" + where() + "]";
    }

    private static void check(String name, String baseUrl, String model, Duration timeout, int retries) {
        if (!baseUrl.isBlank()) url(name + ".base-url", URI.create(baseUrl.strip()));
        check(!model.isBlank(), name + ".model", "the name of a model");
        within(name + ".timeout", timeout, 100, 120_000);
        check(retries >= 0 && retries <= 5, name + ".retries", "0 to 5");
    }

    private static void url(String key, URI url) {
        boolean right = url.getHost() != null && String.valueOf(url.getScheme()).matches("https?");
        check(right, key, "an http:// or https:// URL such as http://127.0.0.1:8000/v1");
    }

    private static void rate(String key, int hertz) {
        check(hertz >= 8_000 && hertz <= 48_000 && hertz % 1_000 == 0, key, "8000 to 48000 in steps of 1000");
    }

    private static void price(String key, double dollars) {
        check(dollars >= 0 && dollars <= 100_000, key, "US dollars, 0 to 100000");
    }

    private static AgentUsage dollars(double dollars) {
        return AgentUsage.NONE.at(Math.round(dollars * 1e9));
    }

    private static void within(String key, Duration value, long leastMillis, long mostMillis) {
        check(
                value.toMillis() >= leastMillis && value.toMillis() <= mostMillis,
                key,
                leastMillis + "ms to " + mostMillis + "ms, not " + value.toMillis() + "ms");
    }

    private static void check(boolean right, String key, String expected) {
        if (!right) throw new IllegalArgumentException(PREFIX + key + " must be " + expected);
    }
}
