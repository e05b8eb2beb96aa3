package io.firefly.voip.console;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Who may change something over HTTP.
 *
 * @param token secret that a request shows as {@code Authorization: Bearer ...}, at least 16 characters; empty: requests from
 *     this machine may, and no others
 * @param tokenFile a file that holds it, for mounted secrets; wins over {@code token}
 */
@ConfigurationProperties(prefix = "firefly.console", ignoreUnknownFields = false)
record ConsoleProperties(
        @DefaultValue("") String token, @DefaultValue("") String tokenFile) {
    private static final int MIN_LENGTH = 16;

    ConsoleProperties {
        token = tokenFile.isBlank() ? token.strip() : read(tokenFile);
        if (!token.isEmpty() && token.length() < MIN_LENGTH)
            throw new IllegalArgumentException("firefly.console.token must have at least 16 characters");
    }

    private static String read(String file) {
        try {
            String text = Files.readString(Path.of(file)).strip();
            if (text.isEmpty()) throw new IllegalArgumentException("firefly.console.token-file " + file + " is empty");
            return text;
        } catch (IOException e) {
            throw new IllegalArgumentException("firefly.console.token-file " + file + " cannot be read", e);
        }
    }

    /** Never the token. */
    @Override
    public String toString() {
        return "ConsoleProperties[token=" + (token.isEmpty() ? "none" : "set") + "]";
    }
}
