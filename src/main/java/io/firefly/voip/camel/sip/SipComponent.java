package io.firefly.voip.camel.sip;

import io.firefly.voip.call.IncomingCall;
import io.firefly.voip.sip.SipFront;
import io.firefly.voip.sip.SipRequest;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import org.apache.camel.Endpoint;
import org.apache.camel.builder.ThreadPoolProfileBuilder;
import org.apache.camel.spi.ThreadPoolProfile;
import org.apache.camel.spi.annotations.Component;
import org.apache.camel.support.DefaultComponent;
import org.apache.camel.support.SimpleTypeConverter;
import org.apache.camel.util.concurrent.ThreadPoolRejectedPolicy;
import org.jspecify.annotations.Nullable;

/** The scheme {@code sip:}. Needs the front door; {@link SipComponentConfiguration} brings both together. */
@Component("sip")
public final class SipComponent extends DefaultComponent {
    private static final int ROUTE_THREADS = 16;
    private static final int MAX_WAITING = 1000;

    private final SipFront front;
    private final Map<String, SipDoor> doors = new ConcurrentHashMap<>();
    private @Nullable ExecutorService routeThreads;

    public SipComponent(SipFront front) {
        this.front = front;
    }

    SipFront front() {
        return front;
    }

    /** Outlives the versions of a route that take the method. */
    SipDoor door(String method) {
        return doors.computeIfAbsent(method, name -> new SipDoor(name, front, this::routeThreads));
    }

    /** Where routes run; rejects when too much waits. */
    synchronized ExecutorService routeThreads() {
        if (routeThreads == null) {
            ThreadPoolProfile profile = new ThreadPoolProfileBuilder("firefly-sip")
                    .poolSize(ROUTE_THREADS)
                    .maxPoolSize(ROUTE_THREADS)
                    .allowCoreThreadTimeOut(true)
                    .maxQueueSize(MAX_WAITING)
                    .rejectedPolicy(ThreadPoolRejectedPolicy.Abort)
                    .build();
            routeThreads = getCamelContext().getExecutorServiceManager().newThreadPool(this, "firefly-sip", profile);
        }
        return routeThreads;
    }

    @Override
    protected Endpoint createEndpoint(String uri, String remaining, Map<String, Object> parameters) throws Exception {
        SipEndpoint endpoint = new SipEndpoint(uri, this, remaining);
        setProperties(endpoint, parameters);
        return endpoint;
    }

    @Override
    protected void doInit() throws Exception {
        super.doInit();
        // So that a step of another package can make a call of the request without knowing SIP.
        getCamelContext()
                .getTypeConverterRegistry()
                .addTypeConverter(
                        IncomingCall.class,
                        SipRequest.class,
                        new SimpleTypeConverter(
                                false, (type, exchange, request) -> ((SipRequest) request).toIncomingCall()));
    }

    @Override
    protected void doShutdown() throws Exception {
        ExecutorService threads = routeThreads;
        routeThreads = null;
        if (threads != null) getCamelContext().getExecutorServiceManager().shutdownGraceful(threads, 2000);
        super.doShutdown();
    }
}
