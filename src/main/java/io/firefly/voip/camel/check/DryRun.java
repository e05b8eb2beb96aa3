package io.firefly.voip.camel.check;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.camel.Consumer;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.NoSuchBeanException;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.StartupSummaryLevel;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.spi.PropertiesSource;
import org.apache.camel.support.DefaultComponent;
import org.apache.camel.support.DefaultConsumer;
import org.apache.camel.support.DefaultEndpoint;
import org.apache.camel.support.DefaultProducer;
import org.apache.camel.support.DefaultRegistry;
import org.jspecify.annotations.Nullable;

/**
 * Builds a whole set of route files in a scratch Camel context that starts no consumer. What passes here can be swapped
 * in; what does not is told with its place. One refusal per file at least, so that nobody mends a folder line by line.
 */
final class DryRun {
    private static final Pattern EXPRESSION_BEAN = Pattern.compile("\\$\\{bean:([A-Za-z][A-Za-z0-9_-]*)");
    private final Surroundings around;

    DryRun(Surroundings around) {
        this.around = around;
    }

    /** What is wrong with the set; empty when it can be loaded. */
    List<Refusal> check(Map<String, String> texts) {
        List<Refusal> refusals = new ArrayList<>();
        List<RouteFile> files = RouteFile.parseAll(texts, refusals);
        refusals.addAll(SetRules.check(files));
        Set<String> refused = refusals.stream().map(Refusal::file).collect(Collectors.toSet());
        files.removeIf(file -> refused.contains(file.name()));
        refusals.addAll(build(files));
        return refusals;
    }

    private List<Refusal> build(Collection<RouteFile> files) {
        List<Refusal> refusals = new ArrayList<>();
        try (DefaultCamelContext scratch = scratch()) {
            scratch.start();
            Diagnosis diagnosis = new Diagnosis(knownSchemes());
            for (RouteFile file : files) {
                try {
                    beansOfExpressionsExist(file);
                    file.load(scratch);
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
            if (around.beans().lookupByName(bean.group(1)) == null) {
                throw new NoSuchBeanException(bean.group(1));
            }
        }
    }

    private DefaultCamelContext scratch() {
        DefaultCamelContext scratch = new DefaultCamelContext(new DefaultRegistry(around.beans()));
        scratch.disableJMX();
        scratch.getCamelContextExtension().setName("dry-run");
        scratch.setStartupSummaryLevel(StartupSummaryLevel.Off);
        scratch.setAutoStartup(false);
        scratch.setApplicationContextClassLoader(around.classes());
        scratch.getPropertiesComponent().addPropertiesSource(new Settings(around.settings()));
        for (String scheme : around.schemesOnTrust()) scratch.addComponent(scheme, new StandInComponent());
        for (SchemeOnTrial scheme : around.schemes()) scratch.addComponent(scheme.scheme(), scheme.create());
        return scratch;
    }

    private Set<String> knownSchemes() {
        Set<String> known = new TreeSet<>(Set.of("bean", "direct", "log"));
        known.addAll(around.schemesOnTrust());
        around.schemes().forEach(scheme -> known.add(scheme.scheme()));
        return known;
    }

    private record Settings(Function<String, Optional<String>> byKey) implements PropertiesSource {
        @Override
        public String getName() {
            return "settings";
        }

        @Override
        public @Nullable String getProperty(String name) {
            return byKey.apply(name).orElse(null);
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
