package io.firefly.voip.agent.simulator;

import io.firefly.voip.agent.simulator.protocol.ProtocolError;
import io.firefly.voip.agent.simulator.script.Visit.Handshake;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpServerRequest;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Decides who may come in, as the real server does, and turns away who the script does not want. */
final class Doorkeeper {
    private static final String KEY_PROTOCOL = "openai-insecure-api-key.";
    private static final int TOO_MANY_REQUESTS = 429;

    private Doorkeeper() {}

    /** Answers with the script's HTTP status instead of the upgrade. */
    static void turnAway(HttpServerRequest request, Handshake handshake) {
        int status = handshake.status();
        if (handshake.retryAfterSeconds() > 0) {
            request.response().putHeader("Retry-After", String.valueOf(handshake.retryAfterSeconds()));
        }
        String type =
                status == TOO_MANY_REQUESTS ? "requests" : status >= 500 ? "server_error" : "invalid_request_error";
        request.response()
                .setStatusCode(status)
                .putHeader("Content-Type", "application/json")
                .end("{\"error\":{\"type\":\"" + type + "\",\"code\":\"simulated_" + status
                        + "\",\"message\":\"The simulator's script answers this connection with " + status + ".\"}}");
    }

    /** Checks who knocks, in the order the real server does, and tells the model that was asked for. */
    static String modelOf(HttpServerRequest request) throws ProtocolError {
        if (apiKey(request) == null) {
            throw ProtocolError.fatal(3000, "invalid_api_key", "Incorrect API key provided: ''.");
        }
        String beta = request.headers().get("OpenAI-Beta");
        if (beta != null && beta.contains("realtime=v1")) throw ProtocolError.betaShape();
        Map<String, List<String>> query = new QueryStringDecoder(request.uri()).parameters();
        List<String> asked = Stream.of("model", "call_id", "intent")
                .flatMap(name -> query.getOrDefault(name, List.of()).stream())
                .toList();
        boolean forModel = query.containsKey("model");
        if (forModel && asked.size() == 1 && !asked.get(0).isBlank()) return asked.get(0);
        if (query.containsKey("intent")) {
            throw ProtocolError.fatal(
                    4000, "invalid_intent", "The simulator serves voice sessions only: connect with ?model=.");
        }
        if (query.containsKey("call_id")) {
            throw ProtocolError.fatal(4000, "invalid_call_id", "No such call: the simulator has no SIP connector.");
        }
        throw ProtocolError.fatal(4000, "missing_model", "You must provide a model parameter.");
    }

    private static @Nullable String apiKey(HttpServerRequest request) {
        MultiMap headers = request.headers();
        if (request.path().equals(SimulatorServer.AZURE_PATH)) {
            String key = headers.get("api-key");
            if (key != null && !key.isBlank()) return key;
        }
        String authorization = headers.get("Authorization");
        if (authorization != null && authorization.startsWith("Bearer ")) {
            String key = authorization.substring("Bearer ".length()).strip();
            return key.isEmpty() ? null : key;
        }
        String offered = headers.get("Sec-WebSocket-Protocol");
        if (offered == null) return null;
        for (String protocol : offered.split(",", -1)) {
            String name = protocol.strip();
            if (name.startsWith(KEY_PROTOCOL) && name.length() > KEY_PROTOCOL.length()) {
                return name.substring(KEY_PROTOCOL.length());
            }
        }
        return null;
    }
}
