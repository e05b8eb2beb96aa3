package io.firefly.voip.camel.rehearsal;

import io.firefly.voip.agent.ToolDesk;
import io.firefly.voip.call.Call;
import io.firefly.voip.call.IncomingCall;
import io.firefly.voip.camel.agent.AgentScheme;
import io.firefly.voip.camel.call.CallScheme;
import io.firefly.voip.camel.check.Allowance;
import io.firefly.voip.camel.check.DataFile;
import io.firefly.voip.camel.check.Refusal;
import io.firefly.voip.camel.check.RouteCheck;
import io.firefly.voip.camel.check.SchemeOnTrial;
import io.firefly.voip.camel.data.DirectoryFiles;
import io.firefly.voip.camel.freeswitch.FreeSwitchComponent;
import io.firefly.voip.camel.freeswitch.audio.AudioComponent;
import io.firefly.voip.camel.pipeline.PipelineComponent;
import io.firefly.voip.camel.presence.PresenceComponent;
import io.firefly.voip.camel.registrar.RegistrarScheme;
import io.firefly.voip.camel.rehearsal.Rehearsal.RefusedRoutesException;
import io.firefly.voip.camel.sip.SipComponent;
import io.firefly.voip.camel.websocket.WebsocketComponent;
import io.firefly.voip.cdr.CdrWriter;
import io.firefly.voip.tenant.AgentBook;
import io.firefly.voip.tenant.TenantBook;
import io.firefly.voip.tenant.TenantDirectory;
import io.firefly.voip.tenant.TenantDirectory.TenantMatch;
import io.firefly.voip.tenant.directory.CallDirectory;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.apache.camel.CamelContext;
import org.apache.camel.Component;
import org.apache.camel.Processor;
import org.apache.camel.StartupSummaryLevel;
import org.apache.camel.component.direct.DirectComponent;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.model.Model;
import org.apache.camel.model.RouteConfigurationDefinition;
import org.apache.camel.spi.CamelEvent;
import org.apache.camel.spi.ComponentResolver;
import org.apache.camel.support.EventNotifierSupport;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.apache.camel.util.TimeUtils;
import org.jspecify.annotations.Nullable;

/** The private Camel context of a rehearsal, with everything around it that real routes find around them. */
final class Stage implements AutoCloseable {
    private static final long LOOK_NANOS = 200_000;
    private static final Duration SETTLES = Duration.ofSeconds(8);

    /** Camel's own schemes that stay inside the context. */
    private static final Set<String> INSIDE = Set.of("direct", "log", "bean", "class", "language", "seda", "ref");

    /** The exchange's own beans, or what stands in for them. */
    static final Set<String> BEANS = Set.of("tenants", "agents", "cdrWriter", "readiness");

    private final RouteSet routes;
    private final DefaultCamelContext camel = new DefaultCamelContext();
    private final Map<String, Processor> doors = new ConcurrentHashMap<>();
    private final Outside.Front front = new Outside.Front(this::notes);
    private final Outside.Orders orders = new Outside.Orders(this::notes, this::offered);
    private final Finished finished = new Finished();
    private final Conditions conditions = new Conditions(camel, this::notes);
    private final Watch watch = new Watch(this::notes, this::mayRunBean);
    private final CallScheme calls;
    private final AgentScheme agents;
    private volatile @Nullable Notes notes;
    private volatile @Nullable IncomingCall offer;
    private volatile @Nullable String subscriber;

    private Stage(RouteSet routes) {
        this.routes = routes;
        this.calls = new CallScheme(orders, ringDelay(routes));
        this.agents = new AgentScheme(() -> camel, orders, routes::agents);
    }

    static Stage build(RouteSet routes) {
        List<Refusal> problems = routes.partial() ? List.of() : problems(routes, Map.of());
        if (!problems.isEmpty()) {
            throw new RefusedRoutesException(problems.stream()
                    .map(problem -> problem.shown(routes.folder()))
                    .collect(Collectors.joining("\n")));
        }
        Stage stage = new Stage(routes);
        try {
            stage.furnish();
            stage.camel.start();
            stage.load();
            return stage;
        } catch (RefusedRoutesException e) {
            stage.close();
            throw e;
        } catch (Exception e) {
            stage.close();
            throw new IllegalStateException("the rehearsal does not start: " + Notes.words(e), e);
        }
    }

