package io.firefly.voip.camel.pipeline;

import io.firefly.voip.agent.pipeline.VoiceBackend.Prompt;
import io.firefly.voip.agent.pipeline.http.SpeechApi;
import io.firefly.voip.audio.Sound;
import io.firefly.voip.camel.pipeline.StageExchange.Work;
import java.io.IOException;
import java.util.Arrays;
import java.util.Locale;
import java.util.Objects;
import org.apache.camel.Exchange;

/** What stands behind {@code pipeline:}. */
enum PipelineStep {
    TRANSCRIBE {
        @Override
        void run(SpeechApi api, Exchange exchange, Work work) throws IOException, InterruptedException {
            Sound speech = Objects.requireNonNull(work.speech(), "there is no speech to transcribe in this route");
            exchange.getMessage().setBody(api.transcribe(work.call(), speech));
        }
    },
    GENERATE {
        @Override
        void run(SpeechApi api, Exchange exchange, Work work) throws IOException, InterruptedException {
            Prompt prompt = Objects.requireNonNull(work.prompt(), "nothing is to be answered in this route");
            StageExchange.answer(exchange, api.generate(work.call(), prompt, work.text()));
        }
    },
    SPEAK {
        @Override
        void run(SpeechApi api, Exchange exchange, Work work) throws IOException, InterruptedException {
            exchange.getMessage()
                    .setBody(api.speak(work.call(), exchange.getMessage().getBody(String.class)));
        }
    };

    abstract void run(SpeechApi api, Exchange exchange, Work work) throws IOException, InterruptedException;

    static PipelineStep named(String uri, String word) {
        return Arrays.stream(values())
                .filter(step -> step.word().equals(word))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        uri + ": after pipeline: comes transcribe, generate or speak, not '" + word + "'"));
    }

    private String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
