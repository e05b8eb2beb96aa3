package io.firefly.voip;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.autoconfigure.AutoConfigurationImportFilter;
import org.springframework.boot.autoconfigure.AutoConfigurationMetadata;

/**
 * Auto-configurations that are not asked whether they apply, because nothing here uses them: each costs its classes at every
 * start. Camel finds components and languages without them; what goes is only {@code camel.component.*} and
 * {@code camel.language.*} as settings of ours.
 */
final class LeftOut implements AutoConfigurationImportFilter {
    static final List<String> BEGINNINGS = List.of(
            "org.apache.camel.component.",
            "org.apache.camel.language.",
            "org.apache.camel.model.rest.",
            "org.apache.camel.spring.boot.cloud.",
            "org.apache.camel.spring.boot.cluster.",
            "org.apache.camel.spring.boot.routecontroller.",
            "org.apache.camel.spring.boot.routetemplate.",
            "org.apache.camel.spring.boot.trace.",
            "org.apache.camel.spring.boot.vault.",
            "org.springframework.boot.actuate.autoconfigure.metrics.startup.",
            "org.springframework.boot.actuate.autoconfigure.metrics.task.",
            "org.springframework.boot.actuate.autoconfigure.observation.web.client.",
            "org.springframework.boot.actuate.autoconfigure.sbom.",
            "org.springframework.boot.actuate.autoconfigure.scheduling.",
            "org.springframework.boot.autoconfigure.aop.",
            "org.springframework.boot.autoconfigure.dao.",
            "org.springframework.boot.autoconfigure.http.client.",
            "org.springframework.boot.autoconfigure.jdbc.JdbcClientAutoConfiguration",
            "org.springframework.boot.autoconfigure.netty.",
            "org.springframework.boot.autoconfigure.security.servlet.UserDetailsServiceAutoConfiguration",
            "org.springframework.boot.autoconfigure.sql.init.",
            "org.springframework.boot.autoconfigure.task.",
            "org.springframework.boot.autoconfigure.transaction.",
            "org.springframework.boot.autoconfigure.web.client.",
            "org.springframework.boot.autoconfigure.web.servlet.MultipartAutoConfiguration",
            "org.springframework.boot.autoconfigure.websocket.");

    @Override
    public boolean[] match(@Nullable String[] names, @Nullable AutoConfigurationMetadata unused) {
        boolean[] wanted = new boolean[names.length];
        for (int i = 0; i < names.length; i++) wanted[i] = isWanted(names[i]);
        return wanted;
    }

    private static boolean isWanted(@Nullable String name) {
        return name != null && BEGINNINGS.stream().noneMatch(name::startsWith);
    }
}
