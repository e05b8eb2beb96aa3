package io.firefly.voip.ops;

import static org.assertj.core.api.Assertions.assertThat;

import io.firefly.voip.ops.TenantDataConfiguration.TenantRetention;
import io.firefly.voip.tenant.AgentBook;
import io.firefly.voip.tenant.TenantBook;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class TenantRetentionTest {
    private final TenantBook tenants = new TenantBook(new AgentBook(), "welcome");
    private final TenantRetention retention = new TenantRetention(tenants);

    @Test
    void eachTenantHasItsOwnDays() {
        tenants.replace(
                "default: {retention-days: 10}\n"
                        + "tenants: [{id: a, numbers: ['1'], retention-days: 3}, {id: b, numbers: ['2']}]",
                "t.yaml");

        assertThat(retention.of("a")).isEqualTo(Duration.ofDays(3));
        assertThat(retention.of("b")).isEqualTo(Duration.ofDays(10));
        assertThat(retention.of("default")).isEqualTo(Duration.ofDays(10));
        assertThat(retention.shortest()).isEqualTo(Duration.ofDays(3));
    }

    @Test
    void whatBelongsToNobodyIsKeptAsLongAsAnybodys() {
        tenants.replace("default: {retention-days: 10}\ntenants: [{id: a, numbers: ['1'], retention-days: 90}]", "t");
        assertThat(retention.of(null)).isEqualTo(Duration.ofDays(90));
        assertThat(retention.of("gone")).isEqualTo(Duration.ofDays(90));

        tenants.replace("tenants: [{id: a, numbers: ['1'], retention-days: 90}]", "t");
        assertThat(retention.of(null)).isNull();
        assertThat(retention.of("default")).isNull();
        assertThat(retention.shortest()).isEqualTo(Duration.ofDays(90));
    }

    @Test
    void withoutRetentionNothingIsEverDeleted() {
        assertThat(retention.shortest()).isNull();
        assertThat(retention.of("default")).isNull();
    }
}
