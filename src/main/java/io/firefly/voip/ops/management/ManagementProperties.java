package io.firefly.voip.ops.management;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Who may look behind the curtain ({@code management.server.port}).
 *
 * @param user of the login
 * @param password of the login; when neither this nor the file is set, one is drawn at the start (nobody can log in, in
 *     profile {@code prod})
 * @param passwordFile a file that holds it, for mounted secrets
 * @param hawtio whether Hawtio and Jolokia are there at all
 */
@ConfigurationProperties(prefix = "firefly.management", ignoreUnknownFields = false)
record ManagementProperties(
        @DefaultValue("admin") String user,
        @DefaultValue("") String password,
        @DefaultValue("") String passwordFile,
        @DefaultValue("true") boolean hawtio) {
    private static final int SHORTEST = 8;

    ManagementProperties {
        if (!user.matches("[A-Za-z0-9._@-]{1,64}")) {
            throw new IllegalArgumentException(
                    "firefly.management.user must be 1 to 64 of A-Z a-z 0-9 . _ @ -, not '" + user + "'");
        }
        if (!password.isEmpty() && !passwordFile.isEmpty()) {
            throw new IllegalArgumentException(
                    "firefly.management.password and firefly.management.password-file are both set: set one of them");
        }
        if (!password.isEmpty()) requireLength(password, "firefly.management.password");
    }

    /** @throws IllegalArgumentException naming the setting, never the password */
    static String requireLength(String password, String setting) {
        if (password.length() >= SHORTEST) return password;
        throw new IllegalArgumentException(setting + " must have at least " + SHORTEST + " characters");
    }

    /** Without the password. */
    @Override
    public String toString() {
        return "user=" + user + " hawtio=" + hawtio;
    }
}
