package io.firefly.voip.memory;

import static org.assertj.core.api.Assumptions.assumeThat;

import io.firefly.voip.testing.PostgresCluster;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/** The same with a real PostgreSQL. */
class PostgresCallerMemoryTest extends SqlCallerMemoryTest {
    private static PostgresCluster cluster;

    @BeforeAll
    static void startCluster() throws IOException, InterruptedException {
        Optional<Path> bin = PostgresCluster.installed();
        assumeThat(bin).as("no /usr/lib/postgresql: apt-get install postgresql").isPresent();
        cluster = new PostgresCluster(bin.orElseThrow());
    }

    @AfterAll
    static void stopCluster() throws IOException, InterruptedException {
        if (cluster != null) cluster.close();
    }

    @Override
    DataSource dataSource() {
        return new DriverManagerDataSource(cluster.url());
    }
}
