package io.firefly.voip.tenant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.firefly.voip.call.Call;
import io.firefly.voip.call.CallId;
import io.firefly.voip.call.CallLeg;
import io.firefly.voip.call.CallLegListener;
import io.firefly.voip.call.Diversion;
import io.firefly.voip.call.HangupCause;
import io.firefly.voip.call.IncomingCall;
import io.firefly.voip.call.Parties;
import io.firefly.voip.call.Party;
import io.firefly.voip.call.Source;
import io.firefly.voip.tenant.TenantDirectory.TenantMatch;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.mock.env.MockEnvironment;

class TenantBookTest {
    private static final String TENANTS = """
            default:
              record: true
              limits: { concurrent-calls: 7 }
            tenants:
              - id: one
                numbers: [+4930123450, reception-one]
                diversions: ["+44 20 7946 0123"]
                callflow: chat
                limits: { max-call-length: 1h30m }
              - id: two
                numbers: ["+4930*", "*97"]
                diversions: ["+44207946*"]
                record: false
              - id: three
                numbers: ["+49301234*", "1000"]
            """;

    private final AgentBook agents = new AgentBook();
    private final TenantBook book = new TenantBook(agents, "echo");

    @BeforeEach
    void load() {
        book.replace(TENANTS, "tenants.yaml");
    }

    @Test
    void aTenantWhoseCallflowIsNotThereIsNamed() {
        assertThat(book.unknownCallflows(Set.of("chat", "echo"))).isEmpty();
        assertThat(book.unknownCallflows(Set.of("chatt", "echo")))
                .containsExactly("tenant 'one' wants callflow 'chat', and there is no route callflow-chat;"
                        + " its callers hear 500; did you mean 'chatt'?");
    }

    @ParameterizedTest
    @CsvSource({
        "+4930123450, one",
        "004930123450, one",
        "+49 (30) 123-450, one",
        "+49.30.123.450, one",
        "reception-one, one",
        "+4930999, two",
        "+49301234, three",
        "+493012349, three",
        "*97, two",
        "*970, default",
        "1000, three",
        "10001, default",
        "4930123450, default",
        "+31, default",
        "echo, default",
        "'', default",
    })
    void theCalledNumberFindsItsTenant(String dialled, String tenant) {
        assertThat(book.tenantOf(call(true, dialled)).tenant().id()).isEqualTo(tenant);
        assertThat(book.tenantOf(call(false, dialled)).tenant().id()).isEqualTo(tenant);
    }

    @ParameterizedTest
    @CsvSource({
        // trusted, diversions newest first, tenant, reason
        "true,  '+442079460123',               one,   diversion +442079460123",
        "false, '+442079460123',               three, called number",
        "true,  '+1555 +442079460123',         one,   diversion +442079460123",
        "true,  '+442079460999 +442079460123', two,   diversion +442079460999",
        "true,  '00442079460123',              one,   diversion 00442079460123",
        "true,  '-442079460123',               one,   diversion (private)",
        "false, '-442079460123',               three, called number",
        "true,  '+1555',                       three, called number",
        "true,  '',                            three, called number",
        // A number one can dial is not one that forwards.
        "true,  '+4930123450',                 three, called number",
    })
    void aDiversionCountsOnlyFromATrustedSource(boolean trusted, String diversions, String tenant, String reason) {
        TenantMatch match = book.tenantOf(call(trusted, "1000", diversions.split(" ")));

        assertThat(match.tenant().id()).isEqualTo(tenant);
        assertThat(match.reason()).isEqualTo(reason);
    }

    @Test
    void whatATenantDoesNotSayItTakesFromTheDefault() {
        Tenant one = book.tenantOf(call(true, "reception-one")).tenant();
        Tenant two = book.tenantOf(call(true, "*97")).tenant();

        assertThat(one)
                .isEqualTo(new Tenant("one", "chat", "reception", new Tenant.Limits(7, Duration.ofMinutes(90)), true));
        assertThat(two.record()).isFalse();
        assertThat(two.callflow()).isEqualTo("echo");
        assertThat(two.limits()).isEqualTo(new Tenant.Limits(7, Duration.ofHours(1)));
    }

