package io.firefly.voip.tenant.sql;

import static org.assertj.core.api.Assertions.assertThat;

import io.firefly.voip.testing.Postgres;
import java.io.IOException;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The same with a real PostgreSQL. */
class PostgresDirectoryTest extends SqlDirectoryTest {
    @RegisterExtension
    static final Postgres POSTGRES = new Postgres();

    @Override
    DataSource dataSource() {
        return POSTGRES.dataSource();
    }

    @Test
    void aPostgresThatStopsAndComesBackCostsNoPage() throws IOException, InterruptedException {
        directory.refresh();
        POSTGRES.cluster().stop();
        try {
            directory.refresh();
            assertThat(directory.counts()).containsExactly(1L, 0L, 1L);
            assertThat(tenants.tenants()).hasSize(1);
        } finally {
            POSTGRES.cluster().start();
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
