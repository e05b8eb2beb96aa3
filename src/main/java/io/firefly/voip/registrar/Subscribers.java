package io.firefly.voip.registrar;

import io.firefly.voip.sip.digest.DigestAlgorithm;
import java.time.Clock;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.EnumMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * Who may register in our realm, and their HA1s. Reads are cached for a short time; names nobody has are cached apart, so
 * that a scanner cannot push out those who exist. Any thread.
 *
 * <p>Every method throws {@link org.springframework.dao.DataAccessException} when the database does not answer.
 */
public final class Subscribers {
    private static final Pattern FORBIDDEN = Pattern.compile("(?s).*[\\p{Cntrl}:\"\\\\].*");

    static final int MAX_USER_LENGTH = 128;
    private static final int MAX_CACHED = 20_000;

    private final JdbcTemplate jdbc;
    private final String realm;
    private final long cacheMillis;
    private final Clock clock;
    private final BoundedTable<String, Map<DigestAlgorithm, String>> known = new BoundedTable<>(MAX_CACHED);
    private final BoundedTable<String, Boolean> unknown = new BoundedTable<>(MAX_CACHED);

    Subscribers(JdbcTemplate jdbc, String realm, Duration cacheFor, Clock clock) {
        this.jdbc = jdbc;
        this.realm = realm;
        this.cacheMillis = cacheFor.toMillis();
        this.clock = clock;
    }

    /** The HA1 of a user; null when there is no such user or none for that algorithm. */
    @Nullable
    String ha1(String user, DigestAlgorithm algorithm) {
        long now = clock.millis();
        Map<DigestAlgorithm, String> cached = known.get(user, now);
        if (cached != null) return cached.get(algorithm);
        if (user.length() > MAX_USER_LENGTH || unknown.get(user, now) != null) return null;
        Map<DigestAlgorithm, String> read = read(user);
        if (read.isEmpty()) {
            unknown.put(user, Boolean.TRUE, now + cacheMillis);
        } else {
            known.put(user, read, now + cacheMillis);
        }
        return read.get(algorithm);
    }

    private Map<DigestAlgorithm, String> read(String user) {
        Map<DigestAlgorithm, String> ha1s = new EnumMap<>(DigestAlgorithm.class);
        jdbc.query(
                "SELECT algorithm, ha1 FROM credential WHERE username = ? AND realm = ?",
                row -> {
                    String ha1 = row.getString("ha1");
                    DigestAlgorithm.ofToken(row.getString("algorithm")).ifPresent(known -> ha1s.put(known, ha1));
                },
                user,
                realm);
        return ha1s;
    }

    /**
     * Adds a subscriber or gives an existing one a new password. Of the password only its HA1s are kept.
     *
     * @throws IllegalArgumentException when the user is no name a digest can carry
     */
    public void save(String user, String password) {
        if (user.isBlank()
                || user.length() > MAX_USER_LENGTH
                || FORBIDDEN.matcher(user).matches()) {
            throw new IllegalArgumentException("subscriber '" + user + "' must be 1 to " + MAX_USER_LENGTH
                    + " characters without colon, quote, backslash and control characters");
        }
        if (password.isEmpty()) throw new IllegalArgumentException("subscriber '" + user + "' has no password");
        if (!exists(user)) {
            jdbc.update(
                    "INSERT INTO subscriber (username, realm, created_at) VALUES (?, ?, ?)",
                    user,
                    realm,
                    OffsetDateTime.ofInstant(clock.instant(), ZoneOffset.UTC));
        }
        for (DigestAlgorithm algorithm : DigestAlgorithm.values()) {
            saveHa1(user, algorithm, algorithm.ha1(user, realm, password));
        }
        forget(user);
    }

    private void saveHa1(String user, DigestAlgorithm algorithm, String ha1) {
        int updated = jdbc.update(
                "UPDATE credential SET ha1 = ? WHERE username = ? AND realm = ? AND algorithm = ?",
                ha1,
                user,
                realm,
                algorithm.token());
        if (updated > 0) return;
        jdbc.update(
                "INSERT INTO credential (username, realm, algorithm, ha1) VALUES (?, ?, ?, ?)",
                user,
                realm,
                algorithm.token(),
                ha1);
    }

    private boolean exists(String user) {
        Integer count = jdbc.queryForObject(
                "SELECT COUNT(*) FROM subscriber WHERE username = ? AND realm = ?", Integer.class, user, realm);
        return count != null && count > 0;
    }

    /** Takes the password away; the subscriber can prove itself no more. */
    public void revoke(String user) {
        jdbc.update("DELETE FROM credential WHERE username = ? AND realm = ?", user, realm);
        forget(user);
    }

    private void forget(String user) {
        known.remove(user);
        unknown.remove(user);
    }
}
