package io.firefly.voip.camel.freeswitch.board;

import io.firefly.voip.call.HangupCause;
import io.firefly.voip.camel.freeswitch.esl.EslCommand;
import io.firefly.voip.camel.freeswitch.esl.EslConnection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The event socket that FreeSWITCH opened for one call. */
final class OwnSocket implements ChannelLink {
    private static final Logger LOG = LoggerFactory.getLogger(OwnSocket.class);

    private final EslConnection connection;

    OwnSocket(EslConnection connection) {
        this.connection = connection;
    }

    /** Asks for the events of its channel, and for the last ones to be sent before it closes. */
    void begin() {
        var unused = CompletableFuture.allOf(
                        connection.ask(EslCommand.OWN_EVENTS),
                        connection.ask(EslCommand.subscribe(List.of("BACKGROUND_JOB"), EslNode.SUBCLASSES)),
                        connection.ask(EslCommand.LINGER))
                .whenComplete((done, failure) -> {
                    if (failure != null) connection.close("its events are not to be had: " + failure.getMessage());
                });
    }

    /** All was said: FreeSWITCH need not linger. */
    void end() {
        var unused = connection.send(EslCommand.EXIT);
    }

    @Override
    public CompletableFuture<String> execute(String uuid, String application, String argument) {
        return connection.execute(uuid, application, argument);
    }

    @Override
    public CompletableFuture<String> queue(String uuid, String application, String argument) {
        return connection.queue(uuid, application, argument);
    }

    @Override
    public CompletableFuture<String> api(String command, String arguments) {
        return connection.background(command, arguments);
    }

    @Override
    public void hangUp(String uuid, HangupCause cause) {
        var unused = connection.ask(EslCommand.hangUp(uuid, cause)).whenComplete((done, failure) -> {
            if (failure != null) LOG.debug("channel {} is gone: {}", uuid, failure.getMessage());
        });
    }
}
