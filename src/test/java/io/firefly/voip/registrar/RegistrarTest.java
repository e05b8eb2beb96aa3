package io.firefly.voip.registrar;

import static org.assertj.core.api.Assertions.assertThat;

import io.firefly.voip.registrar.Registrar.Outcome;
import io.firefly.voip.registrar.Registrar.Request;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** RFC 3261 10.3, rule by rule. */
class RegistrarTest {
    private static final String HERE = "<sip:bob@192.0.2.1:5060>";
    private final TestExchange exchange = TestExchange.withBob(Map.of());
    private long cseq;

    @AfterEach
    void close() {
        exchange.close();
    }

    @Test
    void aContactIsBoundForAnHourWhenNothingElseIsSaid() {
        Outcome outcome = register(HERE);

        assertThat(outcome.status()).isEqualTo(200);
        assertThat(contacts(outcome)).containsExactly("<sip:bob@192.0.2.1:5060>;expires=3600");
    }

    @Test
    void theContactParameterBeatsTheExpiresHeaderAndNonsenseMeansTheDefault() {
        assertThat(contacts(registerUntil("600", HERE + ";expires=120"))).containsExactly(HERE + ";expires=120");
        assertThat(contacts(registerUntil("600", HERE))).containsExactly(HERE + ";expires=600");
        assertThat(contacts(registerUntil("soon", HERE))).containsExactly(HERE + ";expires=3600");
        assertThat(contacts(registerUntil("4294967295", HERE))).containsExactly(HERE + ";expires=7200");
        assertThat(contacts(registerUntil("600", HERE + ";expires=x"))).containsExactly(HERE + ";expires=3600");
    }

    @Test
    void tooShortAWishHears423WithTheMinimumAndChangesNothing() {
        Outcome outcome = registerUntil("59", HERE);

        assertThat(outcome.status()).isEqualTo(423);
        assertThat(outcome.headers()).containsEntry("Min-Expires", List.of("60"));
        assertThat(exchange.locations.bindingsNow()).isZero();
    }

    @Test
    void withoutContactAllBindingsAreListedWithWhatIsLeftOfTheirTime() {
        register(HERE, "<sip:bob@192.0.2.2>;q=0.5;expires=100");
        exchange.clock.forward(Duration.ofMillis(10_500));

        assertThat(contacts(register()))
                .containsExactly(HERE + ";expires=3590", "<sip:bob@192.0.2.2>;expires=90;q=0.5");
    }

    @Test
    void commaJoinedContactsWithQuotesAndParametersAreUnderstood() {
        Outcome outcome = register(
                "\"Bob, \\\"desk\\\" <x>\" <sip:bob@192.0.2.1;transport=tcp>;+sip.instance=\"<urn:uuid:a,b>\";reg-id=1, sip:bob@192.0.2.2;expires=90");

        assertThat(contacts(outcome))
                .containsExactly(
                        "<sip:bob@192.0.2.1;transport=tcp>;expires=3600;+sip.instance=\"<urn:uuid:a,b>\";reg-id=1",
                        "<sip:bob@192.0.2.2>;expires=90");
    }

    @Test
    void anEqualAddressInOtherLettersIsRefreshedNotAdded() {
        register("<sip:bob@HOST.example;x=1>");

        assertThat(contacts(register("<sip:bob@host.example>"))).containsExactly("<sip:bob@host.example>;expires=3600");
    }

    @Test
    void theSameTelephoneAtANewAddressReplacesItsOldBinding() {
        register("<sip:bob@192.0.2.1>;+sip.instance=\"<urn:uuid:1>\"");

        assertThat(contacts(register("<sip:bob@198.51.100.9>;+sip.instance=\"<urn:uuid:1>\"")))
                .containsExactly("<sip:bob@198.51.100.9>;expires=3600;+sip.instance=\"<urn:uuid:1>\"");
        assertThat(contacts(register("<sip:bob@198.51.100.9:5070>;+sip.instance=\"<urn:uuid:1>\";reg-id=2")))
                .hasSize(2);
    }

    @Test
    void zeroTakesOneContactOutAndLeavesTheOthers() {
        register(HERE, "<sip:bob@192.0.2.2>");

        assertThat(contacts(register(HERE + ";expires=0"))).containsExactly("<sip:bob@192.0.2.2>;expires=3600");
    }

    @Test
    void theStarTakesAllOutButOnlyAloneAndWithExpiresZero() {
        register(HERE, "<sip:bob@192.0.2.2>");

        assertThat(registerUntil("3600", "*").status()).isEqualTo(400);
        assertThat(register("*").status()).isEqualTo(400);
        assertThat(registerUntil("0", "*", HERE).status()).isEqualTo(400);
        assertThat(exchange.locations.lookup("bob")).hasSize(2);
        assertThat(contacts(registerUntil("0", "*"))).isEmpty();
        assertThat(exchange.locations.bindingsNow()).isZero();
    }

    @Test
    void anOldCSeqOfTheSameCallIdChangesNothingAtAll() {
        exchange.registrar.register(request("bob", "c1", 5, null, HERE));

        Outcome same =
                exchange.registrar.register(request("bob", "c1", 5, null, "<sip:bob@192.0.2.9>", HERE + ";expires=0"));
        Outcome star = exchange.registrar.register(request("bob", "c1", 4, "0", "*"));

        assertThat(same.status()).isEqualTo(500);
        assertThat(star.status()).isEqualTo(500);
        assertThat(exchange.locations.lookup("bob"))
                .extracting(Binding::contact)
                .containsExactly("sip:bob@192.0.2.1:5060");
        assertThat(exchange.registrar
                        .register(request("bob", "c2", 1, null, HERE))
                        .status())
                .isEqualTo(200);
    }

