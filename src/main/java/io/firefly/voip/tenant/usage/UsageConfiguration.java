package io.firefly.voip.tenant.usage;

import io.micrometer.core.instrument.binder.MeterBinder;
import java.time.Clock;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(UsageProperties.class)
class UsageConfiguration {
    @Bean
    TenantUsage tenantUsage(MinuteLedger ledger, UsageProperties settings) {
        TenantUsage usage = new TenantUsage(ledger, Clock.systemUTC());
        usage.start(settings.settleInterval());
        return usage;
    }

    @Bean
    MeterBinder tenantMeters(TenantUsage usage, UsageProperties settings) {
        return registry -> usage.watch(new TenantMeters(registry, usage, settings.tenantsInMetrics()));
    }
}
