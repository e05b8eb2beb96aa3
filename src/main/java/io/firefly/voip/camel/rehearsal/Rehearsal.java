package io.firefly.voip.camel.rehearsal;

import io.firefly.voip.agent.ToolCall;
import io.firefly.voip.call.Call;
import io.firefly.voip.call.CallId;
import io.firefly.voip.call.IncomingCall;
import io.firefly.voip.call.Parties;
import io.firefly.voip.call.Source;
import io.firefly.voip.camel.call.CallScheme;
import io.firefly.voip.camel.check.Refusal;
import io.firefly.voip.camel.rehearsal.Scene.Incoming;
import io.firefly.voip.camel.rehearsal.Scene.Request;
import io.firefly.voip.camel.rehearsal.Scene.Sent;
import io.firefly.voip.camel.rehearsal.Scene.Tool;
import io.firefly.voip.sip.SipRequest;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.support.DefaultExchange;
import org.jspecify.annotations.Nullable;

/**
 * A set of routes on a stage: the files as they are, their real languages and steps, and nobody outside. One scene at a
 * time; a scene that takes longer than it may closes the stage.
 */
public final class Rehearsal implements AutoCloseable {
    /** Routes decide in milliseconds; what takes this long hangs. */
    private static final Duration LONGEST = Duration.ofSeconds(10);

    private final Stage stage;
    private final Duration longest;
    private final ExecutorService thread = Executors.newSingleThreadExecutor(task -> {
        Thread actor = new Thread(task, "rehearsal");
        actor.setDaemon(true);
        return actor;
    });

    private Rehearsal(Stage stage, Duration longest) {
        this.stage = stage;
        this.longest = longest;
    }

    /** @throws RefusedRoutesException when a file is wrong; its message shows every place */
    public static Rehearsal of(RouteSet routes) {
        return of(routes, LONGEST);
    }

    /** @param longest how long one scene may take */
    public static Rehearsal of(RouteSet routes, Duration longest) {
        return new Rehearsal(Stage.build(routes), longest);
    }

