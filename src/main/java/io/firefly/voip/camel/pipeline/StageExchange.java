package io.firefly.voip.camel.pipeline;

import io.firefly.voip.agent.AgentBrief;
import io.firefly.voip.agent.pipeline.VoiceBackend.Answer;
import io.firefly.voip.agent.pipeline.VoiceBackend.Prompt;
import io.firefly.voip.audio.Sound;
import java.util.function.Consumer;
import org.apache.camel.Exchange;
import org.jspecify.annotations.Nullable;

/** What an exchange of a stage carries beside its body: nothing that a route could need, all that our steps do. */
final class StageExchange {
    static final String LANGUAGE = "PipelineLanguage";
    static final String VOICE = "PipelineVoice";
    static final String AGENT = "PipelineAgent";
    /** Of a body that is bare samples, in Hz. */
    static final String SAMPLE_RATE = "PipelineSampleRate";

    private static final String WORK = "FireflyPipelineWork";
    private static final String ANSWER = "FireflyPipelineAnswer";

    private StageExchange() {}

    /** What is to be done, and where text goes as it comes. */
    record Work(
            AgentBrief call,
            @Nullable Sound speech,
            @Nullable Prompt prompt,
            Consumer<String> text) {}

    static void give(Exchange exchange, Work work) {
        exchange.setProperty(WORK, work);
    }

    /** @throws IllegalArgumentException when the exchange is not one of a stage */
    static Work work(Exchange exchange) {
        Work work = exchange.getProperty(WORK, Work.class);
        if (work == null) {
            throw new IllegalArgumentException("a pipeline: step stands in one of the routes pipeline-transcribe,"
                    + " pipeline-generate and pipeline-speak, or in what they call");
        }
        return work;
    }

    static void answer(Exchange exchange, Answer answer) {
        exchange.setProperty(ANSWER, answer);
        exchange.getMessage().setBody(answer.text());
    }

    static @Nullable Answer answer(Exchange exchange) {
        return exchange.getProperty(ANSWER, Answer.class);
    }
}
