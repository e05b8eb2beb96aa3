package io.firefly.voip.ops;

import io.firefly.voip.camel.check.DataFile;
import io.firefly.voip.camel.data.DirectoryFiles;
import io.firefly.voip.tenant.AgentBook;
import io.firefly.voip.tenant.TenantBook;
import io.firefly.voip.tenant.directory.CallDirectory;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;

/** Tenants and agents are data beside the routes, and are swapped on save like them: agents first, tenants name them. */
@Configuration(proxyBeanMethods = false)
class DirectoryFilesConfiguration {
    private static final String SOURCE = "firefly.tenants.source";

    @Bean
    @Order(1)
    @ConditionalOnProperty(name = SOURCE, havingValue = "file", matchIfMissing = true)
    DataFile agentsFile(AgentBook agents) {
        return DirectoryFiles.agents(agents);
    }

    @Bean
    @Order(2)
    @ConditionalOnProperty(name = SOURCE, havingValue = "file", matchIfMissing = true)
    DataFile tenantsFile(TenantBook tenants) {
        return DirectoryFiles.tenants(tenants);
    }

    /** A file, wherever the tenants are kept. */
    @Bean
    @Order(3)
    DataFile directoryFile(CallDirectory directory) {
        return DirectoryFiles.directory(directory);
    }
}
