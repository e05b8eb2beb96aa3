package io.firefly.voip.ops;

import io.firefly.voip.camel.reload.ReloadableFile;
import io.firefly.voip.tenant.AgentBook;
import io.firefly.voip.tenant.TenantBook;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;

/** Tenants and agents are data beside the routes, and are swapped on save like them: agents first, tenants name them. */
@Configuration(proxyBeanMethods = false)
class DirectoryFilesConfiguration {
    private static final Logger log = LoggerFactory.getLogger(DirectoryFilesConfiguration.class);

    @Bean
    @Order(1)
    ReloadableFile agentsFile(AgentBook agents, TenantBook tenants) {
        return new DirectoryFile("agents.yaml", (text, file) -> {
            agents.replace(text, file);
            tenants.unknownAgents().forEach(warning -> log.warn("{}: {}", file, warning));
        });
    }

    @Bean
    @Order(2)
    ReloadableFile tenantsFile(TenantBook tenants) {
        return new DirectoryFile("tenants.yaml", tenants::replace);
    }

    private record DirectoryFile(String fileName, Replacement replacement) implements ReloadableFile {
        @Override
        public void replace(String text, String shownName) {
            replacement.take(text, shownName);
        }
    }

    @FunctionalInterface
    private interface Replacement {
        void take(String text, String fileName);
    }
}
