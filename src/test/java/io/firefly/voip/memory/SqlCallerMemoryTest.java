package io.firefly.voip.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.firefly.voip.memory.CallerMemory.Caller;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/** What is remembered, in H2 here, in PostgreSQL in {@link PostgresCallerMemoryTest}. */
class SqlCallerMemoryTest {
    private static final Caller ANNA = new Caller("acme", "+15550100");

    private final DataSource database = dataSource();
    private final JdbcTemplate jdbc = new JdbcTemplate(database);
    private Instant now = Instant.parse("2026-11-21T12:00:00Z");
    private final SqlCallerMemory memory = memory(new MemoryProperties(true, Duration.ofDays(30), 4, 100, 3));

    DataSource dataSource() {
        return new DriverManagerDataSource("jdbc:h2:mem:" + System.nanoTime() + ";DB_CLOSE_DELAY=-1", "sa", "");
    }

    private SqlCallerMemory memory(MemoryProperties settings) {
        return new SqlCallerMemory(jdbc, settings, new Clock() {
            @Override
            public ZoneId getZone() {
                return ZoneOffset.UTC;
            }

            @Override
            public Clock withZone(ZoneId zone) {
                return this;
            }

            @Override
            public Instant instant() {
                return now;
            }
        });
    }

    @BeforeEach
    void createTables() {
        Flyway.configure().dataSource(database).load().migrate();
        jdbc.update("DELETE FROM caller_memory");
    }

    private List<String> recalled(Caller caller) {
        return memory.recall(caller).map(CallerMemory.Remembered::lines).orElse(List.of());
    }

    @Test
    void whatIsKeptIsRecalledOfThatCallerOfThatTenantAlone() {
        memory.keep(ANNA, List.of("caller: hello", "agent: good\nmorning"));

        assertThat(recalled(ANNA)).containsExactly("caller: hello", "agent: good morning");
        assertThat(memory.recall(ANNA).orElseThrow().at()).isEqualTo(now);
        assertThat(recalled(new Caller("other", "+15550100"))).isEmpty();
        assertThat(recalled(new Caller("acme", "+15550101"))).isEmpty();
    }

    @Test
    void theLastLinesOfAllCallsAreKeptWithinTheirBounds() {
        memory.keep(ANNA, List.of("one", "two", "three"));
        memory.keep(ANNA, List.of());
        memory.keep(ANNA, List.of("four", "five"));
        assertThat(recalled(ANNA)).containsExactly("two", "three", "four", "five");

        memory.keep(ANNA, List.of("x".repeat(60), "y".repeat(60)));
        assertThat(recalled(ANNA)).containsExactly("y".repeat(60));
        memory.keep(ANNA, List.of("a".repeat(70) + "b".repeat(90)));
        assertThat(recalled(ANNA)).containsExactly("a".repeat(10) + "b".repeat(90));
    }

    @Test
    void whoDoesNotCallForLongIsForgotten() {
        memory.keep(ANNA, List.of("hello"));
        now = now.plus(Duration.ofDays(30));
        assertThat(recalled(ANNA)).isEmpty();

        memory.keep(new Caller("acme", "2"), List.of("hello"));

        assertThat(jdbc.queryForObject("SELECT COUNT(*) FROM caller_memory", Integer.class))
                .as("deleted, too")
                .isOne();
    }

    @Test
    void ofTooManyCallersTheOneWhoCalledLongestAgoIsForgotten() {
        for (int i = 0; i < 6; i++) {
            now = now.plus(Duration.ofMinutes(2));
            memory.keep(new Caller("acme", "caller " + i), List.of("hello"));
        }
        assertThat(jdbc.queryForList("SELECT caller FROM caller_memory ORDER BY kept_at", String.class))
                .containsExactly("caller 3", "caller 4", "caller 5");
    }

    @Test
    void whoWantsToBeForgottenIs() {
        memory.keep(ANNA, List.of("hello"));

        assertThat(memory.forget(ANNA)).isTrue();
        assertThat(memory.forget(ANNA)).isFalse();
        assertThat(recalled(ANNA)).isEmpty();
    }

    @Test
    void aWrongSettingIsNamed() {
        assertThatThrownBy(() -> new MemoryProperties(true, Duration.ofDays(30), 0, 100, 3))
                .hasMessage("firefly.caller-memory.lines must be 1 to 200");
        assertThatThrownBy(() -> new MemoryProperties(true, Duration.ZERO, 1, 100, 3))
                .hasMessage("firefly.caller-memory.keep must be 1m to 3650d");
    }
}
