package io.firefly.voip.camel.call;

import io.firefly.voip.call.CallId;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.ShutdownRunningTask;
import org.apache.camel.Suspendable;
import org.apache.camel.spi.ShutdownAware;
import org.apache.camel.support.DefaultConsumer;

/** A route that starts from {@code call:incoming} or {@code call:ended}. Runs on the worker that brings the event. */
final class CallConsumer extends DefaultConsumer implements Suspendable, ShutdownAware {
    private final CallEntrance entrance;

    CallConsumer(CallEndpoint endpoint, Processor processor, CallEntrance entrance) {
        super(endpoint, processor);
        this.entrance = entrance;
    }

    @Override
    protected void doStart() throws Exception {
        super.doStart();
        entrance.open(this);
    }

    @Override
    protected void doSuspend() throws Exception {
        entrance.close(this);
        super.doSuspend();
    }

    @Override
    protected void doResume() throws Exception {
        super.doResume();
        entrance.open(this);
    }

    @Override
    protected void doStop() throws Exception {
        entrance.close(this);
        super.doStop();
    }

    /** Runs the route to its end and returns the exchange, which may hold an exception nobody handled. */
    Exchange run(CallId call, Object body) {
        Exchange exchange = createExchange(false);
        try {
            createUoW(exchange);
            CallExchange.begin(exchange, call);
            exchange.getMessage().setBody(body);
            getProcessor().process(exchange);
        } catch (Exception e) {
            exchange.setException(e);
        } finally {
            doneUoW(exchange);
        }
        return exchange;
    }

    @Override
    public boolean deferShutdown(ShutdownRunningTask task) {
        return false;
    }

    /** Whoever got past the entrance but is not yet in flight: the route waits for them, too. */
    @Override
    public int getPendingExchangesSize() {
        return entrance.inside();
    }

    @Override
    public void prepareShutdown(boolean suspendOnly, boolean forced) {
        // Nothing is kept here that could be finished early.
    }
}
