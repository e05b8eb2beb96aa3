package io.firefly.voip.tenant.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.firefly.voip.agent.AgentBrief.AgentProfile;
import io.firefly.voip.agent.AgentManner;
import io.firefly.voip.agent.AgentManner.CallerSilence;
import io.firefly.voip.agent.AgentManner.TurnDetection;
import io.firefly.voip.tenant.AgentBook;
import io.firefly.voip.tenant.DirectoryFormatException;
import io.firefly.voip.tenant.Tenant;
import io.firefly.voip.tenant.TenantBook;
import io.firefly.voip.tenant.TenantDirectory.TenantMatch;
import io.firefly.voip.tenant.usage.MinuteLedger.Entry;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DelegatingDataSource;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/** The directory in a database: H2 here, PostgreSQL in {@link PostgresDirectoryTest}. */
class SqlDirectoryTest {
    private static final Instant MONDAY_NOON = Instant.parse("2026-11-23T12:00:00Z");

    final AgentBook agents = new AgentBook();
    final TenantBook tenants = new TenantBook(agents, "welcome", Clock.fixed(MONDAY_NOON, ZoneOffset.UTC));
    final List<TenantBook.Page> pages = new ArrayList<>();
    final Switch database = new Switch(dataSource());
    final JdbcTemplate jdbc = new JdbcTemplate(database);
    final SqlDirectory directory = directory(Duration.ofHours(1));

    DataSource dataSource() {
        return new DriverManagerDataSource("jdbc:h2:mem:" + System.nanoTime() + ";DB_CLOSE_DELAY=-1", "sa", "");
    }

    SqlDirectory directory(Duration reread) {
        var books = new SqlDirectory.Books(agents, tenants);
        return new SqlDirectory(new SqlTables(jdbc), books, reread, Clock.systemUTC(), pages::add);
    }

    @BeforeEach
    void createTables() {
        Flyway.configure().dataSource(database).cleanDisabled(false).load().migrate();
        for (String table : List.of("trunk", "tenant", "agent", "tenant_minutes")) jdbc.update("DELETE FROM " + table);
    }

    private void fill() {
        sql("INSERT INTO agent (name) VALUES ('reception')");
        sql("INSERT INTO agent (name, instructions, greeting, voice, model, language, tools)"
                + " VALUES ('desk', 'Be kind.', 'Hello', 'cedar', 'm', 'de-AT', 'hang_up, transfer')");
        sql("INSERT INTO agent (name, tools) VALUES ('mute', '')");
        sql("INSERT INTO tenant (id, agent, record, concurrent_calls) VALUES ('default', 'reception', TRUE, 7)");
        sql(
                "INSERT INTO tenant VALUES ('acme', 'chat', 'night', 'desk', FALSE, 30, 'Europe/Berlin', 10, 5, 600, '1h30m')");
        sql("INSERT INTO tenant (id) VALUES ('other')");
        sql("INSERT INTO tenant_number VALUES ('acme', 'number', '+4930123450')");
        sql("INSERT INTO tenant_number VALUES ('acme', 'diversion', '+44207946*')");
        sql("INSERT INTO tenant_number VALUES ('other', 'number', '1000')");
        sql("INSERT INTO tenant_number VALUES ('other', 'diversion', '+1555')");
        sql("INSERT INTO tenant_hours VALUES ('acme', 'mon-fri', '09:00-12:30')");
        sql("INSERT INTO tenant_hours VALUES ('acme', 'mon-fri', '13:30-17:00')");
        sql("INSERT INTO tenant_hours VALUES ('acme', 'holidays', '12-24')");
        sql("INSERT INTO trunk VALUES ('carrier')");
        sql("INSERT INTO trunk_address VALUES ('carrier', '127.0.0.0/8')");
        sql("INSERT INTO trunk_tenant VALUES ('carrier', 'acme')");
        changed();
    }

    private void sql(String statement) {
        jdbc.update(statement);
    }

    private void changed() {
        sql("UPDATE directory_version SET version = version + 1");
    }