    /** What is wrong with the files, all of it, by the same check that guards a reload. */
    static List<Refusal> problems(RouteSet routes, Map<String, String> dataFiles) {
        Map<String, String> texts = new TreeMap<>(routes.texts());
        texts.putAll(dataFiles);
        List<DataFile> data = List.of(
                DirectoryFiles.agents(new AgentBook()),
                DirectoryFiles.tenants(new TenantBook(new AgentBook(), "welcome")),
                DirectoryFiles.directory(new CallDirectory()));
        Stage trial = new Stage(routes);
        List<SchemeOnTrial> schemes = List.of(
                SchemeOnTrial.of("call", () -> CallScheme.onTrial(ringDelay(routes))),
                SchemeOnTrial.of(
                        "agent", () -> new AgentScheme(() -> trial.camel, trial.orders, routes::agents).component()),
                SchemeOnTrial.of("sip", () -> new SipComponent(trial.front)),
                SchemeOnTrial.of("registrar", () -> new RegistrarScheme(request -> null)),
                SchemeOnTrial.of("presence", PresenceComponent::onTrial),
                SchemeOnTrial.of("audio", AudioComponent::onTrial),
                SchemeOnTrial.of("pipeline", PipelineComponent::onTrial),
                SchemeOnTrial.of("freeswitch", () -> new Outside.StandIn(trial.doors, FreeSwitchComponent.onTrial())),
                SchemeOnTrial.of("websocket", () -> new Outside.StandIn(trial.doors, WebsocketComponent.onTrial())));
        try {
            return RouteCheck.of(schemes, trial.beans(), routes.settings())
                    .allowing(allowance(routes))
                    .with(dataFiles.isEmpty() ? List.of() : data)
                    .check(texts);
        } finally {
            trial.close();
        }
    }

    private static Allowance allowance(RouteSet routes) {
        Set<String> beans = new TreeSet<>(routes.allowed("beans", Allowance.BEANS));
        beans.addAll(routes.beans().keySet());
        return new Allowance(
                routes.allowed("components", Allowance.COMPONENTS),
                routes.allowed("languages", Allowance.LANGUAGES),
                beans,
                routes.allowed("settings", ""),
                Path.of(routes.settings().getOrDefault("firefly.routes.allowed.folder", "data")));
    }

    private static Duration ringDelay(RouteSet routes) {
        String delay = routes.settings().getOrDefault(RouteSet.RING_DELAY, "3s");
        return Duration.ofMillis(TimeUtils.toMilliSeconds(delay));
    }

    private void furnish() throws Exception {
        camel.getCamelContextExtension().setName("rehearsal");
        camel.disableJMX();
        camel.setStartupSummaryLevel(StartupSummaryLevel.Off);
        camel.setSourceLocationEnabled(true);
        camel.getShutdownStrategy().setTimeout(1);
        routes.settings().forEach(camel.getPropertiesComponent()::addInitialProperty);
        beans().forEach(camel.getRegistry()::bind);
        // A flow that nobody wrote is known at once: no swap goes on here that could bring it.
        DirectComponent direct = new DirectComponent();
        direct.setBlock(false);
        camel.addComponent("direct", direct);
        schemes();
        camel.getCamelContextExtension().addInterceptStrategy(watch);
        camel.getCamelContextExtension().getContextPlugin(Model.class).addModelLifecycleStrategy(conditions);
        camel.getCamelContextExtension().registerEndpointCallback((uri, endpoint) -> {
            boolean quiet = uri.startsWith("log:") || endpoint instanceof Watch.WatchedEndpoint;
            return quiet ? endpoint : new Watch.WatchedEndpoint(endpoint, this::notes, this::mayRunBean);
        });
        camel.getManagementStrategy().addEventNotifier(finished);
    }

    private Map<String, Object> beans() {
        Map<String, Object> beans = new HashMap<>();
        CdrWriter nowhere = detail -> {};
        TenantDirectory tenants = this::tenantOf;
        beans.put("tenants", tenants);
        beans.put("agents", routes.agents());
        beans.put("cdrWriter", nowhere);
        beans.put("readiness", new Readiness(this));
        routes.beans()
                .forEach((name, bean) ->
                        beans.put(name, bean instanceof RouteSet.AskedBean asked ? asked.bean() : bean));
        return beans;
    }

    /** Hours are those of the time the call comes, whatever time it is now. */
    TenantMatch tenantOf(Call call) {
        TenantDirectory directory = routes.tenants();
        return directory instanceof TenantBook book
                ? book.at(Clock.fixed(call.offeredAt(), ZoneOffset.UTC)).tenantOf(call)
                : directory.tenantOf(call);
    }

