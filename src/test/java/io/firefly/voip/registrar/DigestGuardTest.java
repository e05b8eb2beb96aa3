package io.firefly.voip.registrar;

import static org.assertj.core.api.Assertions.assertThat;

import io.firefly.voip.call.Source;
import io.firefly.voip.registrar.DigestGuard.Attempt;
import io.firefly.voip.registrar.DigestGuard.Outcome;
import io.firefly.voip.registrar.DigestGuard.Outcome.Challenge;
import io.firefly.voip.registrar.DigestGuard.Outcome.Granted;
import io.firefly.voip.registrar.DigestGuard.Outcome.Refused;
import io.firefly.voip.sip.digest.ClientDigest;
import io.firefly.voip.sip.digest.DigestAlgorithm;
import io.firefly.voip.sip.digest.DigestCredentials;
import io.firefly.voip.sip.digest.DigestCredentials.Protection;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.JdbcTemplate;

class DigestGuardTest {
    private static final String URI = "sip:firefly.test";
    private TestExchange exchange = TestExchange.withBob(Map.of());
    private final Source phone = TestExchange.source("192.0.2.7", 5060, null);

    @Test
    void aRequestWithoutCredentialsIsChallengedWithMd5AndQopAlone() {
        Challenge challenge = (Challenge) check(phone);

        assertThat(challenge.stale()).isFalse();
        assertThat(challenge.headers().get("WWW-Authenticate")).singleElement().satisfies(value -> assertThat(value)
                .matches("Digest realm=\"firefly\", nonce=\"[A-Za-z0-9+/]{48}\", algorithm=MD5, qop=\"auth\""));
    }

    @Test
    void theRightPasswordIsGranted() {
        assertThat(check(phone, answer("bob", "secret"))).isEqualTo(new Granted("bob"));
        assertThat(exchange.guard.granted()).isEqualTo(1);
    }

    @Test
    void severalAlgorithmsAreOfferedInTheOrderOfTheSettingAndEachIsAccepted() {
        exchange = TestExchange.withBob(Map.of("firefly.registrar.algorithms", "SHA-256,MD5"));
        List<String> offered = ((Challenge) check(phone)).headers().getOrDefault("WWW-Authenticate", List.of());

        assertThat(offered).hasSize(2).first().asString().contains("algorithm=SHA-256");
        for (String challenge : offered) {
            assertThat(check(phone, ClientDigest.authorization(challenge, "REGISTER", URI, "bob", "secret")))
                    .isEqualTo(new Granted("bob"));
        }
    }

    @Test
    void anAlgorithmThatWasNotOfferedIsChallengedAgain() {
        String answer = with(nonce(), DigestAlgorithm.SHA_256, "00000001", "secret");

        assertThat(check(phone, answer)).isInstanceOf(Challenge.class);
    }

    @Test
    void anUnknownUserHearsExactlyWhatAWrongPasswordHears() {
        Outcome wrong = check(phone, answer("bob", "guess"));
        Outcome unknown = check(phone, answer("nobody", "guess"));

        assertThat(shape(unknown)).isEqualTo(shape(wrong));
        for (int i = 0; i < 10; i++) {
            wrong = check(phone, answer("bob", "guess"));
            unknown = check(phone, answer("nobody", "guess"));
            assertThat(shape(unknown)).isEqualTo(shape(wrong));
        }
    }

    @Test
    void anOldNonceWithTheRightPasswordIsStaleAndWithAWrongOneIsNot() {
        String right = answer("bob", "secret");
        String wrong = answer("bob", "guess");
        exchange.clock.forward(Duration.ofMinutes(5));

        assertThat(((Challenge) check(phone, right)).stale()).isTrue();
        assertThat(((Challenge) check(phone, wrong)).stale()).isFalse();
    }

    @Test
    void aForgedNonceIsNeverGranted() {
        String nonce = nonce();
        char last = nonce.charAt(47) == 'A' ? 'B' : 'A';
        String forged = nonce.substring(0, 47) + last;

        assertThat(((Challenge) check(phone, with(forged, DigestAlgorithm.MD5, "00000001", "secret"))).stale())
                .isTrue();
        assertThat(((Challenge) check(phone, with("mine", DigestAlgorithm.MD5, "00000001", "secret"))).stale())
                .isTrue();
        assertThat(exchange.guard.granted()).isZero();
    }

