package io.firefly.voip.camel.freeswitch.board;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.firefly.voip.camel.freeswitch.esl.EslLink;
import io.firefly.voip.camel.freeswitch.esl.EslTiming;
import io.firefly.voip.camel.freeswitch.esl.EslWorkers;
import io.firefly.voip.camel.freeswitch.esl.FakeSwitch;
import io.firefly.voip.media.freeswitch.FreeSwitchProperties;
import io.firefly.voip.media.freeswitch.FreeSwitchProperties.Audio;
import io.firefly.voip.media.freeswitch.FreeSwitchProperties.Node;
import java.time.Duration;
import java.util.List;
import org.apache.camel.impl.DefaultCamelContext;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/** A switchboard that is in a hurry. */
public final class TestFabric implements AutoCloseable {
    public static final EslTiming QUICK = new EslTiming(
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
    private final Switchboard board;
    private final ListAppender<ILoggingEvent> log = new ListAppender<>();

    public TestFabric(FreeSwitchProperties settings) {
        camel.start();
        log.start();
        logger().addAppender(log);
        boolean listens = settings.listen() != null;
        EslLink.Clockwork clockwork = new EslLink.Clockwork(QUICK, took -> {});
        board = new Switchboard(settings, listens, clockwork, address -> address.isLoopbackAddress(), 100);
        board.start(camel);
    }

    static TestFabric to(FakeSwitch fake) {
        return new TestFabric(settings(List.of(node(fake)), null));
    }

    public static Node node(FakeSwitch fake) {
        return new Node("fake", "127.0.0.1", fake.port(), "secret", null, null, false);
    }

    /** 110 calls at most. */
    public static FreeSwitchProperties settings(List<Node> nodes, @Nullable String listen) {
        return settings(nodes, listen, Duration.ofMinutes(1));
    }

    static FreeSwitchProperties settings(List<Node> nodes, @Nullable String listen, Duration sessionTimeout) {
        return new FreeSwitchProperties(
                nodes, listen, null, Audio.RTP, null, 110, sessionTimeout, Duration.ofSeconds(1));
    }

    private static Logger logger() {
        return (Logger) LoggerFactory.getLogger("io.firefly.voip.camel.freeswitch");
    }

    public Switchboard board() {
        return board;
    }

    EslFabric fabric() {
        return board.ownFabric();
    }

    EslWorkers workers() {
        return board.workers();
    }

    long reconnects() {
        return fabric().ownNodes().get(0).link().reconnects();
    }

    public List<String> told() {
        return List.copyOf(log.list).stream()
                .map(ILoggingEvent::getFormattedMessage)
                .toList();
    }

    @Override
    public void close() {
        logger().detachAppender(log);
        board.close();
        camel.stop();
    }
}
