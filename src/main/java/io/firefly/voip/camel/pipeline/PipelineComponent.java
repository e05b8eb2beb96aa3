package io.firefly.voip.camel.pipeline;

import io.firefly.voip.agent.pipeline.http.SpeechApi;
import java.util.Map;
import org.apache.camel.Endpoint;
import org.apache.camel.spi.annotations.Component;
import org.apache.camel.support.DefaultComponent;
import org.jspecify.annotations.Nullable;

/** The scheme {@code pipeline:}. */
@Component("pipeline")
public final class PipelineComponent extends DefaultComponent {
    /** Null on trial: no server is asked. */
    private final @Nullable SpeechApi api;

    PipelineComponent(SpeechApi api) {
        this.api = api;
    }

    private PipelineComponent() {
        this.api = null;
    }

    /** Judges what a route says, and lets every body pass as it is. */
    public static PipelineComponent onTrial() {
        return new PipelineComponent();
    }

    @Override
    protected Endpoint createEndpoint(String uri, String remaining, Map<String, Object> parameters) {
        return new PipelineEndpoint(uri, this, PipelineStep.named(uri, remaining));
    }

    @Nullable
    SpeechApi api() {
        return api;
    }
}
