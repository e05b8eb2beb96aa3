package io.firefly.voip.scenario;

import static org.assertj.core.api.Assumptions.assumeThat;

import io.firefly.voip.testing.PostgresCluster;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** The same on PostgreSQL, where subscribers and bindings are then, too. */
class PostgresTenantCallsTest extends TenantCallsTest {
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
    String url() {
        return cluster.url();
    }
}