    @Test
    void rowsSayWhatTheFilesSay() {
        fill();
        directory.refresh();

        Tenant acme = tenants.page().byId("acme").orElseThrow();
        assertThat(acme.callflow()).isEqualTo("chat");
        assertThat(acme.closedCallflow()).isEqualTo("night");
        assertThat(acme.limits()).isEqualTo(new Tenant.Limits(10, 5, 600, Duration.ofMinutes(90)));
        assertThat(acme.retentionDays()).isEqualTo(30);
        assertThat(acme.record()).isFalse();
        assertThat(tenants.page().byId("other").orElseThrow().limits())
                .isEqualTo(new Tenant.Limits(7, Duration.ofHours(1)));
        assertThat(tenants.page().byId("default").orElseThrow().callflow()).isEqualTo("welcome");
        assertThat(agents.byName("desk"))
                .contains(new AgentProfile(
                        "desk", "Be kind.", "Hello", "cedar", "m", "de-AT", List.of("hang_up", "transfer")));
        assertThat(agents.byName("mute").orElseThrow().tools()).isEmpty();
        assertThat(agents.byName("reception").orElseThrow().tools()).isNull();
        assertThat(pages).hasSize(1);
        assertThat(directory.counts()).containsExactly(1L, 0L, 0L);
    }

    @Test
    void rowsSayHowAnAgentConverses() {
        sql("INSERT INTO agent (name, filler, speed, noise_reduction, turn_detection_type, turn_detection_threshold,"
                + " turn_detection_prefix_padding, turn_detection_silence, turn_detection_idle_timeout,"
                + " turn_detection_eagerness, protected_greeting, caller_silence_after, caller_silence_prompts,"
                + " max_duration, warn_before) VALUES ('reception', 'One moment.', 1.2, 'far_field', 'server_vad', 0.75,"
                + " '200ms', '900ms', '0s', 'low', TRUE, '8s', 1, '10m', '30s')");
        sql("INSERT INTO agent (name, turn_detection_silence, caller_silence_prompts) VALUES ('slow', '2s', 0)");
        sql("INSERT INTO agent (name) VALUES ('plain')");
        changed();
        directory.refresh();

        assertThat(agents.byName("reception").orElseThrow().manner())
                .isEqualTo(new AgentManner(
                        new TurnDetection(
                                "server_vad",
                                0.75,
                                Duration.ofMillis(200),
                                Duration.ofMillis(900),
                                Duration.ZERO,
                                "low"),
                        "far_field",
                        1.2,
                        true,
                        new CallerSilence(Duration.ofSeconds(8), 1),
                        Duration.ofMinutes(10),
                        Duration.ofSeconds(30),
                        "One moment."));
        assertThat(agents.byName("slow").orElseThrow().manner())
                .isEqualTo(new AgentManner(
                        new TurnDetection(null, null, null, Duration.ofSeconds(2), null, null),
                        null,
                        null,
                        null,
                        new CallerSilence(null, 0),
                        null,
                        null,
                        null));
        assertThat(agents.byName("plain").orElseThrow().manner()).isEqualTo(AgentManner.AS_SET);
    }

    @Test
    void whatAnAgentMayNotBeIsNamedByRowAndColumn() {
        sql("INSERT INTO agent (name, speed, noise_reduction) VALUES ('fast', 2, 'loud')");
        sql("INSERT INTO agent (name, turn_detection_silence, turn_detection_threshold) VALUES ('deaf', '10ms', 1.5)");
        sql("INSERT INTO agent (name, caller_silence_after, caller_silence_prompts) VALUES ('hasty', '1s', 11)");
        sql("INSERT INTO agent (name, max_duration, warn_before) VALUES ('long', 'soon', '2h')");
        changed();

        assertThatThrownBy(() -> directory.start(Duration.ofHours(1)))
                .isInstanceOf(DirectoryFormatException.class)
                .hasMessageContainingAll(
                        "table agent, row 'fast', column speed  'speed' must be a number from 0.25 to 1.5, not '2.00'.",
                        "table agent, row 'fast', column noise_reduction  'noise-reduction' must be one of",
                        "table agent, row 'deaf', column turn_detection_silence  'silence' must be a time such as 550ms",
                        "table agent, row 'deaf', column turn_detection_threshold  'threshold' must be a number from 0 to 1",
                        "table agent, row 'hasty', column caller_silence_after  'after' must be 0s (never) or 2s",
                        "table agent, row 'hasty', column caller_silence_prompts  'prompts' must be a number from 0 to 10",
                        "table agent, row 'long', column max_duration  'max-duration' must be a time such as 550ms",
                        "table agent, row 'long', column warn_before  'warn-before' must be a time such as 550ms");
    }

