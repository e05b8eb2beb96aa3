package io.firefly.voip.testing;

import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/** A real PostgreSQL for the tests of one class, which are left out where none is installed. */
public final class Postgres implements BeforeAllCallback, AfterAllCallback {
    private @Nullable PostgresCluster cluster;

    @Override
    public void beforeAll(ExtensionContext context) throws IOException, InterruptedException {
        Optional<Path> bin = PostgresCluster.installed();
        assumeThat(bin).as("no /usr/lib/postgresql: apt-get install postgresql").isPresent();
        cluster = new PostgresCluster(bin.orElseThrow());
    }

    @Override
    public void afterAll(ExtensionContext context) throws IOException, InterruptedException {
        if (cluster != null) cluster.close();
    }

    public PostgresCluster cluster() {
        return Objects.requireNonNull(cluster, "before the first test");
    }

    public DataSource dataSource() {
        return new DriverManagerDataSource(cluster().url());
    }
}