    @Test
    void theDefaultTenantHasTheCallFlowOfTheSetting() {
        Tenant fallback =
                new TenantBook(agents, "welcome").tenantOf(call(false, "x")).tenant();

        assertThat(fallback.callflow()).isEqualTo("welcome");
        assertThat(TenantConfiguration.defaultRoute(new MockEnvironment())).isEqualTo("welcome");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TenantConfiguration.defaultRoute(
                        new MockEnvironment().withProperty("firefly.routing.default-route", "ecko")))
                .withMessage("firefly.routing.default-route 'ecko' must be one of welcome, echo, chat;"
                        + " did you mean 'echo'?");
    }

    @Test
    void aBadTextLeavesTheTenantsFromBefore() {
        assertThatThrownBy(() -> book.replace("tenants: [", "tenants.yaml"))
                .isInstanceOf(DirectoryFormatException.class);

        assertThat(book.tenantOf(call(false, "+4930123450")).tenant().id()).isEqualTo("one");
    }

    @Test
    void aGoodTextReplacesAllTenants() {
        book.replace("tenants:\n  - id: four\n    numbers: ['4']\n", "tenants.yaml");

        assertThat(book.tenants()).extracting(Tenant::id).containsExactly("default", "four");
        assertThat(book.tenantOf(call(false, "+4930123450")).reason()).isEqualTo("default");
    }

    @Test
    void anAgentThatWentAwayIsReported() {
        assertThat(book.unknownAgents()).isEmpty();

        agents.replace("agents: [{name: desk}]", "agents.yaml");

        assertThat(book.unknownAgents())
                .contains("tenant 'one' names agent 'reception', which is not known.")
                .hasSize(4);
    }

    @Test
    void withoutReceptionTheDefaultTenantMustNameItsAgent() {
        agents.replace("agents: [{name: desk}]", "agents.yaml");

        assertThatThrownBy(() -> book.replace("tenants: []", "t.yaml"))
                .hasMessageStartingWith("t.yaml:1:1  'default' must name an agent, since there is no 'reception'.");
        book.replace("default: {agent: desk}", "t.yaml");
        assertThat(book.tenantOf(call(false, "x")).tenant().agent()).isEqualTo("desk");
    }

    @Test
    void theShippedFilesAreGood() throws IOException {
        agents.replace(Files.readString(Path.of("routes/agents.yaml")), "agents.yaml");
        book.replace(Files.readString(Path.of("routes/tenants.yaml")), "tenants.yaml");

        assertThat(agents.names()).containsExactly("reception", "acme");
        assertThat(agents.byName("reception").orElseThrow().greeting()).isNotBlank();
        assertThat(book.tenantOf(call(true, "1000", "+442079460123")).tenant().agent())
                .isEqualTo("acme");
        assertThat(book.tenantOf(call(false, "1000", "+442079460123")).tenant().id())
                .isEqualTo("default");
    }

    /** A diversion with a minus sign in place of the plus is one that asks for privacy. */
    private static Call call(boolean trusted, String dialled, String... diversions) {
        List<Diversion> newestFirst = Arrays.stream(diversions)
                .filter(one -> !one.isEmpty())
                .map(one -> new Diversion(party(one.replace('-', '+')), "unconditional", 1, one.startsWith("-")))
                .toList();
        Parties parties = new Parties(party("+49170"), party(dialled), party(dialled), null, newestFirst, List.of());
        Source source = new Source("udp", new InetSocketAddress("192.0.2.1", 5060), null, trusted);
        IncomingCall offered = new IncomingCall(CallId.next(), parties, source, null, "x", new SilentLeg());
        return new Call(offered, Instant.EPOCH);
    }

    private static Party party(String user) {
        return new Party(user, "h", "sip:" + user + "@h", null);
    }

    private static final class SilentLeg implements CallLeg {
        @Override
        public void listen(CallLegListener listener) {}

        @Override
        public void ring() {}

        @Override
        public void answer(String sdp) {}

        @Override
        public void end(HangupCause cause) {}
    }
}
