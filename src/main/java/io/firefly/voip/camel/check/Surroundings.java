package io.firefly.voip.camel.check;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import org.apache.camel.CamelContext;
import org.apache.camel.Component;
import org.apache.camel.spi.BeanRepository;
import org.apache.camel.spi.Registry;
import org.apache.camel.support.SimpleRegistry;
import org.jspecify.annotations.NullUnmarked;
import org.jspecify.annotations.Nullable;

/**
 * What a set of routes finds around it when it is judged.
 *
 * @param schemes ours, with everything they know of their options
 * @param schemesOnTrust may be used with whatever path and options
 * @param beans may be named in routes; looked up, never started
 * @param settings {@code {{key}}} in a route
 * @param classes where the exceptions of a policy are found; null for the thread's own loader
 * @param data files that are judged with the routes, those that others refer to first
 */
record Surroundings(
        List<SchemeOnTrial> schemes,
        Set<String> schemesOnTrust,
        BeanRepository beans,
        Function<String, Optional<String>> settings,
        @Nullable ClassLoader classes,
        Allowance allowed,
        List<DataFile> data) {

    static Surroundings in(CamelContext application, List<SchemeOnTrial> schemes) {
        // Components that are beans under their scheme's own name are ours; Camel's starters call theirs x-component.
        Set<String> onTrust = new TreeSet<>(
                application.getRegistry().findByTypeWithName(Component.class).keySet());
        onTrust.removeIf(name -> name.endsWith("-component"));
        schemes.forEach(scheme -> onTrust.remove(scheme.scheme()));
        return new Surroundings(
                List.copyOf(schemes),
                onTrust,
                new ApplicationBeans(application.getRegistry()),
                key -> application.getPropertiesComponent().resolveProperty(key),
                application.getApplicationContextClassLoader(),
                Allowance.standard(),
                List.of());
    }

    static Surroundings of(List<SchemeOnTrial> schemes, Map<String, Object> beans, Map<String, String> settings) {
        Registry registry = new SimpleRegistry();
        beans.forEach(registry::bind);
        return new Surroundings(
                List.copyOf(schemes),
                Set.of(),
                registry,
                key -> Optional.ofNullable(settings.get(key)),
                Surroundings.class.getClassLoader(),
                Allowance.standard(),
                List.of());
    }

    Surroundings allowing(Allowance other) {
        return new Surroundings(schemes, schemesOnTrust, beans, settings, classes, other, data);
    }

    Surroundings with(List<DataFile> files) {
        return new Surroundings(schemes, schemesOnTrust, beans, settings, classes, allowed, List.copyOf(files));
    }

    /** The application's beans without what belongs to its own Camel context: for looking up, never for starting. */
    @NullUnmarked // BeanRepository says "not here" with null
    private record ApplicationBeans(Registry beans) implements BeanRepository {
        private static boolean mayBeSeen(Object bean) {
            return bean != null && !(bean instanceof Component) && !(bean instanceof CamelContext);
        }

        @Override
        public Object lookupByName(String name) {
            Object bean = beans.lookupByName(name);
            return mayBeSeen(bean) ? bean : null;
        }

        @Override
        public <T> T lookupByNameAndType(String name, Class<T> type) {
            T bean = beans.lookupByNameAndType(name, type);
            return mayBeSeen(bean) ? bean : null;
        }

        @Override
        public <T> Map<String, T> findByTypeWithName(Class<T> type) {
            Map<String, T> found = new LinkedHashMap<>(beans.findByTypeWithName(type));
            found.values().removeIf(bean -> !mayBeSeen(bean));
            return found;
        }

        @Override
        public <T> Set<T> findByType(Class<T> type) {
            return new LinkedHashSet<>(findByTypeWithName(type).values());
        }
    }
}
