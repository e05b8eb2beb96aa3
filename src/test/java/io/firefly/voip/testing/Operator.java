package io.firefly.voip.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** Somebody at the management port, with a program: a Basic login, or none. */
public final class Operator {
    private static final ObjectMapper JSON = new ObjectMapper();
    private final HttpClient http = HttpClient.newHttpClient();
    private final String base;
    private final String authorization;

    public Operator(String base, String user, String password) {
        this.base = base;
        this.authorization = user.isEmpty()
                ? ""
                : "Basic "
                        + Base64.getEncoder().encodeToString((user + ":" + password).getBytes(StandardCharsets.UTF_8));
    }

    public HttpResponse<String> get(String path, String... headers) {
        return send(request(path, headers).GET());
    }

    public HttpResponse<String> post(String path, String body, String... headers) {
        return send(request(path, headers)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(body)));
    }

    private HttpRequest.Builder request(String path, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(base + path));
        if (headers.length > 0) request.headers(headers);
        if (!authorization.isEmpty()) request.header("Authorization", authorization);
        return request;
    }

    private HttpResponse<String> send(HttpRequest.Builder request) {
        try {
            return http.send(request.build(), BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** One Jolokia request; the answer with its {@code status}, {@code value} and {@code error}. */
    public JsonNode jolokia(ObjectNode request) {
        try {
            return JSON.readTree(post("/actuator/jolokia", request.toString()).body());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public JsonNode read(String mbean) {
        return jolokia(JSON.createObjectNode().put("type", "read").put("mbean", mbean));
    }

    public JsonNode read(String mbean, String attribute) {
        return jolokia(
                JSON.createObjectNode().put("type", "read").put("mbean", mbean).put("attribute", attribute));
    }

    public JsonNode write(String mbean, String attribute, String value) {
        return jolokia(JSON.createObjectNode()
                .put("type", "write")
                .put("mbean", mbean)
                .put("attribute", attribute)
                .put("value", value));
    }

    public JsonNode exec(String mbean, String operation, String... arguments) {
        ObjectNode request =
                JSON.createObjectNode().put("type", "exec").put("mbean", mbean).put("operation", operation);
        var given = request.putArray("arguments");
        for (String argument : arguments) given.add(argument);
        return jolokia(request);
    }

    public JsonNode search(String pattern) {
        return jolokia(JSON.createObjectNode().put("type", "search").put("mbean", pattern))
                .path("value");
    }
}