    /** The route files are wrong. */
    public static final class RefusedRoutesException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        RefusedRoutesException(String message) {
            super(message);
        }
    }

    /**
     * What is wrong with the route files, all of it, by the same check that guards a reload; empty when nothing is.
     *
     * @param dataFiles tenants.yaml and agents.yaml, judged with them; empty: routes alone
     */
    public static List<Refusal> problems(RouteSet routes, Map<String, String> dataFiles) {
        return Stage.problems(routes, dataFiles);
    }

    public RouteMap map() {
        return stage.map();
    }

    /**
     * Plays one scene to its end and tells what happened.
     *
     * @throws IllegalArgumentException when the scene cannot be played: no route takes it
     * @throws IllegalStateException when it takes too long; the stage is closed then
     */
    public synchronized Run run(Scene scene, Script script) {
        Future<Run> run = thread.submit(() -> play(scene, script));
        try {
            return run.get(longest.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            run.cancel(true);
            close();
            throw new IllegalStateException(
                    "the routes took longer than " + longest.toSeconds() + " s and were given up", e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException cause) throw cause;
            throw new IllegalStateException(Notes.words(e), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    private Run play(Scene described, Script script) throws Exception {
        Described asked = described.call();
        Described call = asked == null ? null : asked.judgedBy(stage.routes().trustedNetworks());
        Scene scene = call == null ? described : described.with(call);
        Notes notes = new Notes(script, call);
        stage.begin(notes, scene instanceof Tool, call == null ? null : call.subscriber());
        try {
            if (scene instanceof Incoming incoming) return incoming(incoming.call(), notes);
            if (scene instanceof Request request) return request(request, notes);
            if (scene instanceof Tool tool) return tool(tool, notes);
            if (scene instanceof Sent sent) return sent(sent, notes);
            stage.calls().ended(((Scene.Ended) scene).detail());
            return notes.run(null, stage.settled(0));
        } finally {
            stage.end();
        }
    }

    private Run incoming(Described described, Notes notes) throws InterruptedException {
        if (!stage.front().takes("INVITE")) {
            stage.calls().incoming(call(described));
            stage.settled(0);
            return notes.run(null, null);
        }
        stage.front().receive(described.request("INVITE", Rehearsal::offered), stage::hasOffer);
        stage.settled(1);
        takeIn(stage.offer(), described);
        return notes.run(null, null);
    }

    private void takeIn(@Nullable IncomingCall offer, Described described) throws InterruptedException {
        if (offer == null) return;
        stage.calls().incoming(new Call(offer, described.when()));
        stage.settled(0);
    }

    private Run request(Request request, Notes notes) throws InterruptedException {
        if (!stage.front().takes(request.method())) {
            throw new IllegalArgumentException("no route takes " + request.method() + " from sip:edge; taken are "
                    + String.join(", ", stage.front().methods()));
        }
        stage.front().receive(request.call().request(request.method(), Rehearsal::offered), stage::hasOffer);
        stage.settled(1);
        return notes.run(null, null);
    }

    private Run tool(Tool tool, Notes notes) throws Exception {
        ToolCall call = new ToolCall(callId(), "rehearsal", tool.name(), tool.argumentsJson());
        String answer = stage.tools().run(call).toCompletableFuture().get(longest.toMillis(), TimeUnit.MILLISECONDS);
        stage.settled(0);
        return notes.run(answer, null);
    }

    private Run sent(Sent sent, Notes notes) throws Exception {
        Call call = call(sent.call());
        Exchange exchange = new DefaultExchange(stage.camel());
        CallScheme.begin(exchange, call.id());
        exchange.getMessage().setBody(sent.body() == null ? bodyAt(sent, call) : sent.body());
        var tenant = stage.tenantOf(call).tenant();
        exchange.setVariable("tenant", tenant);
        exchange.setVariable("callflow", tenant.flowNow());
        sent.variables().forEach(exchange::setVariable);
        sent.headers().forEach(exchange.getMessage()::setHeader);
        Processor door = stage.doors().get(sent.to());
        if (door != null) {
            door.process(exchange);
        } else if (sent.to().startsWith("direct:")) {
            try (ProducerTemplate template = stage.camel().createProducerTemplate()) {
                template.send(sent.to(), exchange);
            }
        } else {
            throw new IllegalArgumentException(
                    "no route listens to '" + sent.to() + "'; there are " + String.join(", ", stage.entries()));
        }
        stage.settled(0);
        takeIn(stage.offer(), sent.call());
        Exception failure = exchange.getException();
        if (failure != null) return notes.run(null, Notes.words(failure));
        // Whom a route is asked by gets what it leaves: a text is an answer.
        return notes.run(exchange.getMessage().getBody() instanceof String text ? text : null, null);
    }

    /** At another front door than SIP a call is offered still; everywhere else it is there. */
    private static Object bodyAt(Sent sent, Call call) {
        return sent.to().equals("freeswitch:calls") ? offered(sent.call().request("INVITE", null)) : call;
    }

    private static CallId callId() {
        return new CallId("rehearsal-" + CallId.next().value());
    }

    private static IncomingCall offered(SipRequest request) {
        return new IncomingCall(
                callId(), request.parties(), request.source(), null, request.callId(), Outside.SilentLeg.INSTANCE);
    }

    /** The call itself, for routes behind the front door. */
    private static Call call(Described described) {
        IncomingCall offered = offered(described.request("INVITE", null));
        Parties parties = offered.parties();
        Source from = offered.source();
        Source known = new Source(
                from.transport(), from.address(), from.trusted() ? null : described.subscriber(), from.trusted());
        return new Call(
                new IncomingCall(offered.id(), parties, known, null, offered.networkCallId(), offered.leg()),
                described.when());
    }

    @Override
    public void close() {
        thread.shutdownNow();
        stage.close();
    }
}
