package io.firefly.voip.registrar;

import io.firefly.voip.call.Source;
import io.firefly.voip.sip.digest.DigestAlgorithm;
import io.firefly.voip.sip.digest.DigestChallenge;
import io.firefly.voip.sip.digest.DigestCredentials;
import io.firefly.voip.sip.digest.HeaderReading;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;

/**
 * Proves who sent a request (RFC 3261 22, RFC 7616, RFC 8760), always with qop=auth.
 *
 * <p>An unknown user takes the same path, the same computation and hears the same as a wrong password. Any thread; reads
 * the database when the user is not cached.
 */
public final class DigestGuard {
    private static final Logger LOG = LoggerFactory.getLogger(DigestGuard.class);

    /**
     * What is to be proved.
     *
     * @param requestUri as it stands on the request line
     * @param authorization the values of the Authorization header in wire order
     */
    public record Attempt(String method, String requestUri, List<String> authorization, Source source) {
        public Attempt {
            authorization = List.copyOf(authorization);
        }
    }

    public sealed interface Outcome {
        record Granted(String user) implements Outcome {}

        /** 401 with a WWW-Authenticate per algorithm. */
        record Challenge(boolean stale, Map<String, List<String>> headers) implements Outcome {}

        /** @param reason the phrase of the response */
        record Refused(int status, String reason, Map<String, List<String>> headers) implements Outcome {}
    }

    private final RegistrarProperties settings;
    private final Subscribers subscribers;
    private final Nonces nonces;
    private final NonceCounts counts;
    private final FailureThrottle throttle;
    private final Clock clock;
    private final Map<DigestAlgorithm, String> nobodysHa1 = new HashMap<>();
    private final LongAdder granted = new LongAdder();
    private final LongAdder challenged = new LongAdder();
    private final LongAdder failed = new LongAdder();
    private final LongAdder refused = new LongAdder();

    DigestGuard(RegistrarProperties settings, Subscribers subscribers, Clock clock) {
        this.settings = settings;
        this.subscribers = subscribers;
        this.clock = clock;
        this.nonces = new Nonces(settings.nonceKey(), settings.realm(), settings.nonceLifetime(), clock);
        this.counts =
                new NonceCounts(settings.maxNonces(), settings.nonceLifetime().toMillis());
        this.throttle = new FailureThrottle(settings.throttle(), clock);
        for (DigestAlgorithm algorithm : DigestAlgorithm.values()) {
            String secret = UUID.randomUUID().toString();
            nobodysHa1.put(algorithm, algorithm.ha1("nobody", settings.realm(), secret));
        }
    }

    public Outcome check(Attempt attempt) {
        if (throttle.refuses(attempt.source())) return refuse(403, "Too Many Failures");
        if (attempt.authorization().isEmpty()) return challenge(false);
        String malformed = null;
        for (String value : attempt.authorization()) {
            HeaderReading<DigestCredentials> reading = DigestCredentials.parse(value);
            if (reading instanceof HeaderReading.Malformed<DigestCredentials> bad) malformed = bad.reason();
            if (reading instanceof HeaderReading.Value<DigestCredentials> good
                    && good.value().realm().equals(settings.realm())) {
                return judge(attempt, good.value());
            }
        }
        return malformed != null ? refuse(400, "Bad Authorization: " + malformed) : challenge(false);
    }

    private Outcome judge(Attempt attempt, DigestCredentials credentials) {
        DigestCredentials.Protection protection = credentials.protection();
        if (protection == null || !protection.qop().equalsIgnoreCase("auth")) {
            return refuse(400, "Bad Authorization: qop=auth is needed");
        }
        DigestAlgorithm algorithm =
                DigestAlgorithm.ofToken(credentials.algorithm()).orElse(null);
        if (algorithm == null || !settings.algorithms().contains(algorithm)) return challenge(false);
        if (!attempt.source().trusted() && !isForCalled(credentials.uri(), attempt.requestUri())) {
            return refuse(400, "Bad Authorization: uri is for somebody else");
        }
        if (throttle.refuses(attempt.source(), credentials.username())) return refuse(403, "Too Many Failures");
        try {
            return isRight(credentials, algorithm, attempt.method())
                    ? admit(attempt.source(), credentials, protection)
                    : fail(attempt.source(), credentials.username());
        } catch (DataAccessException e) {
            LOG.error("credentials cannot be read: REGISTER is answered 503", e);
            return new Outcome.Refused(503, "Service Unavailable", Map.of("Retry-After", List.of("30")));
        }
    }

