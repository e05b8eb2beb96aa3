package io.firefly.voip.camel.reload;

import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.camel.AsyncCallback;
import org.apache.camel.Consumer;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.component.direct.DirectComponent;
import org.apache.camel.component.direct.DirectConsumer;
import org.apache.camel.component.direct.DirectConsumerNotAvailableException;
import org.apache.camel.component.direct.DirectEndpoint;
import org.apache.camel.support.DefaultAsyncProducer;
import org.jspecify.annotations.Nullable;

/**
 * Camel's {@code direct:} made fit for routes that are swapped under load. In 4.17.0 its producer notes that the listener
 * changed before it has the new one, so that another thread goes on with the old one, whose route is stopped: exchanges
 * fail with RejectedExecutionException. Here each exchange looks up its listener, and a listener that is about to go
 * counts who is inside and lets nobody else in.
 */
final class SteadyDirectComponent extends DirectComponent {
    /** Addresses that had a listener once. Grows with the routes, not with the calls. */
    private final Set<String> everListened = ConcurrentHashMap.newKeySet();

    /** @param patience how long a route that is being swapped is waited for */
    SteadyDirectComponent(Duration patience) {
        setTimeout(patience.toMillis());
    }

    @Override
    protected Endpoint createEndpoint(String uri, String remaining, Map<String, Object> parameters) throws Exception {
        SteadyEndpoint endpoint = new SteadyEndpoint(uri, this);
        endpoint.setBlock(isBlock());
        endpoint.setTimeout(getTimeout());
        setProperties(endpoint, parameters);
        return endpoint;
    }

    /** Waits for a route that is being swapped, not for one that nobody wrote. */
    private @Nullable DirectConsumer listenerOf(SteadyEndpoint endpoint) throws InterruptedException {
        boolean wait = endpoint.isBlock() && everListened.contains(endpoint.key);
        return getConsumer(endpoint.key, wait, endpoint.getTimeout());
    }

    private static final class SteadyEndpoint extends DirectEndpoint {
        private final SteadyDirectComponent component;
        /** By which a listener is found: the address without its options. */
        private final String key;

        SteadyEndpoint(String uri, SteadyDirectComponent component) {
            super(uri, component);
            this.component = component;
            int options = uri.indexOf('?');
            key = options < 0 ? uri : uri.substring(0, options);
        }

        @Override
        public Producer createProducer() {
            return new SteadyProducer(this);
        }

        @Override
        public Consumer createConsumer(Processor route) throws Exception {
            Consumer consumer = new SteadyConsumer(this, route, key, component.everListened);
            configureConsumer(consumer);
            return consumer;
        }
    }

    private static final class SteadyProducer extends DefaultAsyncProducer {
        private final SteadyEndpoint endpoint;

        SteadyProducer(SteadyEndpoint endpoint) {
            super(endpoint);
            this.endpoint = endpoint;
        }

        @Override
        public boolean process(Exchange exchange, AsyncCallback callback) {
            try {
                SteadyConsumer listener = enter(exchange);
                return listener.getAsyncProcessor().process(exchange, doneSync -> {
                    listener.leave();
                    callback.done(doneSync);
                });
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                exchange.setException(e);
            } catch (DirectConsumerNotAvailableException e) {
                exchange.setException(e);
            }
            callback.done(true);
            return true;
        }

        private SteadyConsumer enter(Exchange exchange)
                throws InterruptedException, DirectConsumerNotAvailableException {
            while (endpoint.component.listenerOf(endpoint) instanceof SteadyConsumer listener) {
                if (listener.enter()) return listener;
                Thread.onSpinWait();
            }
            throw new DirectConsumerNotAvailableException("no route listens to " + endpoint, exchange);
        }
    }

    private static final class SteadyConsumer extends DirectConsumer {
        private final AtomicInteger inside = new AtomicInteger();
        private final Set<String> listened;
        private final String key;
        private volatile boolean isClosed;

        SteadyConsumer(DirectEndpoint endpoint, Processor route, String key, Set<String> listened) {
            super(endpoint, route, key);
            this.listened = listened;
            this.key = key;
        }

        boolean enter() {
            inside.incrementAndGet();
            if (!isClosed) return true;
            inside.decrementAndGet();
            return false;
        }

        void leave() {
            inside.decrementAndGet();
        }

        @Override
        protected void doStart() throws Exception {
            listened.add(key);
            isClosed = false;
            super.doStart();
        }

        @Override
        protected void doResume() throws Exception {
            isClosed = false;
            super.doResume();
        }

        @Override
        protected void doSuspend() throws Exception {
            isClosed = true;
            super.doSuspend();
        }

        @Override
        protected void doStop() throws Exception {
            isClosed = true;
            super.doStop();
        }

        @Override
        public int getPendingExchangesSize() {
            return inside.get();
        }
    }
}
