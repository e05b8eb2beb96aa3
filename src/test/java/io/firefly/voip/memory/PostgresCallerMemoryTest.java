package io.firefly.voip.memory;

import io.firefly.voip.testing.Postgres;
import javax.sql.DataSource;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The same with a real PostgreSQL. */
class PostgresCallerMemoryTest extends SqlCallerMemoryTest {
    @RegisterExtension
    static final Postgres POSTGRES = new Postgres();

    @Override
    DataSource dataSource() {
        return POSTGRES.dataSource();
    }
}
