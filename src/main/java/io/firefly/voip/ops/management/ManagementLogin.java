package io.firefly.voip.ops.management;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** The one login of the management port. Never printed, but for a password that was drawn for this run. */
public final class ManagementLogin {
    private static final int DRAWN_BYTES = 15;

    private final String user;
    private final byte @Nullable [] digest;
    private final @Nullable String drawn;
    private final boolean hawtio;

    private ManagementLogin(String user, @Nullable String password, boolean isDrawn, boolean hawtio) {
        this.user = user;
        this.digest = password == null ? null : digest(password);
        this.drawn = isDrawn ? password : null;
        this.hawtio = hawtio;
    }

    /**
     * @param production nobody reads the console there, so nothing is drawn: without a password nobody can log in
     * @throws IllegalStateException when Hawtio is wanted in production and has no password, or the file cannot be read
     */
    static ManagementLogin of(ManagementProperties settings, boolean production) {
        String password =
                settings.passwordFile().isEmpty() ? settings.password() : read(Path.of(settings.passwordFile()));
        if (!password.isEmpty()) return new ManagementLogin(settings.user(), password, false, settings.hawtio());
        if (!production) return new ManagementLogin(settings.user(), draw(), true, settings.hawtio());
        if (settings.hawtio()) {
            throw new IllegalStateException("firefly.management.hawtio is true, the profile is prod, and there is no"
                    + " password: set firefly.management.password or firefly.management.password-file. Nothing was"
                    + " started.");
        }
        return new ManagementLogin(settings.user(), null, false, false);
    }

    private static String read(Path file) {
        try {
            String password = Files.readString(file, StandardCharsets.UTF_8).strip();
            return ManagementProperties.requireLength(password, "the password in firefly.management.password-file");
        } catch (IOException e) {
            throw new IllegalStateException(
                    "firefly.management.password-file: " + file.toAbsolutePath() + " cannot be read", e);
        }
    }

    private static String draw() {
        byte[] bytes = new byte[DRAWN_BYTES];
        new SecureRandom().nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    public String user() {
        return user;
    }

    /** The password that was drawn for this run, to be told once; null when it was set, or there is none. */
    public @Nullable String drawnPassword() {
        return drawn;
    }

    /** False when there is no password: then nobody can log in. */
    public boolean isPossible() {
        return digest != null;
    }

    public boolean showsHawtio() {
        return hawtio;
    }

    /** Takes the same time for every wrong answer. */
    boolean accepts(String givenUser, String givenPassword) {
        byte[] expected = digest;
        if (expected == null) return false;
        boolean userIsRight = MessageDigest.isEqual(digest(user), digest(givenUser));
        boolean passwordIsRight = MessageDigest.isEqual(expected, digest(givenPassword));
        return userIsRight && passwordIsRight;
    }

    private static byte[] digest(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException everyJvmHasIt) {
            throw new IllegalStateException(everyJvmHasIt);
        }
    }
}
