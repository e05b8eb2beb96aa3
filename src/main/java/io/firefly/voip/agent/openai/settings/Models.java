package io.firefly.voip.agent.openai.settings;

import io.firefly.voip.agent.AgentUsage;
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

    private static final Map<String, Price> PRICES = Map.of(
            "gpt-realtime-2.1", new Price(4.00, 0.40, 24.00, 32.00, 0.40, 64.00),
            "gpt-realtime-2.1-mini", new Price(0.60, 0.06, 2.40, 10.00, 0.30, 20.00),
            "gpt-realtime-2", new Price(4.00, 0.40, 24.00, 32.00, 0.40, 64.00),
            "gpt-realtime-1.5", new Price(4.00, 0.40, 16.00, 32.00, 0.40, 64.00));

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

    /** US dollars for a million tokens. */
    public record Price(
            @DefaultValue("0") double textIn,
            @DefaultValue("0") double textCached,
            @DefaultValue("0") double textOut,
            @DefaultValue("0") double audioIn,
            @DefaultValue("0") double audioCached,
            @DefaultValue("0") double audioOut) {
        private static final double NANOS = 1_000; // of a dollar for a token, when a million cost one

        public Price {
            for (double price : new double[] {textIn, textCached, textOut, audioIn, audioCached, audioOut}) {
                if (!(price >= 0 && price <= 100_000)) {
                    throw new IllegalArgumentException(
                            "firefly.openai.prices must be US dollars for a million tokens, 0 or more");
                }
            }
        }

        /** In billionths of a dollar. */
        public long of(AgentUsage usage) {
            long cachedText = usage.cachedTokens() - usage.cachedAudioTokens();
            long text = usage.inputTokens() - usage.inputAudioTokens() - cachedText;
            long audio = usage.inputAudioTokens() - usage.cachedAudioTokens();
            long said = usage.outputTokens() - usage.outputAudioTokens();
            double dollars = text * textIn
                    + cachedText * textCached
                    + audio * audioIn
                    + usage.cachedAudioTokens() * audioCached
                    + said * textOut
                    + usage.outputAudioTokens() * audioOut;
            return Math.max(0, Math.round(NANOS * dollars));
        }
    }

    /** @return null when nobody knows */
    static @Nullable Price price(String model) {
        Price exact = PRICES.get(model);
        if (exact != null) return exact;
        int date = model.indexOf("-20"); // a snapshot: gpt-realtime-2.1-2026-10-01
        return date < 0 ? null : PRICES.get(model.substring(0, date));
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