    private boolean isRight(DigestCredentials credentials, DigestAlgorithm algorithm, String method) {
        String stored = subscribers.ha1(credentials.username(), algorithm);
        String ha1 = stored != null ? stored : nobodysHa1.getOrDefault(algorithm, "");
        byte[] expected = credentials.expectedResponse(algorithm, ha1, method).getBytes(StandardCharsets.UTF_8);
        byte[] sent = credentials.response().toLowerCase(Locale.ROOT).getBytes(StandardCharsets.UTF_8);
        boolean equal = MessageDigest.isEqual(expected, sent);
        return equal && stored != null;
    }

    /** The password is right; what is left is whether the nonce still is. */
    private Outcome admit(Source source, DigestCredentials credentials, DigestCredentials.Protection protection) {
        String nonce = credentials.nonce();
        OptionalLong issuedAt = nonces.issuedAtMillis(nonce);
        if (issuedAt.isEmpty() || !counts.take(nonce, issuedAt.getAsLong(), protection.nonceCount(), clock.millis())) {
            return challenge(true);
        }
        throttle.succeeded(source, credentials.username());
        granted.increment();
        return new Outcome.Granted(credentials.username());
    }

    private Outcome fail(Source source, String user) {
        failed.increment();
        if (throttle.failed(source, user)) {
            LOG.warn(
                    "too many wrong passwords user={} address={}: refused with 403 for {} (firefly.registrar.throttle)",
                    user,
                    source.address().getHostString(),
                    settings.throttle().refuseFor());
        }
        return challenge(false);
    }

    private Outcome challenge(boolean stale) {
        challenged.increment();
        List<String> values = settings.algorithms().stream()
                .map(algorithm -> DigestChallenge.ours(settings.realm(), nonces.issue(), algorithm, stale)
                        .text())
                .toList();
        return new Outcome.Challenge(stale, Map.of("WWW-Authenticate", values));
    }

    private Outcome refuse(int status, String reason) {
        refused.increment();
        return new Outcome.Refused(status, reason, Map.of());
    }

    /**
     * Answers made for one number are no good for another. More is not asked: phones and proxies rewrite host, port and
     * parameters, and equality is not needed in SIP (RFC 3261 22.4).
     */
    private static boolean isForCalled(String digestUri, String requestUri) {
        String signed = dialled(digestUri);
        String called = dialled(requestUri);
        if (signed == null || called == null) return false;
        return signed.isEmpty() || signed.equals(called);
    }

    /** The user of a SIP address or the number of a tel: one without visual separators (RFC 3966 5.1.1); else null. */
    private static @Nullable String dialled(String uri) {
        if (!uri.regionMatches(true, 0, "tel:", 0, 4)) {
            ContactUri address = ContactUri.parse(uri);
            return address == null ? null : address.userinfo();
        }
        String number = uri.substring(4).split(";", 2)[0].replaceAll("[-.()]", "");
        return number.matches("[+]?[0-9A-Fa-f*#]{1,64}") ? number : null;
    }

    /** Requests whose sender was proved. */
    public long granted() {
        return granted.sum();
    }

    /** 401 answers, the harmless first ones included. */
    public long challenged() {
        return challenged.sum();
    }

    /** Wrong passwords and unknown users. */
    public long failed() {
        return failed.sum();
    }

    /** Refused without a look at the password: throttled or malformed. */
    public long refused() {
        return refused.sum();
    }

    /** Nonces forgotten before their time because {@code firefly.registrar.max-nonces} was reached. */
    public long noncesEvicted() {
        return counts.evicted();
    }
}