    @Test
    void callsFindTheirTenantAsEver() {
        fill();
        directory.refresh();

        TenantMatch called = tenants.tenantOf(CallsOf.trusted("+4930123450"));
        // Noon in UTC is one o'clock in Berlin, and lunch.
        assertThat(called.tenant().openNow()).isFalse();
        assertThat(called.tenant().flowNow()).isEqualTo("night");
        assertThat(tenants.tenantOf(CallsOf.trusted("x", "+442079461")).reason())
                .isEqualTo("diversion +442079461 from trunk carrier");
        assertThat(tenants.tenantOf(CallsOf.trusted("x", "+1555")).refusal())
                .isEqualTo("trunk carrier may not speak for tenant other by diversion +1555");
        assertThat(tenants.tenantOf(CallsOf.trusted("x")).reason()).isEqualTo("default");
    }

    @Test
    void emptyTablesAreTheBuiltInDefault() {
        directory.refresh();

        assertThat(tenants.tenants()).extracting(Tenant::id).containsExactly("default");
        assertThat(agents.names()).containsExactly("reception");
    }

    @Test
    void aNewVersionServesWithTheNextLook() {
        fill();
        directory.refresh();
        sql("UPDATE tenant SET callflow = 'echo' WHERE id = 'acme'");

        directory.refresh();
        assertThat(tenants.page().byId("acme").orElseThrow().callflow()).isEqualTo("chat");
        changed();
        directory.refresh();
        assertThat(tenants.page().byId("acme").orElseThrow().callflow()).isEqualTo("echo");
    }

    @Test
    void whoForgetsTheVersionIsHeardLater() {
        fill();
        SqlDirectory eager = directory(Duration.ofMillis(-1));
        eager.refresh();
        sql("UPDATE tenant SET callflow = 'echo' WHERE id = 'acme'");

        eager.refresh();

        assertThat(tenants.page().byId("acme").orElseThrow().callflow()).isEqualTo("echo");
        assertThat(pages).hasSize(1);
    }

    @Test
    void badRowsAreAllNamedAndThePageFromBeforeServes() {
        fill();
        directory.refresh();
        sql("INSERT INTO agent (name, language) VALUES ('Desk', 'german')");
        sql("UPDATE tenant SET agent = 'desc', max_call_length = '30', time_zone = 'Europe/Berln' WHERE id = 'acme'");
        sql("UPDATE tenant SET minutes_per_day = -5 WHERE id = 'other'");
        sql("INSERT INTO tenant_number VALUES ('other', 'numbr', '1001')");
        sql("INSERT INTO tenant_number VALUES ('other', 'number', '+49 (30) 12345-0')");
        sql("INSERT INTO tenant_hours VALUES ('other', 'mo', '09:00-10:00')");
        sql("INSERT INTO tenant_hours VALUES ('acme', 'sat', '9-10')");
        sql("INSERT INTO trunk_address VALUES ('carrier', 'sip.example')");
        sql("UPDATE tenant SET callflow = 'chat' WHERE id = 'default'");
        sql("INSERT INTO tenant_number VALUES ('default', 'number', '7')");
        changed();

        assertThatThrownBy(() -> directory.start(Duration.ofHours(1)))
                .isInstanceOf(DirectoryFormatException.class)
                .hasMessageContainingAll(
                        "table agent, row 'Desk', column name  'name' must be small letters",
                        "table agent, row 'Desk', column language  'language' must be a code",
                        "table tenant, row 'acme', column agent  no agent 'desc'; did you mean 'desk'?",
                        "table tenant, row 'acme', column max_call_length  'max-call-length' must be a time such as",
                        "table tenant, row 'acme', column time_zone  'time-zone' must be a name",
                        "table tenant, row 'other', column minutes_per_day  'minutes-per-day' must be a whole number",
                        "table tenant_number, row 'other 1001', column kind  'kind' must be number or diversion",
                        "column pattern  '+49 (30) 12345-0' belongs to tenant 'acme' already.",
                        "table tenant_hours, row 'other', column weekday  unknown weekday 'mo'; did you mean 'mon'?",
                        "table tenant_hours, row 'acme 9-10', column hours  'sat' must be hours such as",
                        "table tenant, row 'default', column callflow  the default tenant's call flow is firefly.",
                        "table tenant_number, row 'default 7', column pattern  the default tenant has no numbers",
                        "table trunk_address, row 'carrier sip.example', column address  'sip.example' is no network");
        directory.refresh();
        assertThat(tenants.page().byId("acme").orElseThrow().agent()).isEqualTo("desk");
        assertThat(agents.byName("Desk")).isEmpty();
        assertThat(pages).hasSize(1);
    }

