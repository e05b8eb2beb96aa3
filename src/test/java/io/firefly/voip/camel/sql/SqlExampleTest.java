package io.firefly.voip.camel.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import io.firefly.voip.agent.ToolCall;
import io.firefly.voip.call.CallId;
import io.firefly.voip.camel.agent.AgentScheme;
import io.firefly.voip.testing.OrderBook;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The SQL example against a real database (H2), by the connection that tools get. */
class SqlExampleTest {
    private static final Path EXAMPLE = Path.of("routes/examples/tool-find-appointments.camel.yaml");
    private static final String URL = "jdbc:h2:mem:appointments;DB_CLOSE_DELAY=-1";

    private final DefaultCamelContext camel = new DefaultCamelContext();
    private final AgentScheme agents = new AgentScheme(() -> camel, new OrderBook(), () -> name -> Optional.empty());
    private final HikariDataSource database =
            ToolDatabaseConfiguration.open(new ToolDatabaseProperties(URL, "", "", 2, Duration.ofSeconds(2)));
    private Connection owner;

    @BeforeEach
    void open() throws Exception {
        owner = DriverManager.getConnection(URL);
        try (Statement statement = owner.createStatement()) {
            statement.execute("CREATE TABLE appointment (customer INT, starts VARCHAR(16), what VARCHAR(40))");
            statement.execute("INSERT INTO appointment VALUES (7, '2026-12-01 09:30', 'repair')");
            statement.execute("INSERT INTO appointment SELECT 8, '2026-12-02 10:00', 'x' FROM SYSTEM_RANGE(1, 100)");
        }
        camel.addComponent("agent", agents.component());
        camel.getRegistry().bind("toolDatabase", database);
        camel.start();
        String text = Files.readString(EXAMPLE).replace("    routeConfigurationId: apologise\n", "");
        PluginHelper.getRoutesLoader(camel).loadRoutes(ResourceHelper.fromString("file:example.camel.yaml", text));
    }

    @AfterEach
    void close() throws Exception {
        camel.stop();
        agents.close();
        database.close();
        try (Statement statement = owner.createStatement()) {
            statement.execute("SHUTDOWN");
        }
    }

    @Test
    void theRowsAreTheAnswer() throws Exception {
        assertThat(run("{\"customer\":7}")).isEqualTo("[{\"STARTS\":\"2026-12-01 09:30\",\"WHAT\":\"repair\"}]");
        assertThat(run("{\"customer\":9}")).isEqualTo("[]");
    }

    @Test
    void moreThanTwentyRowsAreNeverRead() throws Exception {
        assertThat(run("{\"customer\":8}").split("WHAT", -1)).hasSize(21);
    }

    @Test
    void whatIsNoNumberNeverReachesTheDatabase() throws Exception {
        for (String hostile : List.of("\"7 OR 1=1\"", "\"7; DROP TABLE appointment\"", "-1", "1e300", "{\"a\":1}"))
            assertThat(run("{\"customer\":" + hostile + "}")).contains("'customer' must be");
        assertThat(run("{\"customer\":7}")).contains("repair");
    }

    @Test
    void itsConnectionsAreForReading() {
        assertThat(database.isReadOnly()).isTrue();
        assertThatThrownBy(() -> new ToolDatabaseProperties(URL, "", "", 0, Duration.ofSeconds(2)))
                .hasMessage("firefly.tool-database.connections = 0: 1 to 50");
    }

    private String run(String arguments) throws Exception {
        return agents.tools()
                .run(new ToolCall(new CallId("call-1"), "t", "find_appointments", arguments))
                .toCompletableFuture()
                .get(20, TimeUnit.SECONDS);
    }
}
