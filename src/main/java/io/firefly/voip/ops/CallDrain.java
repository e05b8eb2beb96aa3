package io.firefly.voip.ops;

import io.firefly.voip.callcontrol.CallController;
import io.firefly.voip.sip.SipFront;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
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

    /** Time for the answer to our BYE, and for the ACK of a call that was just answered. */
    private static final Duration LAST_WORDS = Duration.ofSeconds(4);

    private final CallController calls;
    private final SipFront sip;
    private volatile boolean running;

    CallDrain(CallController calls, SipFront sip) {
        this.calls = calls;
        this.sip = sip;
    }

    @Override
    public void start() {
        running = true;
    }

    @Override
    public void stop(Runnable callback) {
        calls.drain()
                .thenAcceptAsync(ended -> {
                    log.info("drained, {} calls had to be ended", ended);
                    if (ended > 0) awaitLastWords();
                })
                .whenComplete((done, failure) -> {
                    running = false;
                    callback.run();
                });
    }

    private void awaitLastWords() {
        long deadline = System.nanoTime() + LAST_WORDS.toNanos();
        while (sip.rememberedLegs() > 0 && System.nanoTime() < deadline) LockSupport.parkNanos(20_000_000);
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
