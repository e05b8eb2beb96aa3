package io.firefly.voip.camel.freeswitch;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.firefly.voip.camel.freeswitch.esl.EslLink;
import io.firefly.voip.camel.freeswitch.esl.EslSockets;
import io.firefly.voip.camel.freeswitch.esl.EslTiming;
import io.firefly.voip.camel.freeswitch.esl.EslWorkers;
import io.firefly.voip.camel.freeswitch.esl.FakeSwitch;
import io.firefly.voip.media.freeswitch.FreeSwitchProperties.Node;
import java.time.Duration;
import java.util.List;
import org.apache.camel.impl.DefaultCamelContext;
import org.slf4j.LoggerFactory;

/** A fabric that is in a hurry, with one node. */
final class TestFabric implements AutoCloseable {
    static final EslTiming QUICK = new EslTiming(
            Duration.ofSeconds(2),
            Duration.ofMillis(800),
            Duration.ofMillis(1200),
            Duration.ofMillis(500),
            Duration.ofMillis(50),
            Duration.ofMillis(300),
            Duration.ofSeconds(10),
            Duration.ofMillis(600),
            Duration.ofMillis(50));

    private final DefaultCamelContext camel = new DefaultCamelContext();
    private final EslWorkers workers = new EslWorkers(2, 100);
    private final EslSockets sockets;
    private final EslFabric fabric;
    private final ListAppender<ILoggingEvent> log = new ListAppender<>();

    private TestFabric(Node node) {
        camel.start();
        log.start();
        logger().addAppender(log);
        sockets = new EslSockets(camel);
        EslLink.Address address =
                new EslLink.Address(node.title(), node.host(), node.port(), () -> String.valueOf(node.password()));
        EslLink.Clockwork clockwork = new EslLink.Clockwork(QUICK, took -> {});
        fabric = new EslFabric(
                watcher -> List.of(
                        new EslNode(node, workers, watcher, owner -> new EslLink(address, owner, workers, clockwork))),
                Duration.ofSeconds(1),
                new HandedCalls());
        fabric.ownNodes().forEach(each -> each.start(sockets));
    }

    static TestFabric to(FakeSwitch fake) {
        return new TestFabric(new Node("fake", "127.0.0.1", fake.port(), "secret", null, null, false));
    }

    private static Logger logger() {
        return (Logger) LoggerFactory.getLogger("io.firefly.voip.camel.freeswitch");
    }

    EslFabric fabric() {
        return fabric;
    }

    EslWorkers workers() {
        return workers;
    }

    long reconnects() {
        return fabric.ownNodes().get(0).link().reconnects();
    }

    List<String> told() {
        return List.copyOf(log.list).stream()
                .map(ILoggingEvent::getFormattedMessage)
                .toList();
    }

    @Override
    public void close() {
        logger().detachAppender(log);
        fabric.ownNodes().forEach(node -> node.link().close());
        sockets.close();
        workers.close();
        camel.stop();
    }
}
