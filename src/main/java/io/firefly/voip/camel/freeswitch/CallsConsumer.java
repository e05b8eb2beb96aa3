package io.firefly.voip.camel.freeswitch;

import io.firefly.voip.call.HangupCause;
import io.firefly.voip.camel.freeswitch.board.CallsDoor;
import io.firefly.voip.camel.freeswitch.board.HandedCall;
import io.firefly.voip.camel.freeswitch.board.Switchboard;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.Processor;
import org.apache.camel.ShutdownRunningTask;
import org.apache.camel.Suspendable;
import org.apache.camel.spi.ShutdownAware;
import org.apache.camel.support.DefaultConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** An exchange for each call that FreeSWITCH hands over. What the route does not make a call of is ended. */
final class CallsConsumer extends DefaultConsumer implements Suspendable, ShutdownAware {
    private static final Logger LOG = LoggerFactory.getLogger(CallsConsumer.class);

    /** As camel.sip names it, so that one error policy serves both doors. */
    private static final String STATUS = "SipStatus";

    private final @Nullable CallsDoor door;
    private final Consumer<HandedCall> taker = this::take;
    private final AtomicInteger inside = new AtomicInteger();

    /** @param board null: no FreeSWITCH finds us, and the route has nothing to do */
    CallsConsumer(FreeSwitchEndpoint endpoint, Processor processor, @Nullable Switchboard board) {
        super(endpoint, processor);
        this.door = board == null ? null : board.door();
    }

    @Override
    protected void doStart() throws Exception {
        super.doStart();
        if (door != null) door.open(taker);
    }

    @Override
    protected void doResume() throws Exception {
        super.doResume();
        if (door != null) door.open(taker);
    }

    @Override
    protected void doSuspend() throws Exception {
        if (door != null) door.close(taker);
        super.doSuspend();
    }

    @Override
    protected void doStop() throws Exception {
        if (door != null) door.close(taker);
        super.doStop();
    }

    private void take(HandedCall call) {
        inside.incrementAndGet();
        Exchange exchange = createExchange(false);
        Message message = exchange.getIn();
        message.setBody(call);
        message.setHeader(FreeSwitchHeaders.NODE, call.node());
        message.setHeader(FreeSwitchHeaders.CHANNEL, call.uuid());
        call.headers()
                .forEach((name, values) -> message.setHeader(
                        FreeSwitchHeaders.SIP_HEADER_PREFIX + name, values.size() == 1 ? values.get(0) : values));
        try {
            createUoW(exchange);
            getProcessor().process(exchange);
        } catch (Exception e) {
            exchange.setException(e);
        } finally {
            finish(call, exchange);
            inside.decrementAndGet();
            doneUoW(exchange);
            releaseExchange(exchange, false);
        }
    }

    private static void finish(HandedCall call, Exchange exchange) {
        Exception failure = exchange.getException();
        // The error handler has told it already, when there is one.
        if (failure != null && !exchange.getExchangeExtension().isRedeliveryExhausted())
            LOG.error("{}: its route failed", call, failure);
        if (!call.isOffered()) call.end(failure == null ? causeOf(exchange.getMessage()) : HangupCause.SERVER_ERROR);
    }

    /** What the route, or its error policy, would have a SIP caller hear. */
    private static HangupCause causeOf(Message message) {
        Integer status = message.getHeader(STATUS, Integer.class);
        if (status == null) return HangupCause.UNAVAILABLE;
        for (HangupCause cause : HangupCause.values()) {
            if (cause.sipStatus() == status && cause != HangupCause.NORMAL) return cause;
        }
        return status >= 500 ? HangupCause.SERVER_ERROR : HangupCause.UNAVAILABLE;
    }

    @Override
    public boolean deferShutdown(ShutdownRunningTask task) {
        return false;
    }

    @Override
    public int getPendingExchangesSize() {
        return inside.get();
    }

    @Override
    public void prepareShutdown(boolean suspendOnly, boolean forced) {
        // Nothing is kept here that could be finished early.
    }
}
