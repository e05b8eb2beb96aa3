package io.firefly.voip.camel.freeswitch;

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

/** FreeSWITCH: calls it hands to us, what happens there, and what is ordered of it. */
@UriEndpoint(
        firstVersion = "0.1.0",
        scheme = "freeswitch",
        title = "FreeSWITCH",
        syntax = "freeswitch:verb",
        category = {Category.NETWORKING},
        headersClass = FreeSwitchHeaders.class,
        generateConfigurer = false)
@Metadata(excludeProperties = "bridgeErrorHandler,exceptionHandler,exchangePattern,lazyStartProducer")
@SuppressWarnings("UnusedVariable") // the options are there for Camel's catalog; FreeSwitchWord reads what a route says
final class FreeSwitchEndpoint extends DefaultEndpoint {
    @UriPath(
            enums = "calls,events,api,execute",
            description = "From: calls (that its dialplan hands to us by socket) or events. To: api (a command) or"
                    + " execute (an application on a channel)")
    @Metadata(required = true)
    private @Nullable String verb;

    @UriParam(label = "consumer", description = "events: names, separated by commas, such as HEARTBEAT,CHANNEL_ANSWER")
    private @Nullable String names;

    @UriParam(label = "consumer", description = "events: subclasses of CUSTOM events, such as mod_audio_fork::connect")
    private @Nullable String subclasses;

    @UriParam(
            description =
                    "events, api: name of a node of the settings; all of them (events), the only one (api) when not"
                            + " given")
    private @Nullable String node;

    @UriParam(label = "producer", description = "api: the command, such as status; none that runs programs")
    private @Nullable String command;

    @UriParam(label = "producer", description = "execute: the application, such as playback")
    private @Nullable String application;

    @UriParam(
            label = "producer",
            description = "What follows the command or application, a text or an expression of the simple language")
    private @Nullable String arguments;

    @UriParam(
            label = "producer",
            description = "execute: uuid of the channel, a text or an expression; that of the call when not given")
    private @Nullable String channel;

    private final FreeSwitchComponent component;
    private final FreeSwitchWord word;

    FreeSwitchEndpoint(String uri, FreeSwitchComponent component, FreeSwitchWord word) {
        super(uri, component);
        this.component = component;
        this.word = word;
    }

    @Override
    public Producer createProducer() {
        if (word.verb().isEntry())
            throw new IllegalArgumentException(word.verb() + " is where a route starts; no step can send to it");
        return new FreeSwitchProducer(this, word, component.board());
    }

    @Override
    public Consumer createConsumer(Processor processor) throws Exception {
        Consumer consumer =
                switch (word.verb()) {
                    case CALLS -> new CallsConsumer(this, processor, component.board());
                    case EVENTS -> new EventsConsumer(this, processor, word, component.board());
                    default ->
                        throw new IllegalArgumentException(
                                word.verb() + " is a step; routes start from freeswitch:calls or freeswitch:events");
                };
        configureConsumer(consumer);
        return consumer;
    }
}
