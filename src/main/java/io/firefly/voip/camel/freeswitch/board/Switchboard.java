package io.firefly.voip.camel.freeswitch.board;

import io.firefly.voip.camel.freeswitch.esl.EslEvent;
import io.firefly.voip.camel.freeswitch.esl.EslLink;
import io.firefly.voip.camel.freeswitch.esl.EslServer;
import io.firefly.voip.camel.freeswitch.esl.EslSockets;
import io.firefly.voip.camel.freeswitch.esl.EslWorkers;
import io.firefly.voip.media.freeswitch.EventSocketException;
import io.firefly.voip.media.freeswitch.FreeSwitchProperties;
import io.firefly.voip.media.freeswitch.SwitchFabric;
import io.firefly.voip.media.freeswitch.SwitchNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BiConsumer;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.apache.camel.CamelContext;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Everything about FreeSWITCH that is to be opened and closed. Opens nothing before {@link #start}. */
public final class Switchboard implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Switchboard.class);
    private static final int WORKERS = 4;
    /** Sockets of channels that are steered over their node's own. */
    private static final int MAX_KEPT = 5000;

    private static final int USUAL_PORT = 8084;

    private final EslWorkers workers;
    private final CallsDoor door = new CallsDoor();
    private final HandedCalls handed;
    private final FreeSwitchProperties settings;
    private final EslServer server;
    private final boolean listens;
    private final EslFabric fabric;
    private @Nullable EslSockets sockets;

    /**
     * @param listens whether FreeSWITCH shall find us
     * @param trusted who may assert identities and diversions
     * @param maxEvents that may wait until somebody looks at them
     */
    public Switchboard(
            FreeSwitchProperties settings,
            boolean listens,
            EslLink.Clockwork clockwork,
            Predicate<InetAddress> trusted,
            int maxEvents) {
        this.settings = settings;
        workers = new EslWorkers(WORKERS, maxEvents);
        this.listens = listens;
        handed = new HandedCalls(settings, workers, trusted, door::take);
        server = new EslServer(handed, workers, clockwork, settings.maxSessions() + MAX_KEPT);
        fabric = new EslFabric(watcher -> nodes(settings.nodes(), clockwork, watcher), settings.answerWithin(), handed);
    }

    private List<EslNode> nodes(
            List<FreeSwitchProperties.Node> settings, EslLink.Clockwork clockwork, EslNode.Watcher watcher) {
        List<EslNode> nodes = new ArrayList<>();
        for (int i = 0; i < settings.size(); i++) {
            FreeSwitchProperties.Node node = settings.get(i);
            String name = node.title();
            if (nodes.stream().anyMatch(other -> other.name().equals(name)))
                throw new IllegalArgumentException(
                        "firefly.freeswitch.nodes[" + i + "].name: there is a node '" + name + "' already");
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

    public SwitchFabric fabric() {
        return fabric;
    }

    EslFabric ownFabric() {
        return fabric;
    }

    /** Of the nodes, in the order of the settings. */
    public List<String> names() {
        return fabric.ownNodes().stream().map(EslNode::name).toList();
    }

    /** @param node its name; null: the first */
    public CompletionStage<String> api(@Nullable String node, String command, String arguments) {
        for (EslNode each : fabric.ownNodes()) {
            if (node == null || node.equals(each.name())) return each.api(command, arguments);
        }
        return CompletableFuture.failedFuture(new EventSocketException(command + ": there is no node " + node));
    }

    /** Runs an application on a channel of ours. */
    public CompletionStage<String> execute(String uuid, String application, String arguments) {
        for (EslNode each : fabric.ownNodes()) {
            if (each.has(uuid)) return each.execute(uuid, application, arguments);
        }
        return CompletableFuture.failedFuture(
                new EventSocketException(application + ": channel " + uuid + " is none of ours"));
    }

    /**
     * From now on these events are heard of.
     *
     * @param ear told on the worker of the channel: hands over
     * @return ends it
     */
    public AutoCloseable hear(
            Collection<String> names, Collection<String> subclasses, BiConsumer<SwitchNode, EslEvent> ear) {
        AutoCloseable hearing = fabric.hear(ear);
        fabric.subscribe(names, subclasses);
        return hearing;
    }

    /** What is to be measured of a node. */
    public record NodeFigures(String name, boolean up, long reconnects, int unanswered, int sessions) {}

    public List<NodeFigures> nodeFigures() {
        return fabric.ownNodes().stream().map(EslNode::figures).toList();
    }

    /**
     * What is to be measured of all of them.
     *
     * @param waiting events that no worker has taken yet
     * @param dropped events that were too many
     * @param handed calls that FreeSWITCH handed to us and that are not over
     * @param refused calls and sockets that were too many or nobody's
     */
    public record Figures(int waiting, long dropped, int handed, int sockets, long refused) {}

    public Figures figures() {
        return new Figures(
                workers.waiting(),
                workers.dropped(),
                handed.sessions(),
                server.open(),
                handed.refused() + server.refused());
    }

    EslWorkers workers() {
        return workers;
    }

    HandedCalls handed() {
        return handed;
    }

    EslServer server() {
        return server;
    }

    /** Where routes wait for calls. */
    public CallsDoor door() {
        return door;
    }

    /** Opens the sockets. Does not wait for any FreeSWITCH. */
    public synchronized void start(CamelContext camel) {
        if (sockets != null) return;
        EslSockets opened = new EslSockets(camel);
        sockets = opened;
        if (listens) listen(opened);
        fabric.ownNodes().forEach(node -> node.start(opened));
    }

    /** As the setting says: a host and a port, or a port of this machine alone. */
    private void listen(EslSockets opened) {
        String wanted = settings.listen() == null ? "" : settings.listen().strip();
        int colon = wanted.lastIndexOf(':');
        String host = colon < 0 ? "127.0.0.1" : wanted.substring(0, colon);
        String port = wanted.isEmpty() ? String.valueOf(USUAL_PORT) : wanted.substring(colon + 1);
        if (host.isEmpty() || !port.matches("[0-9]{1,5}") || Integer.parseInt(port) > 65_535)
            throw new IllegalArgumentException("firefly.freeswitch.listen is '" + wanted
                    + "'; it must be host:port or a port, as in 0.0.0.0:8084");
        InetSocketAddress at = server.start(opened, host, Integer.parseInt(port));
        String reachable = settings.advertise();
        handed.opened(fabric, reachable != null ? reachable : at.getHostString() + ":" + at.getPort());
        LOG.info("FreeSWITCH finds us at {}:{}", at.getHostString(), at.getPort());
    }

    @Override
    public synchronized void close() {
        fabric.ownNodes().forEach(node -> node.link().close());
        server.close();
        EslSockets open = sockets;
        sockets = null;
        if (open != null) open.close();
        workers.close();
        door.close();
    }
}