    @Test
    void nodesThatShareAKeyAcceptEachOthersNonces() {
        Map<String, String> key = Map.of("firefly.registrar.nonce-key", "0123456789abcdef0123456789abcdef");
        TestExchange other = TestExchange.withBob(key);
        exchange = TestExchange.withBob(key);

        assertThat(other.guard.check(attempt(phone, List.of(answer("bob", "secret")))))
                .isEqualTo(new Granted("bob"));
    }

    @Test
    void aNonceMayBeUsedAgainWithARisingCountButNoCountTwice() {
        String nonce = nonce();

        assertThat(check(phone, with(nonce, DigestAlgorithm.MD5, "00000001", "secret")))
                .isInstanceOf(Granted.class);
        assertThat(check(phone, with(nonce, DigestAlgorithm.MD5, "00000003", "secret")))
                .isInstanceOf(Granted.class);
        assertThat(check(phone, with(nonce, DigestAlgorithm.MD5, "00000002", "secret")))
                .isInstanceOf(Granted.class);
        assertThat(((Challenge) check(phone, with(nonce, DigestAlgorithm.MD5, "00000003", "secret"))).stale())
                .isTrue();
    }

    @Test
    void anAnswerWithoutQopIsRefused() {
        DigestCredentials bare = new DigestCredentials("bob", "firefly", nonce(), URI, null, null, null, "");
        String response = bare.expectedResponse(
                DigestAlgorithm.MD5, DigestAlgorithm.MD5.ha1("bob", "firefly", "secret"), "REGISTER");
        String text = bare.text().replace("response=\"\"", "response=\"" + response + "\"");

        assertThat(check(phone, text)).isEqualTo(new Refused(400, "Bad Authorization: qop=auth is needed", Map.of()));
    }

    @Test
    void theAnswerForOneNumberIsNoGoodForAnother() {
        for (String signed :
                List.of("sip:100@firefly.test", "sip:100@rewritten-by-a-proxy.test:5070", "sip:10.0.0.1")) {
            assertThat(inviteTo("sip:100@firefly.test", signed)).as(signed).isEqualTo(new Granted("bob"));
        }
        assertThat(inviteTo("sip:+1900@firefly.test", "sip:100@firefly.test"))
                .isEqualTo(new Refused(400, "Bad Authorization: uri is for somebody else", Map.of()));
        assertThat(inviteTo("tel:+1900", "tel:+4930")).isInstanceOf(Refused.class);
        assertThat(inviteTo("mailto:100@firefly.test", "mailto:100@firefly.test"))
                .isInstanceOf(Refused.class);
    }

    @Test
    void whoDialsATelAddressSignsTheNumberInOneWayOrAnother() {
        for (String signed : List.of("tel:+4930123", "tel:+49-30-123;phone-context=x", "sip:+4930123@firefly.test"))
            assertThat(inviteTo("tel:+4930123", signed)).as(signed).isEqualTo(new Granted("bob"));
        assertThat(inviteTo("sip:+4930123@firefly.test", "tel:+49(30)123")).isEqualTo(new Granted("bob"));
    }

    private Outcome inviteTo(String requestUri, String signedUri) {
        String answer = ClientDigest.authorization(challenge(), "INVITE", signedUri, "bob", "secret");
        return exchange.guard.check(new Attempt("INVITE", requestUri, List.of(answer), phone));
    }

    @Test
    void anAnswerForAnotherMethodIsWrong() {
        assertThat(exchange.guard.check(new Attempt("INVITE", URI, List.of(answer("bob", "secret")), phone)))
                .isInstanceOf(Challenge.class);
    }

    @Test
    void credentialsForAnotherRealmAreIgnoredAndTheRightOnesAmongSeveralAreFound() {
        String foreign = answer("bob", "secret").replace("realm=\"firefly\"", "realm=\"other\"");

        assertThat(check(phone, foreign)).isInstanceOf(Challenge.class);
        assertThat(check(phone, foreign, answer("bob", "secret"))).isInstanceOf(Granted.class);
    }

