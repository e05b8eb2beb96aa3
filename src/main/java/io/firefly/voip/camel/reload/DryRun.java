package io.firefly.voip.camel.reload;

import io.firefly.voip.camel.reload.Refusal.RefusedFileException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.camel.CamelContext;
import org.apache.camel.Component;
import org.apache.camel.Consumer;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.NoSuchBeanException;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.StartupSummaryLevel;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.spi.BeanRepository;
import org.apache.camel.spi.PropertiesSource;
import org.apache.camel.spi.Registry;
import org.apache.camel.support.DefaultComponent;
import org.apache.camel.support.DefaultConsumer;
import org.apache.camel.support.DefaultEndpoint;
import org.apache.camel.support.DefaultProducer;
import org.apache.camel.support.DefaultRegistry;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.jspecify.annotations.NullUnmarked;
import org.jspecify.annotations.Nullable;

/**
 * Builds a whole set of route files in a scratch Camel context that starts no consumer. What passes here can be swapped
 * in; what does not is told with its place. One refusal per file at least, so that nobody mends a folder line by line.
 */
final class DryRun {
    private static final Pattern EXPRESSION_BEAN = Pattern.compile("\\$\\{bean:([A-Za-z][A-Za-z0-9_-]*)");
    private final CamelContext application;
    private final List<SchemeOnTrial> schemes;

    DryRun(CamelContext application, List<SchemeOnTrial> schemes) {
        this.application = application;
        this.schemes = List.copyOf(schemes);
    }

    /** What is wrong with the set; empty when it can be loaded. */
    List<Refusal> check(Map<String, String> texts) {
        List<Refusal> refusals = new ArrayList<>();
        List<RouteFile> files = parse(texts, refusals);
        refusals.addAll(SetRules.check(files));
        Set<String> refused = refusals.stream().map(Refusal::file).collect(Collectors.toSet());
        files.removeIf(file -> refused.contains(file.name()));
        refusals.addAll(build(files));
        return refusals;
    }

    /** Taken apart and in loading order. */
    static List<RouteFile> parse(Map<String, String> texts, List<Refusal> refusals) {
        List<RouteFile> files = new ArrayList<>();
        for (var entry : new TreeMap<>(texts).entrySet()) {
            try {
                files.add(RouteFile.parse(entry.getKey(), entry.getValue()));
            } catch (RefusedFileException e) {
                refusals.add(e.refusal());
            }
        }
        files.sort(Comparator.comparingInt(RouteFile::rank));
        return files;
    }

    private List<Refusal> build(Collection<RouteFile> files) {
        List<Refusal> refusals = new ArrayList<>();
        try (DefaultCamelContext scratch = scratch()) {
            scratch.start();
            Diagnosis diagnosis = new Diagnosis(knownSchemes());
            for (RouteFile file : files) {
                try {
                    beansOfExpressionsExist(file);
                    load(scratch, file);
                } catch (Exception e) {
                    refusals.add(diagnosis.of(file.source(), e));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("the scratch context does not close", e);
        }
        return refusals;
    }

    /** Camel looks for the bean of an expression when the first call gets there; that is too late. */
    private void beansOfExpressionsExist(RouteFile file) {
        Matcher bean = EXPRESSION_BEAN.matcher(file.source().text());
        while (bean.find()) {
            if (application.getRegistry().lookupByName(bean.group(1)) == null) {
                throw new NoSuchBeanException(bean.group(1));
            }
        }
    }

    static void load(CamelContext camel, RouteFile file) throws Exception {
        var text =
                ResourceHelper.fromString("file:" + file.name(), file.source().text());
        PluginHelper.getRoutesLoader(camel).loadRoutes(text);
    }

    private DefaultCamelContext scratch() {
        DefaultCamelContext scratch =
                new DefaultCamelContext(new DefaultRegistry(new ApplicationBeans(application.getRegistry())));
        scratch.disableJMX();
        scratch.getCamelContextExtension().setName("dry-run");
        scratch.setStartupSummaryLevel(StartupSummaryLevel.Off);
        scratch.setAutoStartup(false);
        scratch.setApplicationContextClassLoader(application.getApplicationContextClassLoader());
        scratch.getPropertiesComponent().addPropertiesSource(new ApplicationProperties(application));
        for (String scheme : standInsNeeded()) scratch.addComponent(scheme, new StandInComponent());
        for (SchemeOnTrial scheme : schemes) scratch.addComponent(scheme.scheme(), scheme.create());
        return scratch;
    }

    /** Components that are beans under their scheme's own name are ours; Camel's starters call theirs x-component. */
    private Set<String> standInsNeeded() {
        Set<String> names = new TreeSet<>(
                application.getRegistry().findByTypeWithName(Component.class).keySet());
        names.removeIf(name -> name.endsWith("-component"));
        schemes.forEach(scheme -> names.remove(scheme.scheme()));
        return names;
    }

    private Set<String> knownSchemes() {
        Set<String> known = new TreeSet<>(Set.of("bean", "direct", "log"));
        known.addAll(standInsNeeded());
        schemes.forEach(scheme -> known.add(scheme.scheme()));
        return known;
    }

    private record ApplicationProperties(CamelContext application) implements PropertiesSource {
        @Override
        public String getName() {
            return "application";
        }

        @Override
        public @Nullable String getProperty(String name) {
            return application.getPropertiesComponent().resolveProperty(name).orElse(null);
        }
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

    /** Stands in for a scheme that has no {@link SchemeOnTrial}: takes every path and option, does nothing. */
    private static final class StandInComponent extends DefaultComponent {
        @Override
        protected Endpoint createEndpoint(String uri, String remaining, Map<String, Object> parameters) {
            parameters.clear();
            return new StandInEndpoint(uri, this);
        }

        private static final class StandInEndpoint extends DefaultEndpoint {
            StandInEndpoint(String uri, StandInComponent component) {
                super(uri, component);
            }

            @Override
            public Producer createProducer() {
                return new DefaultProducer(this) {
                    @Override
                    public void process(Exchange exchange) {
                        throw new IllegalStateException("a stand-in takes no exchange");
                    }
                };
            }

            @Override
            public Consumer createConsumer(Processor processor) {
                return new DefaultConsumer(this, processor);
            }
        }
    }
}