    @Test
    void theEleventhContactIsRefusedAndTheTenStay() {
        for (int i = 1; i <= 10; i++) register("<sip:bob@192.0.2." + i + ">");

        assertThat(register("<sip:bob@192.0.2.11>").status()).isEqualTo(403);
        assertThat(register("<sip:bob@192.0.2.10>").status()).isEqualTo(200);
        assertThat(exchange.locations.bindingsNow()).isEqualTo(10);
    }

    @Test
    void nobodyRegistersForSomebodyElseOrUnproved() {
        assertThat(exchange.registrar
                        .register(request("alice", "c", 1, null, HERE))
                        .status())
                .isEqualTo(403);
        assertThat(exchange.registrar
                        .register(request(null, "c", 1, null, HERE))
                        .status())
                .isEqualTo(403);
        assertThat(exchange.locations.bindingsNow()).isZero();
    }

    @Test
    void whatIsRequiredAndUnknownIsNamedIn420() {
        Request request = new Request(
                "bob", "c", 1, List.of(HERE), null, List.of("outbound"), TestExchange.source("192.0.2.1", 5060, "bob"));

        Outcome outcome = exchange.registrar.register(request);

        assertThat(outcome.status()).isEqualTo(420);
        assertThat(outcome.headers()).containsEntry("Unsupported", List.of("outbound"));
    }

    @Test
    void aContactThatIsNoSipAddressIs400WithTheReason() {
        assertThat(register("<tel:+49301>").reason()).isEqualTo("Bad Contact: not a SIP address");
        assertThat(register("<sip:bob@h").reason()).isEqualTo("Bad Contact: '<' is not closed");
        assertThat(register("<sip:bob@h> expires=1").reason()).isEqualTo("Bad Contact: ';' expected after '>'");
        assertThat(register("<sip:bob@h>;a=\"open").reason()).isEqualTo("Bad Contact: bad parameter");
        assertThat(register("<sip:bob@h>;a=b>c").reason()).isEqualTo("Bad Contact: bad parameter");
        assertThat(register("<sip:bo\"b@h>").reason()).isEqualTo("Bad Contact: not a SIP address");
        assertThat(register("<sip:bob@h>\r\nX: y").status()).isEqualTo(400);
        assertThat(register("<sip:" + "b".repeat(600) + "@h>").status()).isEqualTo(400);
    }

    @Test
    void theWayTheRegisterCameIsKeptBecauseTheContactLiesBehindNat() {
        register("<sip:bob@10.0.0.5:5060>");

        assertThat(exchange.locations.lookup("bob"))
                .extracting(Binding::flow)
                .containsExactly(new Binding.Flow("udp", "203.0.113.4", 34567));
    }

    @Test
    void lookupGivesTheBestFirstAndNeverWhatHasExpired() {
        register("<sip:bob@a>;q=0.1;expires=60", "<sip:bob@b>;q=0.9", "<sip:bob@c>;q=0.5");

        assertThat(exchange.locations.lookup("bob"))
                .extracting(Binding::contact)
                .containsExactly("sip:bob@b", "sip:bob@c", "sip:bob@a");
        exchange.clock.forward(Duration.ofSeconds(60));
        assertThat(exchange.locations.lookup("bob"))
                .extracting(Binding::contact)
                .containsExactly("sip:bob@b", "sip:bob@c");
    }

    @Test
    void theSweepRemovesTheExpiredFromMemoryAndDatabase() {
        register("<sip:bob@a>;expires=60", "<sip:bob@b>");
        exchange.clock.forward(Duration.ofSeconds(61));

        exchange.locations.sweep();

        assertThat(exchange.locations.bindingsNow()).isEqualTo(1);
        assertThat(exchange.jdbc.queryForList("SELECT contact_uri FROM binding", String.class))
                .containsExactly("sip:bob@b");
    }

    @Test
    void aDatabaseThatDoesNotAnswerIs503AndMemoryStaysAsItWas() {
        register(HERE);
        exchange.jdbc.execute("DROP TABLE binding");

        assertThat(register("<sip:bob@192.0.2.2>").status()).isEqualTo(503);
        assertThat(exchange.locations.lookup("bob")).hasSize(1);
    }

    private Outcome register(String... contacts) {
        return exchange.registrar.register(request("bob", "call", ++cseq, null, contacts));
    }

    private Outcome registerUntil(String expires, String... contacts) {
        return exchange.registrar.register(request("bob", "call", ++cseq, expires, contacts));
    }

    private static List<String> contacts(Outcome outcome) {
        assertThat(outcome.status()).isEqualTo(200);
        return outcome.headers().getOrDefault("Contact", List.of());
    }

    private static Request request(
            @Nullable String subscriber, String callId, long cseq, @Nullable String expires, String... contacts) {
        return new Request(
                "bob",
                callId,
                cseq,
                List.of(contacts),
                expires,
                List.of(),
                TestExchange.source("203.0.113.4", 34567, subscriber));
    }
}
