package io.firefly.voip.agent.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.firefly.voip.agent.AgentUsage;
import io.firefly.voip.agent.pipeline.VoiceBackend.Answer;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a call costs by the prices of its three stages. */
class CostsTest {
    private static final AgentUsage TOKENS = new AgentUsage(1_000, 200, 0, 0, 400, 0, 0);

    private static Rig answered(String... prices) {
        Rig rig = Rig.greeted(prices);
        rig.backend.models.add((prompt, text) -> new Answer("Well, well.", List.of(), TOKENS));
        rig.says("how are you").quietUntilSilent();
        return rig;
    }

    @Test
    void everyStageCostsWhatItsPriceSays() {
        Rig rig = answered(
                "transcribe.price-per-minute", "0.006",
                "generate.prices.[gpt-4.1-mini].text-in", "1",
                "generate.prices.[gpt-4.1-mini].text-cached", "0.5",
                "generate.prices.[gpt-4.1-mini].text-out", "2",
                "speak.price-per-million-characters", "15");

        long heard = rig.backend.heard.get(0).durationMillis() * 100; // 0.006 dollars a minute
        long generated = (600 + 200 + 400) * 1_000L;
        long spoken = ("Hello." + "Well, well.").length() * 15_000L;
        assertThat(rig.usage()).isEqualTo(TOKENS.at(heard + generated + spoken));
        assertThat(rig.tally().usage().sum()).as("of all calls").isEqualTo(rig.usage());
    }

    @Test
    void withoutPricesTokensAreCountedAndNoDollars() {
        assertThat(answered().usage()).isEqualTo(TOKENS);
        assertThat(answered("generate.prices.[another-model].text-in", "1").usage())
                .isEqualTo(TOKENS);
    }

    @Test
    void aStageThatFailsCostsNothing() {
        Rig rig = Rig.greeted("transcribe.price-per-minute", "1", "speak.price-per-million-characters", "0");
        rig.backend.deafness = new IOException("no whisper");
        rig.says("hello");

        assertThat(rig.usage()).isEqualTo(AgentUsage.NONE);
    }

    @Test
    void aPriceThatCannotBeIsNamed() {
        assertThatThrownBy(() -> Rig.properties("generate.prices.[m].text-out", "-2"))
                .hasStackTraceContaining("firefly.pipeline.generate.prices[m]")
                .hasStackTraceContaining("a price must be US dollars for a million tokens, 0 to 100000, not -2.0");
    }
}
