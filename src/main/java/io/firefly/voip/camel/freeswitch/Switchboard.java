package io.firefly.voip.camel.freeswitch;

import io.firefly.voip.camel.freeswitch.esl.EslLink;
import io.firefly.voip.camel.freeswitch.esl.EslSockets;
import io.firefly.voip.camel.freeswitch.esl.EslTiming;
import io.firefly.voip.camel.freeswitch.esl.EslWorkers;
import io.firefly.voip.media.freeswitch.FreeSwitchProperties;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.camel.CamelContext;
import org.jspecify.annotations.Nullable;

/** Everything about FreeSWITCH that is to be opened and closed. Opens nothing before {@link #start}. */
final class Switchboard implements AutoCloseable {
    private static final int WORKERS = 4;
    private static final int MAX_EVENTS = 10_000;

    private final EslWorkers workers = new EslWorkers(WORKERS, MAX_EVENTS);
    private final HandedCalls handed = new HandedCalls();
    private final EslFabric fabric;
    private @Nullable EslSockets sockets;

    /** @param latency hears how long FreeSWITCH took for each reply */
    Switchboard(FreeSwitchProperties settings, EslTiming timing, Consumer<Duration> latency) {
        EslLink.Clockwork clockwork = new EslLink.Clockwork(timing, latency);
        fabric = new EslFabric(watcher -> nodes(settings.nodes(), clockwork, watcher), settings.answerWithin(), handed);
    }

    private List<EslNode> nodes(
            List<FreeSwitchProperties.Node> settings, EslLink.Clockwork clockwork, EslNode.Watcher watcher) {
        List<EslNode> nodes = new ArrayList<>();
        for (int i = 0; i < settings.size(); i++) {
            FreeSwitchProperties.Node node = settings.get(i);
            EslLink.Address address = new EslLink.Address(
                    node.title(), node.host(), node.port(), password(node, "firefly.freeswitch.nodes[" + i + "]"));
            nodes.add(new EslNode(node, workers, watcher, owner -> new EslLink(address, owner, workers, clockwork)));
        }
        return nodes;
    }

    /** Read at every login: a secret may be changed while we run. */
    static Supplier<String> password(FreeSwitchProperties.Node node, String key) {
        String password = node.password();
        Path file = node.passwordFile();
        if (password != null && !password.isEmpty()) return () -> password;
        if (file == null)
            throw new IllegalArgumentException(key + " has no password: set " + key + ".password or " + key
                    + ".password-file to the password of its event_socket.conf");
        return () -> {
            try {
                return Files.readString(file).strip();
            } catch (IOException e) {
                throw new UncheckedIOException(
                        key + ".password-file: " + file + " cannot be read: " + e.getMessage(), e);
            }
        };
    }

    EslFabric fabric() {
        return fabric;
    }

    EslWorkers workers() {
        return workers;
    }

    HandedCalls handed() {
        return handed;
    }

    /** Opens the sockets. Does not wait for any FreeSWITCH. */
    synchronized void start(CamelContext camel) {
        if (sockets != null) return;
        EslSockets opened = new EslSockets(camel);
        sockets = opened;
        fabric.ownNodes().forEach(node -> node.start(opened));
    }

    @Override
    public synchronized void close() {
        fabric.ownNodes().forEach(node -> node.link().close());
        EslSockets open = sockets;
        sockets = null;
        if (open != null) open.close();
        workers.close();
    }
}
