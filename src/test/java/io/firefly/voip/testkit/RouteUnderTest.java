package io.firefly.voip.testkit;

import io.firefly.voip.call.HangupCause;
import io.firefly.voip.camel.rehearsal.Rehearsal;
import io.firefly.voip.camel.rehearsal.RouteSet;
import io.firefly.voip.camel.rehearsal.Run;
import io.firefly.voip.camel.rehearsal.Scene;
import io.firefly.voip.camel.rehearsal.Script;
import io.firefly.voip.cdr.CallDetailRecord;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Route files as they are shipped, without Spring, SIP or calls: their own expressions, policies, tenants and agents are
 * at work, and what they order of the call is written down.
 *
 * <pre>{@code
 * private static final RouteUnderTest ROUTES = RouteUnderTest.folder("routes");
 *
 * ROUTES.incoming(call().to("chat")).thenRings().thenAnswers().thenConnectsAgent("reception");
 * ROUTES.failing("agent:reception").incoming(call().to("chat")).thenRings().thenAnswers().thenEnds(SERVER_ERROR);
 * }</pre>
 *
 * Cannot be changed: {@code failing} and the like return another one over the same loaded routes. Keep one in a static
 * field; loading takes a second once, a call some milliseconds.
 */
public final class RouteUnderTest implements AutoCloseable {
    private final Loaded loaded;
    private final Script script;

    private RouteUnderTest(Loaded loaded, Script script) {
        this.loaded = loaded;
        this.script = script;
    }

    /** All route files of a folder, with its tenants and agents. */
    public static RouteUnderTest folder(String folder) {
        return new RouteUnderTest(new Loaded(RouteSet.folder(Path.of(folder))), Script.NONE);
    }

    /**
     * Some route files of a folder; policies, tenants and agents come along.
     *
     * @param routes names without {@code .camel.yaml}
     */
    public static RouteUnderTest files(String folder, String... routes) {
        return new RouteUnderTest(new Loaded(RouteSet.folder(Path.of(folder)).only(List.of(routes))), Script.NONE);
    }

    /** A bean of one's own that routes name: it is really asked and run. */
    public RouteUnderTest with(String name, Object bean) {
        return changed(routes -> routes.withBean(name, bean));
    }

    /** What {@code {{key}}} in a route stands for. */
    public RouteUnderTest withSetting(String key, String value) {
        return changed(routes -> routes.withSetting(key, value));
    }

    private RouteUnderTest changed(UnaryOperator<RouteSet> change) {
        return new RouteUnderTest(new Loaded(change.apply(loaded.routes)), script);
    }

    /** A step fails; named by its id or by what it sends to: {@code agent:reception}. */
    public RouteUnderTest failing(String step) {
        return new RouteUnderTest(loaded, script.failing(step));
    }

    /** {@code call:admit} refuses. */
    public RouteUnderTest refusing(String step, HangupCause cause) {
        return new RouteUnderTest(loaded, script.refusing(step, cause));
    }

    /** A step is not run and leaves this body behind: the answer of a service outside. */
    public RouteUnderTest answering(String step, Object body) {
        return new RouteUnderTest(loaded, script.answering(step, body));
    }

    /** A condition is not asked and says this. */
    public RouteUnderTest choosing(String condition, boolean answer) {
        return new RouteUnderTest(loaded, script.choosing(condition, answer));
    }

    /** The exchange drains or is not up yet. */
    public RouteUnderTest notReady() {
        return new RouteUnderTest(loaded, script.withReady(false));
    }

    /** A call comes in. */
    public Played incoming(Caller call) {
        return play(new Scene.Incoming(call.described()));
    }

    /** Another SIP request comes in: OPTIONS, REGISTER. */
    public Played request(String method, Caller from) {
        return play(new Scene.Request(method, from.described()));
    }

    /** During a call its agent asks for a tool: {@code agent:tool/<name>}. */
    public Played tool(String name, String argumentsJson) {
        return play(new Scene.Tool(name, argumentsJson, Caller.call().described()));
    }

    /** A call is over. */
    public Played ended(CallDetailRecord detail) {
        return play(new Scene.Ended(detail));
    }

    /** An exchange enters one route by its own door; the body is the call. */
    public Played sent(String to, Caller call) {
        return sent(to, call, Map.of());
    }

    public Played sent(String to, Caller call, Map<String, Object> headers) {
        return play(new Scene.Sent(to, null, headers, Map.of(), call.described()));
    }

    private Played play(Scene scene) {
        Run run = loaded.rehearsal().run(scene, script);
        if (!run.unused().isEmpty()) {
            throw new AssertionError(
                    run.unused() + " was told what to do and never came; the path was\n" + Played.path(run));
        }
        return new Played(run);
    }

    @Override
    public void close() {
        loaded.close();
    }

    /** Loaded when the first call comes. */
    private static final class Loaded {
        private final RouteSet routes;
        private @Nullable Rehearsal rehearsal;

        Loaded(RouteSet routes) {
            this.routes = routes;
        }

        synchronized Rehearsal rehearsal() {
            if (rehearsal == null) rehearsal = Rehearsal.of(routes);
            return rehearsal;
        }

        synchronized void close() {
            if (rehearsal != null) rehearsal.close();
        }
    }
}
