package io.firefly.voip.agent.openai.settings;

import io.firefly.voip.agent.cost.TokenPrice;
import java.time.LocalDate;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.DefaultValue;

/** What is known of OpenAI's models in November 2026: what they cost, and when they are shut down. */
public final class Models {
    private static final LocalDate REALTIME_1 = LocalDate.of(2027, 1, 20);
    private static final LocalDate FIRST_TRANSCRIBERS = LocalDate.of(2027, 2, 26);
    private static final LocalDate PREVIEWS = LocalDate.of(2026, 5, 12);

    private static final Map<String, TokenPrice> PRICES = Map.of(
            "gpt-realtime-2.1", new TokenPrice(4.00, 0.40, 24.00, 32.00, 0.40, 64.00),
            "gpt-realtime-2.1-mini", new TokenPrice(0.60, 0.06, 2.40, 10.00, 0.30, 20.00),
            "gpt-realtime-2", new TokenPrice(4.00, 0.40, 24.00, 32.00, 0.40, 64.00),
            "gpt-realtime-1.5", new TokenPrice(4.00, 0.40, 16.00, 32.00, 0.40, 64.00));

    private static final Map<String, TranscriptionPrice> TRANSCRIPTION_PRICES = Map.of(
            "gpt-transcribe", new TranscriptionPrice(0.0045, 0, 0),
            "gpt-live-transcribe", new TranscriptionPrice(0.017, 0, 0),
            "gpt-realtime-whisper", new TranscriptionPrice(0.017, 0, 0),
            "whisper-1", new TranscriptionPrice(0.006, 0, 0),
            "gpt-4o-transcribe", new TranscriptionPrice(0, 2.50, 10.00),
            "gpt-4o-mini-transcribe", new TranscriptionPrice(0, 1.25, 5.00));

    /** Names, and beginnings of names that end with a star. */
    private static final Map<String, LocalDate> LAST_DAYS = new LinkedHashMap<>();

    static {
        LAST_DAYS.put("gpt-realtime", REALTIME_1);
        LAST_DAYS.put("gpt-realtime-2025-08-28", REALTIME_1);
        LAST_DAYS.put("gpt-realtime-mini*", REALTIME_1);
        LAST_DAYS.put("gpt-4o-realtime-preview*", PREVIEWS);
        LAST_DAYS.put("gpt-4o-mini-realtime-preview*", PREVIEWS);
        LAST_DAYS.put("whisper-1", FIRST_TRANSCRIBERS);
        LAST_DAYS.put("gpt-4o-transcribe*", FIRST_TRANSCRIBERS);
        LAST_DAYS.put("gpt-4o-mini-transcribe*", FIRST_TRANSCRIBERS);
    }

    private Models() {}

    /**
     * What writing down one turn of a caller took.
     *
     * @param seconds 0 when tokens are counted
     */
    public record Transcribed(double seconds, long inputTokens, long outputTokens) {}

    /**
     * Of a model that writes down what callers say. Providers report either how long that was, or tokens.
     *
     * @param minute US dollars for a minute
     * @param input US dollars for a million tokens that were read
     * @param output US dollars for a million tokens that were written
     */
    public record TranscriptionPrice(
            @DefaultValue("0") double minute,
            @DefaultValue("0") double input,
            @DefaultValue("0") double output) {
        private static final double NANOS = 1e9;

        public TranscriptionPrice {
            for (double price : new double[] {minute, input, output}) {
                if (!(price >= 0 && price <= 100_000)) {
                    throw new IllegalArgumentException("firefly.openai.transcription-prices must be US dollars for a"
                            + " minute, or for a million tokens, 0 or more");
                }
            }
        }

        /** In billionths of a dollar. */
        public long of(Transcribed usage) {
            double dollars = usage.seconds() / 60 * minute
                    + usage.inputTokens() / 1e6 * input
                    + usage.outputTokens() / 1e6 * output;
            return Math.max(0, Math.round(NANOS * dollars));
        }
    }

    /** @return null when nobody knows */
    static @Nullable TokenPrice price(String model) {
        return of(PRICES, model);
    }

    /** @return null when nobody knows */
    static @Nullable TranscriptionPrice transcriptionPrice(String model) {
        return of(TRANSCRIPTION_PRICES, model);
    }

    private static <P> @Nullable P of(Map<String, P> prices, String model) {
        P exact = prices.get(model);
        if (exact != null) return exact;
        int date = model.indexOf("-20"); // a snapshot: gpt-realtime-2.1-2026-10-01
        return date < 0 ? null : prices.get(model.substring(0, date));
    }

    /** The day on which a model stops answering; null when none is known. */
    public static @Nullable LocalDate lastDay(String model) {
        for (Map.Entry<String, LocalDate> known : LAST_DAYS.entrySet()) {
            String name = known.getKey();
            boolean family = name.endsWith("*");
            boolean same = family ? model.startsWith(name.substring(0, name.length() - 1)) : model.equals(name);
            if (same) return known.getValue();
        }
        return null;
    }
}
