package io.firefly.voip.camel.agent;

import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.Processor;

/** {@code to agent:deliver}: hands the event of a socket to the conversation it belongs to. */
final class DeliverProcessor implements Processor {
    private final CamelUpstream upstream;

    DeliverProcessor(CamelUpstream upstream) {
        this.upstream = upstream;
    }

    @Override
    public void process(Exchange exchange) {
        Message message = exchange.getMessage();
        String key = message.getHeader(CamelUpstream.KEY, String.class);
        String event = message.getHeader(CamelUpstream.EVENT, String.class);
        if (key == null || event == null) {
            throw new IllegalArgumentException("agent:deliver needs the headers " + CamelUpstream.KEY + " and "
                    + CamelUpstream.EVENT + "; it stands behind from websocket:client/agent");
        }
        upstream.deliver(key, event, message);
    }
}
