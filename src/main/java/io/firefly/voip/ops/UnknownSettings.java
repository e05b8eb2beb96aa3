package io.firefly.voip.ops;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.springframework.beans.factory.InitializingBean;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.context.ApplicationContext;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.EnumerablePropertySource;
import org.springframework.stereotype.Component;

/**
 * A misspelt group of settings ({@code firefly.sipp.port}) must stop the start like a misspelt key in a known group
 * does. Environment variables are left alone: others may own {@code FIREFLY_*} names.
 */
@Component
class UnknownSettings implements InitializingBean {
    private static final String ROOT = "firefly.";
    /** Choices between packages: read by conditions, before any group is bound. */
    private static final Set<String> CHOICES =
            Set.of("firefly.agent.provider", "firefly.media.engine", "firefly.data.directory");

    private final ApplicationContext context;
    private final ConfigurableEnvironment environment;

    UnknownSettings(ApplicationContext context, ConfigurableEnvironment environment) {
        this.context = context;
        this.environment = environment;
    }

    /** @throws IllegalStateException naming the keys, where they stand and the groups that exist */
    @Override
    public void afterPropertiesSet() {
        Set<String> groups = knownGroups();
        List<String> unknown = new ArrayList<>();
        for (var source : environment.getPropertySources()) {
            if (source instanceof EnumerablePropertySource<?> listed
                    && !source.getName().startsWith("system")) {
                for (String key : listed.getPropertyNames()) {
                    if (isUnknown(key, groups)) unknown.add(key + " (in " + source.getName() + ")");
                }
            }
        }
        if (!unknown.isEmpty()) {
            throw new IllegalStateException("unknown settings " + unknown + ". Groups that exist: " + groups);
        }
    }

    private Set<String> knownGroups() {
        Set<String> groups = new TreeSet<>(CHOICES);
        Map<String, Object> beans = context.getBeansWithAnnotation(ConfigurationProperties.class);
        for (String name : beans.keySet()) {
            var annotation = context.findAnnotationOnBean(name, ConfigurationProperties.class);
            if (annotation == null) continue;
            String prefix = annotation.prefix().isEmpty() ? annotation.value() : annotation.prefix();
            if (prefix.startsWith(ROOT)) groups.add(prefix);
        }
        return groups;
    }

    private static boolean isUnknown(String key, Set<String> groups) {
        return key.startsWith(ROOT)
                && groups.stream().noneMatch(group -> key.equals(group) || key.startsWith(group + "."));
    }
}
