package io.firefly.voip.testing;

import static org.awaitility.Awaitility.await;

import io.firefly.voip.FireflyApplication;
import io.firefly.voip.freeswitch.Engine;
import io.firefly.voip.ops.Readiness;
import io.firefly.voip.sip.SipFront;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.util.FileSystemUtils;

/** The whole exchange as a user starts it, on free ports, with a data folder of its own that goes with it. */
public final class RunningFirefly implements AutoCloseable {
    private final Path data;
    private final ConfigurableApplicationContext context;

    private RunningFirefly(Path data, Map<String, Object> settings) {
        this.data = data;
        String[] args = settings.entrySet().stream()
                .map(setting -> "--" + setting.getKey() + "=" + setting.getValue())
                .toArray(String[]::new);
        this.context = new SpringApplicationBuilder(FireflyApplication.class).run(args);
    }

    /** With that engine for the media, once it takes calls; what it needs can be overridden. */
    public static RunningFirefly with(Engine engine, String... settings) {
        RunningFirefly running = with(
                Stream.concat(engine.settings().stream(), Stream.of(settings)).toArray(String[]::new));
        await().atMost(Duration.ofSeconds(10))
                .until(() -> running.bean(Readiness.class).isReady());
        return running;
    }

    /** @param settings keys and values that differ from the defaults, alternating */
    public static RunningFirefly with(String... settings) {
        try {
            Path data = Files.createTempDirectory("firefly");
            Map<String, Object> all = new LinkedHashMap<>();
            all.put("server.port", 0);
            all.put("management.server.port", 0);
            all.put("firefly.sip.port", 0);
            all.put("firefly.sip.bind", "127.0.0.1");
            all.put("firefly.simulator.port", 0);
            all.put("firefly.agent.provider", "simulator");
            all.put("firefly.data.directory", data);
            all.put("firefly.recording.directory", data.resolve("recordings"));
            all.put("firefly.cdr.directory", data.resolve("cdr"));
            all.put("firefly.routing.ring-delay", "0s");
            for (int i = 0; i < settings.length; i += 2) all.put(settings[i], settings[i + 1]);
            return new RunningFirefly(data, all);
        } catch (IOException e) {
            throw new UncheckedIOException("no temporary data folder", e);
        }
    }

    public int sipPort() {
        return bean(SipFront.class).ports().getOrDefault("udp", 0);
    }

    public <T> T bean(Class<T> type) {
        return context.getBean(type);
    }

    public Path data() {
        return data;
    }

    @Override
    public void close() {
        context.close();
        FileSystemUtils.deleteRecursively(data.toFile());
    }
}
