package io.firefly.voip.memory;

import io.firefly.voip.agent.pipeline.VoiceBackend;
import io.firefly.voip.call.CallId;
import io.firefly.voip.callcontrol.CallController;
import io.firefly.voip.memory.CallerMemory.Caller;
import io.firefly.voip.memory.RememberingBackend.Desk;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.time.Clock;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.JdbcTemplate;

/** Spring Boot gives the {@link JdbcTemplate}, after Flyway has brought the tables up to date. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(MemoryProperties.class)
@ConditionalOnProperty(name = "firefly.caller-memory.enabled", havingValue = "true")
class MemoryConfiguration {
    private static final int MAX_WAITING = 1_000;
    /** What takes the place of a number that is withheld. */
    private static final Set<String> NOBODY =
            Set.of("", "anonymous", "unknown", "unavailable", "restricted", "private", "withheld");

    private final LongAdder failures = new LongAdder();
    private final Talks talks = new Talks();

    @Bean
    CallerMemory callerMemory(JdbcTemplate jdbc, MemoryProperties settings, ThreadPoolExecutor callerMemoryThread) {
        CallerMemory store = new SqlCallerMemory(jdbc, settings, Clock.systemUTC());
        return new ForgettingMemory(store, talks, callerMemoryThread);
    }

    @Bean(destroyMethod = "shutdown")
    ThreadPoolExecutor callerMemoryThread() {
        return new ThreadPoolExecutor(
                1,
                1,
                0,
                TimeUnit.SECONDS,
                new ArrayBlockingQueue<>(MAX_WAITING),
                task -> new Thread(task, "caller-memory"));
    }

    @Bean
    VoiceBackend.Layer callerMemoryLayer(
            CallerMemory memory, ThreadPoolExecutor callerMemoryThread, ObjectProvider<CallController> calls) {
        // Calls know agents, so they are asked for only when there is one.
        Desk desk = new Desk(memory, call -> callerOf(calls.getObject(), call), callerMemoryThread, failures);
        return stages -> new RememberingBackend(stages, talks, desk);
    }

    static Optional<Caller> callerOf(CallController calls, CallId id) {
        return calls.standing(id).flatMap(standing -> {
            String number = standing.call().getCallerNumber().strip();
            boolean nobody = NOBODY.contains(number.toLowerCase(Locale.ROOT)) || number.length() > 128;
            if (nobody || standing.tenant() == null) return Optional.empty();
            return Optional.of(new Caller(standing.tenant(), number));
        });
    }

    @Bean
    MeterBinder callerMemoryMeters() {
        return registry -> FunctionCounter.builder("firefly.caller.memory.failures", failures, LongAdder::sum)
                .description("callers' memories that could not be read or kept")
                .register(registry);
    }
}
