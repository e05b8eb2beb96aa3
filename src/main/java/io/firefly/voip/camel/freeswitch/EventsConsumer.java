package io.firefly.voip.camel.freeswitch;

import io.firefly.voip.camel.freeswitch.board.Switchboard;
import io.firefly.voip.camel.freeswitch.esl.EslEvent;
import io.firefly.voip.media.freeswitch.SwitchNode;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.Processor;
import org.apache.camel.Suspendable;
import org.apache.camel.support.DefaultConsumer;
import org.jspecify.annotations.Nullable;

/** An exchange for each event of the wanted names; of one channel in order. Runs on the workers of the event sockets. */
final class EventsConsumer extends DefaultConsumer implements Suspendable {
    private final FreeSwitchWord word;
    private final @Nullable Switchboard board;
    private @Nullable AutoCloseable hearing;

    EventsConsumer(FreeSwitchEndpoint endpoint, Processor processor, FreeSwitchWord word, @Nullable Switchboard board) {
        super(endpoint, processor);
        this.word = word;
        this.board = board;
    }

    @Override
    protected void doStart() throws Exception {
        super.doStart();
        begin();
    }

    @Override
    protected void doResume() throws Exception {
        super.doResume();
        begin();
    }

    @Override
    protected void doSuspend() throws Exception {
        end();
        super.doSuspend();
    }

    @Override
    protected void doStop() throws Exception {
        end();
        super.doStop();
    }

    private void begin() {
        if (board == null || hearing != null) return;
        hearing = board.hear(word.names(), word.subclasses(), this::heard);
    }

    private void end() throws Exception {
        AutoCloseable open = hearing;
        hearing = null;
        if (open != null) open.close();
    }

    private void heard(SwitchNode node, EslEvent event) {
        boolean wanted = event.name().equals("CUSTOM")
                ? word.subclasses().contains(event.subclass())
                : word.names().contains(event.name());
        if (!wanted || (word.node() != null && !word.node().equals(node.name()))) return;
        Exchange exchange = createExchange(false);
        Message message = exchange.getIn();
        message.setBody(event);
        message.setHeader(FreeSwitchHeaders.NODE, node.name());
        message.setHeader(FreeSwitchHeaders.EVENT, event.name());
        if (!event.subclass().isEmpty()) message.setHeader(FreeSwitchHeaders.SUBCLASS, event.subclass());
        if (!event.uuid().isEmpty()) message.setHeader(FreeSwitchHeaders.CHANNEL, event.uuid());
        try {
            createUoW(exchange);
            getProcessor().process(exchange);
        } catch (Exception e) {
            exchange.setException(e);
        } finally {
            Exception failure = exchange.getException();
            if (failure != null && !exchange.getExchangeExtension().isRedeliveryExhausted())
                getExceptionHandler().handleException("a route failed on " + event, exchange, failure);
            doneUoW(exchange);
            releaseExchange(exchange, false);
        }
    }
}
