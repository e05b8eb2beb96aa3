package io.firefly.voip.camel.reload;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.apache.camel.Component;
import org.apache.camel.Consumer;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.support.DefaultComponent;
import org.apache.camel.support.DefaultConsumer;
import org.apache.camel.support.DefaultEndpoint;
import org.apache.camel.support.DefaultProducer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What only shows when routes really start: addresses that are taken, policies, exchanges on their way. */
class RouteSwapTest {
    private static final int RELOADS = 100;
    private final AtomicBoolean taken = new AtomicBoolean();
    private FolderOnTest folder;

    @BeforeEach
    void start(@TempDir Path directory) throws Exception {
        folder = new FolderOnTest(directory);
        folder.camel.addComponent("port", new Ports(taken));
        // As in the application: a bean of that name is what makes the dry run take the scheme on trust.
        folder.camel.getRegistry().bind("port", Component.class, folder.camel.getComponent("port"));
    }

    @AfterEach
    void stop() {
        folder.close();
    }

    @Test
    void aRouteThatCannotStartGivesTheWholeSetBack() throws Exception {
        folder.saveAnswer("one", "first")
                .save("two", listening("two", "port:5060"))
                .started();
        assertThat(folder.loadedIds()).containsExactly("one", "two");

        taken.set(true);
        folder.saveAnswer("one", "changed").save("three", listening("three", "port:5070"));
        folder.noticed();

        assertThat(folder.ask("one")).isEqualTo("first");
        assertThat(folder.loadedIds()).containsExactly("one", "two");
        assertThat(folder.camel.getRoutes()).hasSize(2);
        assertThat(folder.refusals()).contains("three.camel.yaml").contains("5070 is taken");
        assertThat(folder.result().applied()).isFalse();

        taken.set(false);
        folder.save("three", listening("three", "port:5071")).noticed();
        assertThat(folder.loadedIds()).containsExactly("one", "three", "two");
    }

    @Test
    void aRouteThatDoesNotComeBackIsTriedUntilItDoes() throws Exception {
        folder.save("two", listening("two", "port:5060")).started();

        taken.set(true);
        folder.save("two", listening("two", "port:5070")).noticed();
        assertThat(folder.loadedIds()).isEmpty();

        taken.set(false);
        folder.noticed();
        assertThat(folder.loadedIds()).containsExactly("two");
        assertThat(folder.camel.getEndpoints())
                .anyMatch(end -> end.getEndpointUri().contains("5060"));
    }

    @Test
    void aRouteThatCannotStartAtTheStartLeavesTheOthersServing() throws Exception {
        taken.set(true);
        folder.saveAnswer("one", "first")
                .save("two", listening("two", "port:5060"))
                .started();

        assertThat(folder.loadedIds()).containsExactly("one");
        assertThat(folder.ask("one")).isEqualTo("first");
        assertThat(folder.refusals()).contains("5060 is taken");
    }

    @Test
    void aChangedPolicyReachesTheRoutesThatNameIt() throws Exception {
        String failing = FolderOnTest.answering("one", "x")
                .replace("    from:", "    routeConfigurationId: soften\n    from:")
                .replace("constant: x", "simple: ${body.noSuchProperty}");
        folder.save("policy", softening("first policy")).save("one", failing).started();
        assertThat(folder.ask("one")).isEqualTo("first policy");

        folder.save("policy", softening("second policy")).noticed();

        assertThat(folder.ask("one")).isEqualTo("second policy");
        assertThat(folder.result().summary()).isEqualTo("loaded one, policy");
    }

    @Test
    void aHundredReloadsLoseNoExchange() throws Exception {
        folder.save("one", calling("one", "two")).saveAnswer("two", "0").started();
        AtomicInteger asked = new AtomicInteger();
        AtomicInteger lost = new AtomicInteger();
        AtomicBoolean on = new AtomicBoolean(true);
        Thread[] callers = new Thread[3];
        try (var template = folder.camel.createProducerTemplate()) {
            for (int i = 0; i < callers.length; i++) {
                callers[i] = new Thread(() -> {
                    while (on.get()) {
                        asked.incrementAndGet();
                        Exchange answer = template.request("direct:one", exchange -> {});
                        if (answer.isFailed()) lost.incrementAndGet();
                        LockSupport.parkNanos(2_000_000);
                    }
                });
                callers[i].start();
            }

            for (int i = 1; i <= RELOADS; i++) {
                folder.saveAnswer("two", String.valueOf(i));
                if (i % 2 == 0) folder.save("one", calling("one", "two") + "# " + i + "\n");
                folder.noticed();
            }

            on.set(false);
            for (Thread caller : callers) caller.join(5_000);
        }
        assertThat(folder.ask("one")).isEqualTo(String.valueOf(RELOADS));
        assertThat(asked.get()).isGreaterThan(RELOADS);
        assertThat(lost.get()).as("lost of %s", asked).isZero();
    }

    @Test
    void aFileSavedForTheSecondTimeAfterARefusalIsNotForgotten() throws IOException {
        folder.saveAnswer("one", "first").started();
        folder.save("one", "- route: [").noticed();

        folder.saveAnswer("one", "first").noticed();
        Files.delete(folder.directory.resolve("one.camel.yaml"));
        folder.saveAnswer("two", "second").noticed();

        assertThat(folder.loadedIds()).containsExactly("two");
    }

    private static String softening(String answer) {
        return """
                - routeConfiguration:
                    id: soften
                    onException:
                      - onException:
                          exception:
                            - java.lang.Exception
                          handled:
                            constant: "true"
                          steps:
                            - setBody:
                                constant: %s
                """.formatted(answer);
    }

    private static String listening(String id, String from) {
        return FolderOnTest.answering(id, "x").replace("direct:" + id, from);
    }

    private static String calling(String id, String other) {
        return FolderOnTest.answering(id, "x")
                .replace("- setBody:\n            constant: x", "- to: direct:" + other)
                .replaceAll("\\s*constant: x", "");
    }

    /** Consumers that take an address when they start, or find it taken. */
    private static final class Ports extends DefaultComponent {
        private final AtomicBoolean taken;

        Ports(AtomicBoolean taken) {
            this.taken = taken;
        }

        @Override
        protected Endpoint createEndpoint(String uri, String port, java.util.Map<String, Object> parameters) {
            return new DefaultEndpoint(uri, this) {
                @Override
                public Producer createProducer() {
                    return new DefaultProducer(this) {
                        @Override
                        public void process(Exchange exchange) {}
                    };
                }

                @Override
                public Consumer createConsumer(Processor route) {
                    return new DefaultConsumer(this, route) {
                        @Override
                        protected void doStart() {
                            if (taken.get()) throw new IllegalStateException("port " + port + " is taken");
                        }
                    };
                }
            };
        }
    }
}
