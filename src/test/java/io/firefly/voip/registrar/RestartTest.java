package io.firefly.voip.registrar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.firefly.voip.registrar.Registrar.Request;
import io.firefly.voip.sip.digest.DigestAlgorithm;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RestartTest {
    @Test
    void subscribersAndBindingsSurviveARestart(@TempDir Path data) {
        String url = "jdbc:h2:file:" + data.resolve("firefly").toAbsolutePath();
        MovingClock clock = new MovingClock();
        List<Binding> before;
        try (TestExchange first = new TestExchange(url, clock, Map.of())) {
            first.subscribers.save("bob", "secret");
            first.registrar.register(new Request(
                    "bob",
                    "c",
                    1,
                    List.of("<sip:bob@10.0.0.1>;q=0.5;+sip.instance=\"<urn:x>\", <sip:bob@10.0.0.2>;expires=60"),
                    null,
                    List.of(),
                    TestExchange.source("2001:db8::7", 4711, "bob")));
            before = first.locations.lookup("bob");
        }

        try (TestExchange again = new TestExchange(url, clock, Map.of())) {
            assertThat(again.locations.lookup("bob")).isEqualTo(before).hasSize(2);
            assertThat(again.subscribers.ha1("bob", DigestAlgorithm.SHA_256))
                    .isEqualTo(DigestAlgorithm.SHA_256.ha1("bob", "firefly", "secret"));
        }

        clock.forward(Duration.ofSeconds(61));
        try (TestExchange later = new TestExchange(url, clock, Map.of())) {
            assertThat(later.locations.lookup("bob"))
                    .extracting(Binding::contact)
                    .containsExactly("sip:bob@10.0.0.1");
        }
    }

    @Test
    void theDevelopmentLoginIsThereOutsideOfProduction() {
        TestExchange exchange = TestExchange.withBob(Map.of());

        FirstSubscriber.prepare(exchange.subscribers, exchange.settings, false);

        assertThat(ha1(exchange)).isEqualTo(DigestAlgorithm.MD5.ha1("linphone", "firefly", "test123"));
    }

    @Test
    void productionRefusesTheKnownPasswordAndRevokesOneLeftInTheData() {
        TestExchange exchange = TestExchange.withBob(Map.of());
        FirstSubscriber.prepare(exchange.subscribers, exchange.settings, false);

        assertThatIllegalStateException()
                .isThrownBy(() -> FirstSubscriber.prepare(exchange.subscribers, exchange.settings, true))
                .withMessageContaining("firefly.registrar.development-subscriber.password");
        FirstSubscriber.prepare(
                exchange.subscribers,
                TestExchange.settings(Map.of("firefly.registrar.development-subscriber.user", "")),
                true);
        assertThat(ha1(exchange)).isNull();
    }

    @Test
    void aPasswordOfOnesOwnIsFineInProduction() {
        TestExchange exchange = TestExchange.withBob(Map.of());

        FirstSubscriber.prepare(
                exchange.subscribers,
                TestExchange.settings(Map.of("firefly.registrar.development-subscriber.password", "long and mine")),
                true);

        assertThat(ha1(exchange)).isNotNull();
    }

    @Test
    void aNewPasswordCountsAtOnce() {
        TestExchange exchange = TestExchange.withBob(Map.of());
        @Nullable String old = exchange.subscribers.ha1("bob", DigestAlgorithm.MD5);

        exchange.subscribers.save("bob", "other");

        assertThat(exchange.subscribers.ha1("bob", DigestAlgorithm.MD5)).isNotEqualTo(old);
    }

    @Test
    void wrongSettingsNameTheirKey() {
        assertWrong("firefly.registrar.realm", "a\"b", "firefly.registrar.realm");
        assertWrong("firefly.registrar.nonce-key", "short", "firefly.registrar.nonce-key");
        assertWrong("firefly.registrar.bindings.min-expires", "3h", "min-expires <= default-expires");
        assertWrong("firefly.registrar.throttle.failures", "0", "firefly.registrar.throttle.failures");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TestExchange.withBob(Map.of()).subscribers.save("a:b", "x"))
                .withMessageContaining("subscriber 'a:b'");
    }

    private static void assertWrong(String key, String value, String sentence) {
        assertThat(org.assertj.core.api.Assertions.catchThrowable(() -> TestExchange.settings(Map.of(key, value))))
                .rootCause()
                .hasMessageContaining(sentence);
    }

    private static @Nullable String ha1(TestExchange exchange) {
        return exchange.subscribers.ha1("linphone", DigestAlgorithm.MD5);
    }
}
