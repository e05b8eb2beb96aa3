package io.firefly.voip.ops;

import io.firefly.voip.camel.reload.RouteLibrary;
import io.firefly.voip.camel.reload.RouteLibrary.LoadedRoute;
import io.firefly.voip.recording.Retention;
import io.firefly.voip.tenant.Tenant;
import io.firefly.voip.tenant.TenantBook;
import java.time.Duration;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** What tenants say that other stations must know. */
@Configuration(proxyBeanMethods = false)
class TenantDataConfiguration {
    private static final Logger LOG = LoggerFactory.getLogger(TenantDataConfiguration.class);
    private static final String FLOW = "callflow-";

    @Bean
    Retention retention(TenantBook tenants) {
        return new TenantRetention(tenants);
    }

    /** A row that wants a flow nobody wrote: told when the row comes, as the files' tenants are when a file is saved. */
    @Bean
    @ConditionalOnProperty(name = "firefly.tenants.source", havingValue = "sql")
    Consumer<TenantBook.Page> unknownFlowsOfRows(ObjectProvider<RouteLibrary> library) {
        return page -> {
            RouteLibrary routes = library.getIfAvailable();
            Set<String> flows = routes == null
                    ? Set.of()
                    : routes.routes().stream()
                            .map(LoadedRoute::id)
                            .filter(id -> id.startsWith(FLOW))
                            .map(id -> id.substring(FLOW.length()))
                            .collect(Collectors.toSet());
            if (!flows.isEmpty()) page.unknownCallflows(flows).forEach(LOG::warn);
        };
    }

    /** A tenant's own days. What belongs to nobody we know is kept as long as anybody's, for it may be theirs. */
    record TenantRetention(TenantBook tenants) implements Retention {
        @Override
        public @Nullable Duration of(@Nullable String tenant) {
            return days(
                    tenant == null
                            ? longest()
                            : tenants.page()
                                    .byId(tenant)
                                    .map(Tenant::retentionDays)
                                    .orElseGet(this::longest));
        }

        @Override
        public @Nullable Duration shortest() {
            return days(tenants.tenants().stream()
                    .mapToInt(Tenant::retentionDays)
                    .filter(days -> days > 0)
                    .min()
                    .orElse(0));
        }

        private int longest() {
            if (tenants.tenants().stream().anyMatch(tenant -> tenant.retentionDays() == 0)) return 0;
            return tenants.tenants().stream()
                    .mapToInt(Tenant::retentionDays)
                    .max()
                    .orElse(0);
        }

        private static @Nullable Duration days(int days) {
            return days == 0 ? null : Duration.ofDays(days);
        }
    }
}
