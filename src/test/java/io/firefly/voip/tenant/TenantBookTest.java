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
import java.lang.management.ManagementFactory;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
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

    private static final String TRUNKS = """
            trunks:
              - {id: carrier, addresses: [192.0.2.0/24], tenants: [two]}
              - {id: other, addresses: [198.51.100.0/24, "2001:db8::/32"], tenants: [one, two]}
            """;

    @ParameterizedTest
    @CsvSource({
        // source, diversions newest first, tenant, reason, refusal
        "192.0.2.1, '+442079460999', two, diversion +442079460999 from trunk carrier,",
        "192.0.2.1, '+442079460123', one, diversion +442079460123 from trunk carrier,"
                + " trunk carrier may not speak for tenant one by diversion +442079460123",
        // Nor behind a Diversion it may assert, nor as the called number.
        "192.0.2.1, '+442079460123 +442079460999', one, diversion +442079460123 from trunk carrier,"
                + " trunk carrier may not speak for tenant one by diversion +442079460123",
        "192.0.2.1, '+442079460999 +442079460123', two, diversion +442079460999 from trunk carrier,",
        "192.0.2.1, '-442079460123', one, diversion (private) from trunk carrier,"
                + " trunk carrier may not speak for tenant one by diversion (private)",
        "192.0.2.1, '', three, called number,",
        "198.51.100.9, '+442079460123', one, diversion +442079460123 from trunk other,",
        "2001:db8::9, '+442079460123', one, diversion +442079460123 from trunk other,",
        // Trusted by the settings and of no trunk: for all, as ever.
        "203.0.113.1, '+442079460123', one, diversion +442079460123,",
    })
    void aTrunkSpeaksForItsOwnTenantsOnly(
            String source, String diversions, String tenant, String reason, String refusal) {
        book.replace(TENANTS + TRUNKS, "tenants.yaml");

        TenantMatch match = book.tenantOf(call(new InetSocketAddress(source, 5060), true, diversions.split(" ")));

        assertThat(match.tenant().id()).isEqualTo(tenant);
        assertThat(match.reason()).isEqualTo(reason);
        assertThat(match.refusal()).isEqualTo(refusal);
    }

    @Test
    void anUntrustedSourceIsNotBelievedOnATrunksAddressEither() {
        book.replace(TENANTS + TRUNKS, "tenants.yaml");

        TenantMatch match = book.tenantOf(call(new InetSocketAddress("192.0.2.1", 5060), false, "+442079460999"));

        assertThat(match).isEqualTo(new TenantMatch(book.page().byId("three").orElseThrow(), "called number"));
    }

    @Test
    void aTrunkThatNobodyTrustsIsReported() {
        book.replace(TENANTS + TRUNKS, "tenants.yaml");

        assertThat(book.page().untrustedTrunks(List.of("192.0.0.0/16", "2001:db8::/32")))
                .containsExactly("trunk 'other': 198.51.100.0/24 is not in firefly.sip.trusted-addresses,"
                        + " so its Diversion does not count");
    }

    private static final String HOURS = """
            default:
              time-zone: Europe/Berlin
              hours: {mon-fri: 09:00-17:00, fri: 09:00-15:00, holidays: [12-24]}
              closed-callflow: closed
            tenants:
              - {id: as-default, numbers: ["1"], callflow: chat}
              - {id: elsewhere, numbers: ["2"], time-zone: America/New_York}
              - {id: own, numbers: ["3"], hours: {sat: "10:00-12:00"}, closed-callflow: night}
            """;

    @ParameterizedTest
    @CsvSource({
        // 2026-11-26 is a Thursday.
        "2026-11-26T10:00:00Z, 1, true, chat",
        "2026-11-26T16:00:00Z, 1, false, closed",
        "2026-11-27T14:00:00Z, 1, false, closed",
        "2026-12-24T10:00:00Z, 1, false, closed",
        "2026-11-26T10:00:00Z, 2, false, closed",
        "2026-11-26T16:00:00Z, 2, true, echo",
        "2026-11-26T10:00:00Z, 3, false, night",
        "2026-11-28T10:00:00Z, 3, true, echo",
        "2026-11-26T10:00:00Z, x, true, echo",
    })
    void theHourDecidesWhichFlowServes(Instant at, String dialled, boolean open, String flow) {
        book.replace(HOURS, "tenants.yaml");

        Tenant tenant = book.at(Clock.fixed(at, ZoneOffset.UTC))
                .tenantOf(call(false, dialled))
                .tenant();

        assertThat(tenant.openNow()).isEqualTo(open);
        assertThat(tenant.flowNow()).isEqualTo(flow);
    }

    @Test
    void aClosedFlowThatIsNotThereIsNamed() {
        book.replace(HOURS, "tenants.yaml");

        assertThat(book.unknownCallflows(Set.of("echo", "chat", "closed")))
                .containsExactly("tenant 'own' wants closed-callflow 'night', and there is no route callflow-night;"
                        + " its callers hear 500.");
    }

    @Test
    void whatWasParsedServesOnlyAfterTheCommit() {
        TenantBook.Page page =
                book.parse("tenants: [{id: x, agent: new, numbers: ['5']}]", "t.yaml", Set.of("new", "reception"));

        assertThat(book.tenantOf(call(false, "5")).reason()).isEqualTo("default");
        book.commit(page);
        assertThat(book.tenantOf(call(false, "5")).tenant().id()).isEqualTo("x");
        assertThat(book.unknownAgents()).containsExactly("tenant 'x' names agent 'new', which is not known.");
    }

    /** As much is allocated for a lookup, which is as many steps, whether ten tenants are known or ten thousand. */
    @Test
    void aLookupDoesNotGrowWithTheNumberOfTenants() {
        book.replace(manyTenants(10), "tenants.yaml");
        long few = bytesOfALookup();
        book.replace(manyTenants(10_000), "tenants.yaml");
        long many = bytesOfALookup();

        assertThat(book.tenants()).hasSize(10_001);
        assertThat(many).isBetween(few - 64, few + 64);
    }

    private static String manyTenants(int count) {
        StringBuilder text = new StringBuilder("tenants:\n");
        for (int i = 0; i < count; i++) {
            text.append("- {id: t%05d, numbers: [+49301%05d*], diversions: [+44201%05d]}\n".formatted(i, i, i));
        }
        return text.toString();
    }

    private long bytesOfALookup() {
        var thread = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        Call called = call(false, "+493010000777");
        Call diverted = call(true, "1", "+4420100007");
        for (int i = 0; i < 2_000; i++) {
            assertThat(book.tenantOf(called).tenant().id()).isEqualTo("t00007");
            assertThat(book.tenantOf(diverted).tenant().id()).isEqualTo("t00007");
        }
        long before = thread.getCurrentThreadAllocatedBytes();
        for (int i = 0; i < 100; i++) {
            book.tenantOf(called);
            book.tenantOf(diverted);
        }
        return (thread.getCurrentThreadAllocatedBytes() - before) / 100;
    }

    /** A diversion with a minus sign in place of the plus is one that asks for privacy. */
    private static Call call(boolean trusted, String dialled, String... diversions) {
        return call(new InetSocketAddress("192.0.2.1", 5060), trusted, dialled, diversions);
    }

    private static Call call(InetSocketAddress address, boolean trusted, String... diversions) {
        return call(address, trusted, "1000", diversions);
    }

    private static Call call(InetSocketAddress address, boolean trusted, String dialled, String[] diversions) {
        List<Diversion> newestFirst = Arrays.stream(diversions)
                .filter(one -> !one.isEmpty())
                .map(one -> new Diversion(party(one.replace('-', '+')), "unconditional", 1, one.startsWith("-")))
                .toList();
        Parties parties = new Parties(party("+49170"), party(dialled), party(dialled), null, newestFirst, List.of());
        Source source = new Source("udp", address, null, trusted);
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