    @Test
    void badRowsAreCountedOnceAndMendedByTheNextVersion() {
        fill();
        directory.refresh();
        sql("UPDATE tenant SET agent = 'nobody' WHERE id = 'acme'");
        changed();
        directory.refresh();
        directory.refresh();
        assertThat(directory.counts()).containsExactly(1L, 1L, 0L);

        sql("UPDATE tenant SET agent = 'mute' WHERE id = 'acme'");
        changed();
        directory.refresh();

        assertThat(tenants.page().byId("acme").orElseThrow().agent()).isEqualTo("mute");
        assertThat(directory.counts()).containsExactly(2L, 1L, 0L);
    }

    @Test
    void whileTheDatabaseIsDownTheLastPageServes() {
        fill();
        directory.refresh();
        database.isDown = true;

        directory.refresh();
        directory.refresh();

        assertThat(tenants.tenantOf(CallsOf.trusted("1000")).tenant().id()).isEqualTo("other");
        assertThat(directory.counts()).containsExactly(1L, 0L, 2L);
        whenItIsBack("UPDATE tenant SET agent = 'mute' WHERE id = 'other'");
        directory.refresh();
        assertThat(tenants.tenantOf(CallsOf.trusted("1000")).tenant().agent()).isEqualTo("mute");
    }

    private void whenItIsBack(String statement) {
        database.isDown = false;
        sql(statement);
        changed();
    }

    @Test
    void tenThousandTenantsAreOnePage() {
        sql("INSERT INTO agent (name) VALUES ('reception')");
        List<Object[]> ids = new ArrayList<>();
        List<Object[]> numbers = new ArrayList<>();
        for (int i = 0; i < 10_000; i++) {
            ids.add(new Object[] {"t" + i});
            numbers.add(new Object[] {"t" + i, "+49301%05d".formatted(i)});
        }
        jdbc.batchUpdate("INSERT INTO tenant (id) VALUES (?)", ids);
        jdbc.batchUpdate("INSERT INTO tenant_number VALUES (?, 'number', ?)", numbers);
        changed();

        directory.refresh();

        assertThat(tenants.tenants()).hasSize(10_001);
        assertThat(tenants.tenantOf(CallsOf.trusted("+4930107777")).tenant().id())
                .isEqualTo("t7777");
    }

    @Test
    void minutesAreAddedUpByDay() {
        SqlMinuteLedger ledger = new SqlMinuteLedger(jdbc);
        LocalDate today = LocalDate.parse("2026-11-21");

        ledger.add(List.of(new Entry("a", today, 1000), new Entry("b", today, 5)));
        ledger.add(List.of(new Entry("a", today, 500), new Entry("a", today.minusDays(2), 9)));

        assertThat(ledger.since(today.minusDays(1)))
                .containsExactlyInAnyOrder(new Entry("a", today, 1500), new Entry("b", today, 5));
        assertThat(ledger.since(today.minusDays(9))).hasSize(3);
        ledger.since(today.plusDays(399));
        assertThat(ledger.since(today.minusDays(9))).hasSize(2);
    }

    @Test
    void minutesAreAddedAllOrNothing() {
        SqlMinuteLedger ledger = new SqlMinuteLedger(jdbc);
        LocalDate today = LocalDate.parse("2026-11-21");
        String tooLong = "x".repeat(65);

        assertThatThrownBy(() -> ledger.add(List.of(new Entry("a", today, 1000), new Entry(tooLong, today, 5))))
                .isInstanceOf(DataAccessException.class);

        assertThat(ledger.since(today)).isEmpty();
    }

    /** A database that can be taken away. */
    static final class Switch extends DelegatingDataSource {
        volatile boolean isDown;

        Switch(DataSource real) {
            super(real);
        }

        @Override
        public Connection getConnection() throws SQLException {
            if (isDown) throw new SQLException("connection refused, says the test");
            return super.getConnection();
        }
    }
}