    @Test
    void aMalformedAuthorizationHearsWhy() {
        assertThat(check(phone, "Digest username=\"bob"))
                .isEqualTo(new Refused(400, "Bad Authorization: a quoted string is not closed", Map.of()));
    }

    @Test
    void tenWrongPasswordsCloseTheDoorForThatUserFromThatAddressForAMinute() {
        for (int i = 0; i < 10; i++)
            assertThat(check(phone, answer("bob", "guess"))).isInstanceOf(Challenge.class);
        String right = answer("bob", "secret");

        assertThat(check(phone, right)).isEqualTo(new Refused(403, "Too Many Failures", Map.of()));
        assertThat(check(TestExchange.source("192.0.2.8", 5060, null), right)).isInstanceOf(Granted.class);
        exchange.clock.forward(Duration.ofMinutes(1));
        assertThat(check(phone, answer("bob", "secret"))).isInstanceOf(Granted.class);
    }

    @Test
    void anAddressThatTriesManyUsersIsRefusedBeforeItIsChallenged() {
        for (int i = 0; i < 30; i++) check(phone, answer("user" + i, "guess"));

        assertThat(check(phone)).isInstanceOf(Refused.class);
        Source proxy = new Source("udp", phone.address(), null, true);
        assertThat(check(proxy)).isInstanceOf(Challenge.class);
    }

    @Test
    void aDatabaseThatDoesNotAnswerIs503() {
        exchange.jdbc.execute("DROP TABLE credential");

        assertThat(((Refused) check(phone, answer("bob", "secret"))).status()).isEqualTo(503);
    }

    @Test
    void credentialsAreReadOncePerCacheTime() {
        check(phone, answer("bob", "secret"));
        exchange.jdbc.update("DELETE FROM credential");

        assertThat(check(phone, answer("bob", "secret"))).isInstanceOf(Granted.class);
        exchange.clock.forward(Duration.ofSeconds(30));
        assertThat(check(phone, answer("bob", "secret"))).isInstanceOf(Challenge.class);
    }

    @Test
    void thePasswordIsNowhereInTheDatabase() {
        JdbcTemplate jdbc = exchange.jdbc;

        assertThat(jdbc.queryForList("SELECT * FROM credential").toString()).doesNotContain("secret");
        assertThat(jdbc.queryForList("SELECT algorithm FROM credential", String.class))
                .containsExactlyInAnyOrder("MD5", "SHA-256");
    }

    private Outcome check(Source from, String... authorization) {
        return exchange.guard.check(attempt(from, List.of(authorization)));
    }

    private static Attempt attempt(Source from, List<String> authorization) {
        return new Attempt("REGISTER", URI, authorization, from);
    }

    private String answer(String user, String password) {
        return ClientDigest.authorization(challenge(), "REGISTER", URI, user, password);
    }

    private String challenge() {
        Challenge challenge =
                (Challenge) exchange.guard.check(attempt(TestExchange.source("192.0.2.99", 5060, null), List.of()));
        return challenge.headers().getOrDefault("WWW-Authenticate", List.of()).get(0);
    }

    private String nonce() {
        return answer("bob", "secret").replaceAll(".*nonce=\"([^\"]+)\", uri.*", "$1");
    }

    private static String with(String nonce, DigestAlgorithm algorithm, String nc, String password) {
        DigestCredentials credentials = new DigestCredentials(
                "bob", "firefly", nonce, URI, algorithm.token(), new Protection("auth", nc, "c"), null, "");
        String response =
                credentials.expectedResponse(algorithm, algorithm.ha1("bob", "firefly", password), "REGISTER");
        return credentials.text().replace("response=\"\"", "response=\"" + response + "\"");
    }

    /** What a scanner can compare: everything but the nonce. */
    private static String shape(Outcome outcome) {
        return outcome.toString().replaceAll("nonce=\"[^\"]+\"", "nonce");
    }
}
