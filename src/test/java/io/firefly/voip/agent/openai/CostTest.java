package io.firefly.voip.agent.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.firefly.voip.agent.AgentUsage;
import io.firefly.voip.agent.openai.settings.Models;
import java.time.Duration;
import java.time.LocalDate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CostTest {
    /** The example of the documentation: 132 in, of which 73 sound and 64 sound from the cache; 188 out, 147 sound. */
    private static final AgentUsage EXAMPLE = new AgentUsage(132, 188, 73, 147, 64, 64, 0);

    @ParameterizedTest
    @CsvSource({
        // 59 x 4 + 9 x 32 + 64 x 0.4 + 41 x 24 + 147 x 64, in millionths of a dollar
        "gpt-realtime-2.1, 10941600",
        "gpt-realtime-2.1-2026-10-01, 10941600",
        // 59 x 0.6 + 9 x 10 + 64 x 0.3 + 41 x 2.4 + 147 x 20
        "gpt-realtime-2.1-mini, 3183000",
        "somebody-elses-model, 0",
    })
    void aResponseCostsWhatTheListOfPricesSays(String model, long nanoDollars) {
        assertThat(Rig.properties().priced(model, EXAMPLE).nanoDollars()).isEqualTo(nanoDollars);
    }

    @Test
    void aPriceMayBeSet() {
        var properties =
                Rig.properties("prices.[my-deployment].text-in", "1", "prices.[my-deployment].audio-out", "100");

        assertThat(properties.priced("my-deployment", EXAMPLE).nanoDollars()).isEqualTo(59_000 + 14_700_000);
        assertThatThrownBy(() -> Rig.properties("prices.[x].text-in", "-1"))
                .hasStackTraceContaining("firefly.openai.prices[x]")
                .hasStackTraceContaining("a price must be US dollars for a million tokens, 0 to 100000, not -1.0");
    }

    @Test
    void whatIsCachedIsReadFromTheResponse() {
        try (Rig rig = new Rig().talking()) {
            rig.responds("resp_1", "");
            rig.server("{'type':'response.done','response':{'id':'resp_1','status':'completed','output':[],'usage':"
                    + "{'total_tokens':320,'input_tokens':132,'output_tokens':188,'input_token_details':{'text_tokens':59,"
                    + "'audio_tokens':73,'cached_tokens':64,'cached_tokens_details':{'text_tokens':0,'audio_tokens':64}},"
                    + "'output_token_details':{'text_tokens':41,'audio_tokens':147}}}}");

            assertThat(rig.usages.get(1)).isEqualTo(EXAMPLE.at(10_941_600));
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            gpt-transcribe         | {'type':'duration','seconds':8}                                           | 600000
            gpt-live-transcribe    | {'type':'duration','seconds':30}                                          | 8500000
            gpt-4o-transcribe      | {'type':'tokens','total_tokens':60,'input_tokens':40,'output_tokens':20}  | 300000
            mine                   | {'type':'duration','seconds':60}                                          | 12000000
            mine                   | {'type':'tokens','total_tokens':3,'input_tokens':2,'output_tokens':1}     | 5000
            somebody-elses-model   | {'type':'duration','seconds':60}                                          | 0
            gpt-transcribe         | {'type':'duration','seconds':-5}                                          | 0
            gpt-transcribe         | null                                                                      | 0
            """)
    void whatIsWrittenDownOfTheCallerCostsToo(String model, String usage, long nanoDollars) {
        try (Rig rig = new Rig(
                        "transcription-model", model,
                        "transcription-prices.[mine].minute", "0.012",
                        "transcription-prices.[mine].input", "2",
                        "transcription-prices.[mine].output", "1")
                .talking()) {
            int before = rig.usages.size();
            rig.server("{'type':'conversation.item.input_audio_transcription.completed','item_id':'item_u',"
                    + "'content_index':0,'transcript':'Hi.','usage':" + usage + "}");

            assertThat(rig.usages.stream()
                            .skip(before)
                            .mapToLong(AgentUsage::nanoDollars)
                            .sum())
                    .isEqualTo(nanoDollars);
            assertThat(rig.usages.stream()
                            .skip(before)
                            .mapToLong(AgentUsage::inputTokens)
                            .sum())
                    .as("tokens of another model are not the agent's")
                    .isZero();
            rig.advance(Duration.ofSeconds(1));
            assertThat(rig.words()).endsWith("CALLER: Hi.");
        }
    }

    @Test
    void aPriceOfTranscriptionBelowNothingIsRefused() {
        assertThatThrownBy(() -> Rig.properties("transcription-prices.[x].minute", "-1"))
                .hasStackTraceContaining("firefly.openai.transcription-prices must be US dollars");
    }

    @ParameterizedTest
    @CsvSource({
        "gpt-realtime, 2027-01-20",
        "gpt-realtime-mini-2025-10-06, 2027-01-20",
        "gpt-4o-realtime-preview-2024-12-17, 2026-05-12",
        "whisper-1, 2027-02-26",
        "gpt-4o-mini-transcribe, 2027-02-26",
        "gpt-realtime-2.1,",
        "gpt-transcribe,",
    })
    void theLastDayOfAModelIsKnown(String model, @Nullable LocalDate day) {
        assertThat(Models.lastDay(model)).isEqualTo(day);
    }
}
