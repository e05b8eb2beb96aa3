package io.firefly.voip.camel.pipeline;

import io.firefly.voip.agent.pipeline.http.SpeechApi;
import org.apache.camel.Category;
import org.apache.camel.Consumer;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.spi.Metadata;
import org.apache.camel.spi.UriEndpoint;
import org.apache.camel.spi.UriPath;
import org.apache.camel.support.DefaultEndpoint;
import org.apache.camel.support.DefaultProducer;
import org.jspecify.annotations.Nullable;

/** The stages of a voice agent: what the caller said becomes text, an answer, and speech. */
@UriEndpoint(
        firstVersion = "0.1.0",
        scheme = "pipeline",
        title = "Pipeline",
        syntax = "pipeline:stage",
        producerOnly = true,
        category = {Category.AI},
        generateConfigurer = false)
@Metadata(excludeProperties = "lazyStartProducer")
@SuppressWarnings("UnusedVariable") // the option is there for Camel's catalog; the component reads what a route says
final class PipelineEndpoint extends DefaultEndpoint {
    @UriPath(
            enums = "transcribe,generate,speak",
            description = "What the server of firefly.pipeline does: transcribe makes words of what the caller said,"
                    + " generate an answer of these, speak a sound of a sentence")
    @Metadata(required = true)
    private @Nullable String stage;

    private final PipelineComponent component;
    private final PipelineStep step;

    PipelineEndpoint(String uri, PipelineComponent component, PipelineStep step) {
        super(uri, component);
        this.component = component;
        this.step = step;
    }

    @Override
    public Producer createProducer() {
        return new DefaultProducer(this) {
            @Override
            public void process(Exchange exchange) throws Exception {
                SpeechApi api = component.api();
                if (api == null) return;
                try {
                    step.run(api, exchange, StageExchange.work(exchange));
                } catch (InterruptedException e) {
                    // Nobody wants it any more: no failure, which would open a circuit breaker.
                    Thread.currentThread().interrupt();
                    exchange.getMessage().setBody("");
                    exchange.setRouteStop(true);
                }
            }
        };
    }

    @Override
    public Consumer createConsumer(Processor processor) {
        throw new IllegalArgumentException(getEndpointUri() + " stands behind 'to'");
    }
}
