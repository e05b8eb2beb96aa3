package io.firefly.voip.registrar;

import io.firefly.voip.sip.digest.DigestAlgorithm;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings {@code firefly.registrar.*}.
 *
 * @param algorithms offered in this order, one WWW-Authenticate each; several phones fail when they see two
 * @param nonceKey secret that the nodes of a cluster share, at least 32 characters; null draws one at start
 * @param credentialCache how long an HA1 may be older than the database
 */
@ConfigurationProperties(value = "firefly.registrar", ignoreUnknownFields = false)
record RegistrarProperties(
        @DefaultValue("firefly") String realm,
        @DefaultValue("MD5") List<DigestAlgorithm> algorithms,
        @DefaultValue("5m") Duration nonceLifetime,
        @DefaultValue("100000") int maxNonces,
        @Nullable String nonceKey,
        @DefaultValue("30s") Duration credentialCache,
        @DefaultValue("30s") Duration sweepInterval,
        @DefaultValue Bindings bindings,
        @DefaultValue Throttle throttle,
        @DefaultValue DevelopmentSubscriber developmentSubscriber) {
    RegistrarProperties {
        realm = realm.strip();
        if (!realm.matches("[^\\p{Cntrl}\"\\\\:]{1,128}")) {
            throw new IllegalArgumentException("firefly.registrar.realm '" + realm
                    + "' must be 1 to 128 characters without quote, backslash and colon");
        }
        if (algorithms.isEmpty()) {
            throw new IllegalArgumentException("firefly.registrar.algorithms is empty; give MD5, SHA-256 or both");
        }
        algorithms = algorithms.stream().distinct().toList();
        atLeastOneSecond("nonce-lifetime", nonceLifetime);
        atLeastOneSecond("sweep-interval", sweepInterval);
        atLeastOne("max-nonces", maxNonces);
        if (nonceKey != null && nonceKey.length() < 32) {
            throw new IllegalArgumentException("firefly.registrar.nonce-key must have at least 32 characters");
        }
        if (credentialCache.isNegative()) {
            throw new IllegalArgumentException("firefly.registrar.credential-cache must not be negative");
        }
    }

    /** Without the key: settings are printed. */
    @Override
    public String toString() {
        return "RegistrarProperties[realm=" + realm + ", algorithms=" + algorithms + "]";
    }

    /**
     * RFC 3261 10.3: the expiry we give, and how many contacts one user may have.
     *
     * @param minExpires a shorter wish hears 423 with Min-Expires
     * @param maxExpires a longer wish is shortened
     */
    record Bindings(
            @DefaultValue("1h") Duration defaultExpires,
            @DefaultValue("60s") Duration minExpires,
            @DefaultValue("2h") Duration maxExpires,
            @DefaultValue("10") int maxPerUser) {
        Bindings {
            atLeastOneSecond("bindings.min-expires", minExpires);
            atLeastOne("bindings.max-per-user", maxPerUser);
            if (minExpires.compareTo(defaultExpires) > 0 || defaultExpires.compareTo(maxExpires) > 0) {
                throw new IllegalArgumentException(
                        "firefly.registrar.bindings: min-expires <= default-expires <= max-expires must hold, not "
                                + minExpires + ", " + defaultExpires + ", " + maxExpires);
            }
            if (minExpires.compareTo(Duration.ofHours(1)) > 0) {
                throw new IllegalArgumentException("firefly.registrar.bindings.min-expires must not exceed 1h:"
                        + " RFC 3261 10.3 allows 423 only for less");
            }
        }
    }

    /**
     * When wrong passwords lead to 403 without a look at them.
     *
     * @param failures of one address for one user, within {@code within}
     * @param addressFailures of one address for any users, within {@code addressWithin}
     */
    record Throttle(
            @DefaultValue("10") int failures,
            @DefaultValue("30s") Duration within,
            @DefaultValue("1m") Duration refuseFor,
            @DefaultValue("30") int addressFailures,
            @DefaultValue("10m") Duration addressWithin,
            @DefaultValue("1h") Duration addressRefuseFor,
            @DefaultValue("50000") int maxEntries) {
        Throttle {
            atLeastOne("throttle.failures", failures);
            atLeastOne("throttle.address-failures", addressFailures);
            atLeastOne("throttle.max-entries", maxEntries);
            atLeastOneSecond("throttle.within", within);
            atLeastOneSecond("throttle.refuse-for", refuseFor);
            atLeastOneSecond("throttle.address-within", addressWithin);
            atLeastOneSecond("throttle.address-refuse-for", addressRefuseFor);
        }
    }

    /** The login of the first minute. An empty user means none. */
    record DevelopmentSubscriber(
            @DefaultValue("linphone") String user,

            @DefaultValue(DevelopmentSubscriber.KNOWN_PASSWORD)
            String password) {
        static final String KNOWN_PASSWORD = "test123";

        boolean isWanted() {
            return !user.isBlank();
        }

        boolean hasKnownPassword() {
            return password.equals(KNOWN_PASSWORD);
        }

        @Override
        public String toString() {
            return user + ":***";
        }
    }

    private static void atLeastOne(String key, int value) {
        if (value < 1) throw new IllegalArgumentException("firefly.registrar." + key + " must be at least 1");
    }

    private static void atLeastOneSecond(String key, Duration value) {
        if (value.compareTo(Duration.ofSeconds(1)) < 0) {
            throw new IllegalArgumentException("firefly.registrar." + key + " must be at least 1s");
        }
    }
}
