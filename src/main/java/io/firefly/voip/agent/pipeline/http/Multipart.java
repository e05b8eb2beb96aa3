package io.firefly.voip.agent.pipeline.http;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.UUID;

/** A form with a file in it (RFC 7578). */
final class Multipart {
    private final String boundary = "firefly-" + UUID.randomUUID();
    private final ByteArrayOutputStream body = new ByteArrayOutputStream();

    Multipart field(String name, String value) {
        line("--" + boundary);
        line("Content-Disposition: form-data; name=\"" + name + "\"");
        line("");
        line(value);
        return this;
    }

    Multipart file(String name, String fileName, String contentType, byte[] content) {
        line("--" + boundary);
        line("Content-Disposition: form-data; name=\"" + name + "\"; filename=\"" + fileName + "\"");
        line("Content-Type: " + contentType);
        line("");
        body.writeBytes(content);
        line("");
        return this;
    }

    String contentType() {
        return "multipart/form-data; boundary=" + boundary;
    }

    byte[] bytes() {
        line("--" + boundary + "--");
        return body.toByteArray();
    }

    private void line(String text) {
        body.writeBytes((text + "\r\n").getBytes(StandardCharsets.UTF_8));
    }
}
