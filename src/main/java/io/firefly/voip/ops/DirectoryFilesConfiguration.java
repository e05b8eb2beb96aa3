package io.firefly.voip.ops;

import io.firefly.voip.camel.reload.ReloadableFile;
import io.firefly.voip.tenant.AgentBook;
import io.firefly.voip.tenant.TenantBook;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
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
    ReloadableFile agentsFile(AgentBook agents, TenantBook tenants) {
        return new AgentsFile(agents, tenants);
    }

    @Bean
    @Order(2)
    ReloadableFile tenantsFile(TenantBook tenants) {
        return new TenantsFile(tenants);
    }

    private record AgentsFile(AgentBook agents, TenantBook tenants) implements ReloadableFile {
        @Override
        public String fileName() {
            return "agents.yaml";
        }

        @Override
        public void replace(String text, String shownName) {
            agents.replace(text, shownName);
        }

        @Override
        public List<String> misfits(Set<String> routeIds) {
            return tenants.unknownAgents();
        }
    }

    private record TenantsFile(TenantBook tenants) implements ReloadableFile {
        private static final String FLOW = "callflow-";

        @Override
        public String fileName() {
            return "tenants.yaml";
        }

        @Override
        public void replace(String text, String shownName) {
            tenants.replace(text, shownName);
        }

        @Override
        public List<String> misfits(Set<String> routeIds) {
            return tenants.unknownCallflows(routeIds.stream()
                    .filter(id -> id.startsWith(FLOW))
                    .map(id -> id.substring(FLOW.length()))
                    .collect(Collectors.toSet()));
        }
    }
}