    private void schemes() {
        camel.addComponent("call", calls.component());
        camel.addComponent("agent", agents.component());
        camel.addComponent("sip", new SipComponent(front));
        camel.addComponent("registrar", new RegistrarScheme(request -> subscriber));
        camel.addComponent("presence", PresenceComponent.onTrial());
        camel.addComponent("audio", AudioComponent.onTrial());
        camel.addComponent("pipeline", PipelineComponent.onTrial());
        camel.addComponent("freeswitch", new Outside.StandIn(doors, FreeSwitchComponent.onTrial()));
        camel.addComponent("websocket", new Outside.StandIn(doors, WebsocketComponent.onTrial()));
        ComponentResolver real = PluginHelper.getComponentResolver(camel);
        camel.getCamelContextExtension().addContextPlugin(ComponentResolver.class, (name, context) -> {
            Component found = real.resolveComponent(name, context);
            return found == null || INSIDE.contains(name) ? found : new Outside.StandIn(doors, null);
        });
    }

    private boolean mayRunBean(String name) {
        Object own = routes.beans().get(name);
        return own == null
                ? BEANS.contains(name)
                : !(own instanceof RouteSet.UnknownBean || own instanceof RouteSet.AskedBean);
    }

    /** Policies first: a route built before its policy goes without. */
    private void load() {
        List<Map.Entry<String, String>> ordered = routes.texts().entrySet().stream()
                .sorted(Comparator.comparing(file -> !RouteSet.holdsPolicies(file.getValue())))
                .toList();
        Model model = camel.getCamelContextExtension().getContextPlugin(Model.class);
        for (var file : ordered) {
            try {
                var text = ResourceHelper.fromString("file:" + file.getKey(), file.getValue());
                PluginHelper.getRoutesLoader(camel).loadRoutes(text);
            } catch (Exception e) {
                throw new RefusedRoutesException(routes.folder() + "/" + file.getKey() + "  " + rootWords(e));
            }
            if (!RouteSet.holdsPolicies(file.getValue())) continue;
            for (RouteConfigurationDefinition policy : model.getRouteConfigurationDefinitions()) {
                conditions.witness(policy);
                watch.remember(policy);
            }
        }
    }

    private static String rootWords(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null) root = root.getCause();
        return Notes.words(root);
    }

    void begin(Notes fresh, boolean duringCall, @Nullable String whoProved) {
        orders.begin(duringCall);
        finished.reset();
        subscriber = whoProved;
        offer = null;
        notes = fresh;
    }

    void end() {
        notes = null;
    }

    private @Nullable Notes notes() {
        return notes;
    }

    private void offered(IncomingCall call) {
        offer = call;
    }

    boolean hasOffer() {
        return offer != null;
    }

    @Nullable
    IncomingCall offer() {
        return offer;
    }

    /**
     * Waits until so many exchanges came to their end and none is under way.
     *
     * @return why one failed; null when none did
     */
    @Nullable
    String settled(int atLeast) throws InterruptedException {
        long deadline = System.nanoTime() + SETTLES.toNanos();
        while (finished.count() < atLeast || camel.getInflightRepository().size() > 0) {
            if (System.nanoTime() > deadline)
                throw new IllegalStateException(
                        "the routes did not come to an end within " + SETTLES.toSeconds() + " s");
            if (Thread.interrupted()) throw new InterruptedException();
            LockSupport.parkNanos(LOOK_NANOS);
        }
        return finished.failure();
    }

    RouteMap map() {
        return RouteMap.of(camel, conditions.questions());
    }

    Set<String> entries() {
        Set<String> entries = new TreeSet<>(doors.keySet());
        map().routes().forEach(route -> entries.add(route.from()));
        return entries;
    }

    RouteSet routes() {
        return routes;
    }

    CamelContext camel() {
        return camel;
    }

    Outside.Front front() {
        return front;
    }

    CallScheme calls() {
        return calls;
    }

    ToolDesk tools() {
        return agents.tools();
    }

    Map<String, Processor> doors() {
        return doors;
    }

    @Override
    public void close() {
        camel.stop();
        calls.close();
        agents.close();
    }

    /** Stands in for {@code ops.Readiness}. */
    public static final class Readiness {
        private final Stage stage;

        private Readiness(Stage stage) {
            this.stage = stage;
        }

        public boolean isReady() {
            Notes now = stage.notes();
            return now == null || now.script().ready();
        }
    }

    /** Counts exchanges that are over. */
    private static final class Finished extends EventNotifierSupport {
        private int count;
        private @Nullable String failure;

        @Override
        public synchronized void notify(CamelEvent event) {
            if (event instanceof CamelEvent.ExchangeFailedEvent failed) {
                count++;
                failure = Notes.words(failed.getCause());
            } else if (event instanceof CamelEvent.ExchangeCompletedEvent) {
                count++;
            }
        }

        synchronized void reset() {
            count = 0;
            failure = null;
        }

        synchronized int count() {
            return count;
        }

        synchronized @Nullable String failure() {
            return failure;
        }
    }
}
