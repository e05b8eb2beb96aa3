package io.firefly.voip.ops;

import io.firefly.voip.camel.check.DataFile;
import io.firefly.voip.camel.data.DirectoryFiles;
import io.firefly.voip.tenant.AgentBook;
import io.firefly.voip.tenant.TenantBook;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;

/** Tenants and agents are data beside the routes, and are swapped on save like them: agents first, tenants name them. */
@Configuration(proxyBeanMethods = false)
@ConditionalOnProperty(name = "firefly.tenants.source", havingValue = "file", matchIfMissing = true)
class DirectoryFilesConfiguration {
    @Bean
    @Order(1)
    DataFile agentsFile(AgentBook agents) {
        return DirectoryFiles.agents(agents);
    }

    @Bean
    @Order(2)
    DataFile tenantsFile(TenantBook tenants) {
        return DirectoryFiles.tenants(tenants);
    }
}
