package io.firefly.voip.ops;

import io.firefly.voip.callcontrol.CallController;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/**
 * First thing on SIGTERM, before routes, sockets and the web server go: new calls hear 503, running ones get up to the
 * drain time, what is left gets a BYE.
 */
@Component
class CallDrain implements SmartLifecycle {
    private static final Logger log = LoggerFactory.getLogger(CallDrain.class);

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

    /** Phases stop from the highest down: the calls first. */
    @Override
    public int getPhase() {
        return Integer.MAX_VALUE;
    }
}
