package io.firefly.voip.tenant.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.firefly.voip.testing.PostgresCluster;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/** The same with a real PostgreSQL. */
class PostgresDirectoryTest extends SqlDirectoryTest {
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

    @Test
    void aPostgresThatStopsAndComesBackCostsNoPage() throws IOException, InterruptedException {
        directory.refresh();
        cluster.stop();
        try {
            directory.refresh();
            assertThat(directory.counts()).containsExactly(1L, 0L, 1L);
            assertThat(tenants.tenants()).hasSize(1);
        } finally {
            cluster.start();
        }
        jdbc.update("INSERT INTO agent (name) VALUES ('reception')");
        jdbc.update("INSERT INTO tenant (id) VALUES ('new')");
        jdbc.update("INSERT INTO tenant_number VALUES ('new', 'number', '1')");
        jdbc.update("UPDATE directory_version SET version = version + 1");

        directory.refresh();

        assertThat(tenants.tenants()).hasSize(2);
        assertThat(directory.counts()).containsExactly(2L, 0L, 1L);
    }
}
