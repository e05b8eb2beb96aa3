package io.firefly.voip.camel.agent;

import io.firefly.voip.agent.AgentBrief.AgentProfile;
import io.firefly.voip.call.CallId;
import io.firefly.voip.call.HangupCause;
import io.firefly.voip.call.IncomingCall;
import io.firefly.voip.callcontrol.CallOrders;
import io.firefly.voip.callcontrol.admission.Admission;
import io.firefly.voip.callcontrol.transfer.TransferOutcome;
import io.firefly.voip.camel.websocket.WebsocketComponent;
import io.firefly.voip.camel.websocket.WebsocketProperties;
import io.firefly.voip.camel.websocket.Websockets;
import io.firefly.voip.tenant.Tenant;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.apache.camel.Processor;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.component.mock.MockComponent;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.spi.Resource;
import org.apache.camel.support.PluginHelper;

/** The component with real websockets and the route files as they are shipped. {@code call:} is a mock. */
final class AgentRoutes implements AutoCloseable {
    final Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(2));
    final Websockets sockets = new Websockets(
            vertx, new WebsocketProperties(2, 2, Duration.ofSeconds(10), Duration.ofSeconds(5), Duration.ZERO));
    final DefaultCamelContext camel = new DefaultCamelContext();
    final CamelToolDesk desk;
    final CamelUpstream upstream = new CamelUpstream(() -> camel);
    final List<String> orders = new CopyOnWriteArrayList<>();
    final Map<String, AgentProfile> agents = Map.of("reception", profile("reception"));

    AgentRoutes() {
        this(new ToolProperties(4, 8, Duration.ofSeconds(5)));
    }

    AgentRoutes(ToolProperties tools) {
        desk = new CamelToolDesk(tools);
        camel.addComponent("websocket", new WebsocketComponent(sockets));
        camel.addComponent("agent", component());
        camel.addComponent("call", new MockComponent());
        camel.getShutdownStrategy().setTimeout(2);
        camel.start();
    }

    AgentComponent component() {
        return new AgentComponent(
                desk, upstream, RememberedOrders::new, () -> name -> Optional.ofNullable(agents.get(name)));
    }

    AgentRoutes file(String id) throws Exception {
        Resource file = PluginHelper.getResourceLoader(camel).resolveResource("file:routes/" + id + ".camel.yaml");
        PluginHelper.getRoutesLoader(camel).loadRoutes(file);
        return this;
    }

    AgentRoutes route(String id, String uri, Processor processor) throws Exception {
        camel.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from(uri).routeId(id).errorHandler(noErrorHandler()).process(processor);
            }
        });
        return this;
    }

    static AgentProfile profile(String name) {
        return new AgentProfile(name, null, null, null, null, null, null);
    }

    @Override
    public void close() throws Exception {
        upstream.close();
        camel.stop();
        desk.close();
        sockets.close();
        vertx.close().toCompletionStage().toCompletableFuture().get(5, TimeUnit.SECONDS);
    }

    /** Writes down what is asked of calls. */
    private final class RememberedOrders implements CallOrders {
        @Override
        public void connectAgent(CallId call, AgentProfile profile) {
            orders.add(call + " " + profile.name());
        }

        @Override
        public void offer(IncomingCall incoming) {}

        @Override
        public Admission admit(CallId call, Tenant tenant) {
            return new Admission.Admitted(1);
        }

        @Override
        public void ring(CallId call, Duration delay) {}

        @Override
        public void answer(CallId call, boolean record) {}

        @Override
        public void play(CallId call, Path file, double tempo) {}

        @Override
        public void echo(CallId call) {}

        @Override
        public void sendDtmf(CallId call, String digits) {}

        @Override
        public CompletionStage<TransferOutcome> transfer(CallId call, String target) {
            return CompletableFuture.completedFuture(TransferOutcome.failed("busy"));
        }

        @Override
        public Map<String, Object> caller(CallId call) {
            return Map.of("number", "+15550100");
        }

        @Override
        public void end(CallId call, HangupCause cause) {}

        @Override
        public void endAfterGoodbye(CallId call) {}

        @Override
        public void noteCallflow(CallId call, String callflow) {}
    }
}
