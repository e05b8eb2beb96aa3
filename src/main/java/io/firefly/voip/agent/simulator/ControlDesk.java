package io.firefly.voip.agent.simulator;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.firefly.voip.agent.simulator.protocol.ServerEvents;
import io.firefly.voip.agent.simulator.script.ScriptFormatException;
import io.firefly.voip.agent.simulator.script.ScriptReader;
import io.firefly.voip.agent.simulator.script.Victim;
import io.firefly.voip.agent.simulator.wire.FrameLog.Entry;
import io.firefly.voip.agent.simulator.wire.VirtualClock;
import io.vertx.core.http.HttpServerRequest;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * HTTP beside the websocket: reads the state, does faults, changes the script, moves the clock. Only for this machine,
 * and never for a page in a browser. Event loop.
 */
final class ControlDesk {
    private static final String PATH = "/control";
    private static final int MAX_BODY = 1 << 20;
    private static final long MAX_ADVANCE_MILLIS = 24 * 3_600_000L;

    private final SimulatorServer server;

    ControlDesk(SimulatorServer server) {
        this.server = server;
    }

    boolean takes(HttpServerRequest request) {
        return request.path().equals(PATH) || request.path().startsWith(PATH + "/");
    }

    void serve(HttpServerRequest request) {
        if (!isFromHere(request) || request.getHeader("Origin") != null || !isForHere(request)) {
            answer(request, 403, error("the control desk answers only programs on this machine"));
            return;
        }
        String asked = request.method() + " " + request.path();
        switch (asked) {
            case "GET " + PATH, "GET " + PATH + "/state" -> answer(request, 200, state());
            case "GET " + PATH + "/frames" -> frames(request);
            case "POST " + PATH + "/fault", "POST " + PATH + "/script", "POST " + PATH + "/clock" ->
                withBody(request, body -> change(request, body));
            default ->
                answer(
                        request,
                        404,
                        error("known are GET " + PATH + "/state, GET " + PATH + "/frames?session=N, POST " + PATH
                                + "/fault?session=N, POST " + PATH + "/script, POST " + PATH + "/clock?advance=MS"));
        }
    }

    private void withBody(HttpServerRequest request, Consumer<String> then) {
        String length = request.getHeader("Content-Length");
        if (length == null || !length.matches("\\d{1,7}") || Integer.parseInt(length) > MAX_BODY) {
            answer(request, 413, error("a body with its Content-Length, at most " + MAX_BODY + " bytes"));
            return;
        }
        request.body().onSuccess(body -> then.accept(body.toString()));
    }

    private void change(HttpServerRequest request, String body) {
        try {
            switch (request.path()) {
                case PATH + "/fault" -> fault(request, body);
                case PATH + "/script" -> {
                    server.play(ScriptReader.read("script", body, Path.of("")));
                    answer(request, 200, state());
                }
                default -> advance(request);
            }
        } catch (ScriptFormatException e) {
            answer(request, 400, error(String.valueOf(e.getMessage())));
        }
    }

    /** To one session, or to all that are open. */
    private void fault(HttpServerRequest request, String body) throws ScriptFormatException {
        Consumer<Victim> deed = ScriptReader.deed("fault", body);
        Collection<RealtimeSession> victims = asked(request);
        victims.forEach(session -> session.suffer(body.strip().replace('\n', ' '), deed));
        answer(request, 200, ServerEvents.JSON.createObjectNode().put("sessions", victims.size()));
    }

    private void advance(HttpServerRequest request) {
        String millis = String.valueOf(request.getParam("advance"));
        if (!(server.clock() instanceof VirtualClock clock)) {
            answer(request, 409, error("the clock goes by itself; start the simulator with --clock manual"));
        } else if (!millis.matches("\\d{1,8}") || Long.parseLong(millis) > MAX_ADVANCE_MILLIS) {
            answer(request, 400, error("say how far in milliseconds: POST " + PATH + "/clock?advance=5000"));
        } else {
            clock.advance(Long.parseLong(millis));
            answer(request, 200, ServerEvents.JSON.createObjectNode().put("now_ms", clock.nowMillis()));
        }
    }

    private Collection<RealtimeSession> asked(HttpServerRequest request) {
        String number = request.getParam("session");
        if (number == null) return List.copyOf(server.sessions().values());
        RealtimeSession one = number.matches("\\d{1,18}") ? server.sessions().get(Long.parseLong(number)) : null;
        return one == null ? List.of() : List.of(one);
    }

    private ObjectNode state() {
        ObjectNode state = ServerEvents.JSON
                .createObjectNode()
                .put("now_ms", server.clock().nowMillis())
                .put("sessions_opened", server.sessionsOpened());
        ArrayNode sessions = state.putArray("sessions");
        for (Map.Entry<Long, RealtimeSession> entry : server.sessions().entrySet()) {
            RealtimeSession session = entry.getValue();
            ObjectNode shown = sessions.addObject()
                    .put("session", entry.getKey())
                    .put("audio_written_ms", session.writtenMillis())
                    .put("caller_speaks", session.isSpeaking());
            ObjectNode counters = shown.putObject("counters");
            session.log().counters().forEach(counters::put);
        }
        return state;
    }

    private void frames(HttpServerRequest request) {
        ArrayNode frames = ServerEvents.JSON.createArrayNode();
        for (RealtimeSession session : asked(request)) {
            for (Entry entry : session.log().entries()) {
                frames.addObject()
                        .put("at_ms", entry.atMillis())
                        .put("way", entry.way())
                        .put("type", entry.type())
                        .put("count", entry.count())
                        .put("text", entry.text());
            }
        }
        answer(request, 200, frames);
    }

    private static ObjectNode error(String message) {
        return ServerEvents.JSON.createObjectNode().put("error", message);
    }

    private static void answer(HttpServerRequest request, int status, JsonNode body) {
        try {
            request.response()
                    .setStatusCode(status)
                    .putHeader("Content-Type", "application/json")
                    .end(ServerEvents.JSON.writerWithDefaultPrettyPrinter().writeValueAsString(body) + "\n");
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("cannot write the state", e);
        }
    }

    /** A name that a stranger's DNS points here must not open the desk to a browser. */
    private static boolean isForHere(HttpServerRequest request) {
        String host = String.valueOf(request.getHeader("Host"));
        return host.matches("(localhost|127\\.[0-9.]+|\\[::1])(:\\d+)?");
    }

    private static boolean isFromHere(HttpServerRequest request) {
        try {
            return InetAddress.getByName(request.remoteAddress().hostAddress()).isLoopbackAddress();
        } catch (UnknownHostException e) {
            return false;
        }
    }
}
