package io.firefly.voip.camel.call;

import org.apache.camel.Category;
import org.apache.camel.Consumer;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.spi.Metadata;
import org.apache.camel.spi.UriEndpoint;
import org.apache.camel.spi.UriParam;
import org.apache.camel.spi.UriPath;
import org.apache.camel.support.DefaultEndpoint;
import org.jspecify.annotations.Nullable;

/** Calls: what starts a route that decides about one, and what is ordered of it. */
@UriEndpoint(
        firstVersion = "0.1.0",
        scheme = "call",
        title = "Call",
        syntax = "call:verb",
        category = {Category.NETWORKING},
        remote = false,
        generateConfigurer = false)
@Metadata(excludeProperties = "bridgeErrorHandler,exceptionHandler,exchangePattern,lazyStartProducer")
@SuppressWarnings("UnusedVariable") // the options are there for Camel's catalog; CallStep reads what a route says
final class CallEndpoint extends DefaultEndpoint {
    @UriPath(
            enums = "incoming,ended,offer,admit,flow,ring,answer,play,echo,dtmf,caller,transfer,end",
            description = "What starts the route (incoming: a call waits for a decision, ended: a call is over) or what"
                    + " is ordered of the call")
    @Metadata(required = true)
    private @Nullable String verb;

    @UriParam(
            label = "producer",
            javaType = "java.time.Duration",
            description = "ring: how long it rings, 0s to 30s; the setting firefly.routing.ring-delay when not given")
    private @Nullable String delay;

    @UriParam(
            label = "producer",
            defaultValue = "false",
            description = "answer: the call is recorded, whatever its tenant wants")
    private boolean record;

    @UriParam(label = "producer", description = "play: the WAV file")
    private @Nullable String file;

    @UriParam(label = "producer", defaultValue = "1.0", description = "play: its tempo with the pitch kept, 0.1 to 5.0")
    private double tempo;

    @UriParam(
            label = "producer",
            description = "dtmf: 1 to 64 of 0-9 A-D * # (RFC 4733), or an expression of the simple language that gives"
                    + " them")
    private @Nullable String digits;

    @UriParam(
            label = "producer",
            description = "transfer: a name in directory.yaml, or an expression of the simple language that gives one."
                    + " In a tool's route the step waits for the outcome, which becomes the body")
    private @Nullable String target;

    @UriParam(
            label = "producer",
            enums =
                    "normal,cancelled,busy,declined,not-found,forbidden,unavailable,over-limit,over-rate,out-of-minutes,"
                            + "no-common-codec,draining,agent-unavailable,media-unavailable,media-timeout,no-ack,max-duration,server-error",
            defaultValue = "normal",
            description = "end: why; decides the final response before the answer")
    private @Nullable String cause;

    @UriParam(
            label = "producer",
            enums = "goodbye",
            description = "end: waits until the agent has said goodbye; not together with cause")
    private @Nullable String after;

    private final CallComponent component;
    private final CallStep step;

    CallEndpoint(String uri, CallComponent component, CallStep step) {
        super(uri, component);
        this.component = component;
        this.step = step;
    }

    @Override
    public Producer createProducer() {
        if (step.verb().isEntry()) {
            throw new IllegalArgumentException("'" + step.verb() + "' is where a route starts; no step can send to it");
        }
        return new CallProducer(this, step, component::orders);
    }

    @Override
    public Consumer createConsumer(Processor processor) throws Exception {
        if (!step.verb().isEntry()) {
            throw new IllegalArgumentException(
                    "'" + step.verb() + "' is a step; routes start from call:incoming or call:ended");
        }
        CallConsumer consumer =
                new CallConsumer(this, processor, component.entrances().of(step.verb()));
        configureConsumer(consumer);
        return consumer;
    }
}
