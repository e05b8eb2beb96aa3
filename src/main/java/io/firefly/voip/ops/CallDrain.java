package io.firefly.voip.ops;

import io.firefly.voip.callcontrol.CallController;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.annotation.Bean;
import org.springframework.context.support.DefaultLifecycleProcessor;
import org.springframework.stereotype.Component;

/**
 * First thing on SIGTERM, before routes, sockets and the web server go: new calls hear 503, running ones get up to the
 * drain time, what is left gets a BYE.
 */
@Component
class CallDrain implements SmartLifecycle {
    private static final Logger log = LoggerFactory.getLogger(CallDrain.class);

    private static final Duration ROOM_FOR_GOODBYES = Duration.ofSeconds(15);

    private final CallController calls;
    private volatile boolean running;

    CallDrain(CallController calls) {
        this.calls = calls;
    }

    @Override
    public void start() {
        running = true;
    }

    @Override
    public void stop(Runnable callback) {
        calls.drain().whenComplete((ended, failure) -> {
            log.info("drained, {} calls had to be ended", ended);
            running = false;
            callback.run();
        });
    }

    @Override
    public void stop() {
        stop(() -> {});
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    /** Spring gives each phase a time; ours has to have room for the drain and the goodbyes. */
    @Bean
    static DefaultLifecycleProcessor lifecycleProcessor(
            @Value("${firefly.calls.drain-timeout:30s}") Duration drainTimeout) {
        DefaultLifecycleProcessor processor = new DefaultLifecycleProcessor();
        processor.setTimeoutPerShutdownPhase(
                drainTimeout.plus(ROOM_FOR_GOODBYES).toMillis());
        return processor;
    }

    /** Phases stop from the highest down: the calls first. */
    @Override
    public int getPhase() {
        return Integer.MAX_VALUE;
    }
}
