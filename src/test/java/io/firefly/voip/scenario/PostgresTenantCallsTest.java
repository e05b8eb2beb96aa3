package io.firefly.voip.scenario;

import io.firefly.voip.testing.Postgres;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The same on PostgreSQL, where subscribers and bindings are then, too. */
class PostgresTenantCallsTest extends TenantCallsTest {
    @RegisterExtension
    static final Postgres POSTGRES = new Postgres();

    @Override
    String url() {
        return POSTGRES.cluster().url();
    }
}
