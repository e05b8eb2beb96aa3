package io.firefly.voip.camel.check;

import io.firefly.voip.camel.check.Diagnosis.Vocabulary;
import io.firefly.voip.camel.check.RouteFile.Target;
import io.firefly.voip.camel.check.RouteFile.Value;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
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
import org.apache.camel.dsl.yaml.common.YamlSupport;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.spi.Language;
import org.apache.camel.spi.PropertiesSource;
import org.apache.camel.support.DefaultComponent;
import org.apache.camel.support.DefaultConsumer;
import org.apache.camel.support.DefaultEndpoint;
import org.apache.camel.support.DefaultProducer;
import org.apache.camel.support.DefaultRegistry;
import org.jspecify.annotations.Nullable;

/**
 * Builds a whole set of route files in a scratch Camel context that starts no consumer. What passes here can be swapped
 * in; what does not is told with its place. Every endpoint and every expression is tried by itself first, because Camel
 * gives up at the first mistake of a file.
 */
final class DryRun {
    private static final Pattern EXPRESSION_BEAN = Pattern.compile("\\$\\{bean:([A-Za-z][A-Za-z0-9_-]*)");
    private static final Pattern OPTION =
            Pattern.compile("\"(\\w+)\"\\s*:\\s*\\{\\s*\"index\":\\s*\\d+,\\s*\"kind\":\\s*\"parameter\"");
    /** Keys whose {@code simple} says yes or no. */
    private static final Set<String> QUESTIONS =
            Set.of("when", "filter", "validate", "handled", "continued", "loopDoWhile");

    private final Surroundings around;

    DryRun(Surroundings around) {
        this.around = around;
    }

    /**
     * What Camel has to say about these files, in loading order.
     *
     * @param forbidden Camel is not asked about these lines, nor about the whole of their files: it would act on it
     */
    List<Refusal> check(Collection<RouteFile> files, Collection<Refusal> forbidden) {
        List<Refusal> refusals = new ArrayList<>();
        try (DefaultCamelContext scratch = scratch()) {
            scratch.start();
            Vocabulary vocabulary = new Vocabulary(knownSchemes(), knownBeans(), scheme -> options(scratch, scheme));
            for (RouteFile file : files) {
                Set<Integer> lines = forbidden.stream()
                        .filter(refusal -> refusal.file().equals(file.name()))
                        .map(Refusal::line)
                        .collect(Collectors.toSet());
                refusals.addAll(new Trial(scratch, file, vocabulary, around).run(lines));
            }
        } catch (IOException e) {
            throw new UncheckedIOException("the scratch context does not close", e);
        }
        return refusals;
    }

    /** One file on trial. */
    private record Trial(DefaultCamelContext scratch, RouteFile file, Vocabulary vocabulary, Surroundings around) {
        /** @param forbidden lines that are left alone */
        List<Refusal> run(Set<Integer> forbidden) {
            List<Refusal> refusals = new ArrayList<>();
            for (Target target : file.targets()) {
                if (!forbidden.contains(target.line())) attempt(refusals, target.line(), () -> resolve(target));
            }
            for (Value value : file.values()) {
                if (!forbidden.contains(value.line())) attempt(refusals, value.line(), () -> understand(value));
            }
            if (!forbidden.isEmpty()) return refusals;
            boolean partsAreGood = refusals.isEmpty();
            try {
                file.load(scratch);
            } catch (Exception e) {
                // What a part was refused for is not told again; only what is wrong with the file's form is new.
                Refusal whole = new Diagnosis(vocabulary, file.source(), 0).of(e);
                if (partsAreGood || Diagnosis.isAboutForm(e)) refusals.add(whole);
            }
            return refusals;
        }

        private void attempt(List<Refusal> refusals, int line, Part part) {
            try {
                part.tryIt();
            } catch (Exception e) {
                Refusal refusal = new Diagnosis(vocabulary, file.source(), line).of(e);
                if (!refusals.contains(refusal)) refusals.add(refusal);
            }
        }

        private void resolve(Target target) throws Exception {
            if (target.base().contains("${") || target.scheme().isEmpty()) return;
            Map<String, Object> options = new LinkedHashMap<>(target.options());
            String uri = YamlSupport.createEndpointUri(scratch, null, target.base(), options);
            Endpoint endpoint = scratch.getEndpoint(uri);
            if (target.step().equals("to")) endpoint.createProducer();
        }

        private void understand(Value value) {
            if (value.path().contains("parameters")) return;
            Matcher bean = EXPRESSION_BEAN.matcher(value.text());
            while (bean.find()) {
                if (around.beans().lookupByName(bean.group(1)) == null) throw new NoSuchBeanException(bean.group(1));
            }
            boolean isSimple = value.key().equals("simple")
                    || (value.key().equals("expression") && value.parent().equals("simple"));
            if (!isSimple) return;
            Language simple = scratch.resolveLanguage("simple");
            if (value.path().stream().anyMatch(QUESTIONS::contains) && isQuestion(value)) {
                simple.createPredicate(value.text());
            } else {
                simple.createExpression(value.text());
            }
        }

        private static boolean isQuestion(Value value) {
            List<String> path = value.path();
            for (int i = path.size() - 1; i >= 0; i--) {
                if (QUESTIONS.contains(path.get(i))) return true;
                if (!Set.of("simple", "expression").contains(path.get(i))) return false;
            }
            return false;
        }
    }

    /** Something of a file that can be tried by itself. */
    private interface Part {
        void tryIt() throws Exception;
    }

    /** The options of a component as its own catalog entry lists them; none when it has no such entry. */
    private static Set<String> options(DefaultCamelContext scratch, String scheme) {
        Set<String> names = new TreeSet<>();
        try {
            String json = scratch.getComponentParameterJsonSchema(scheme);
            Matcher option = OPTION.matcher(json == null ? "" : json.replaceFirst("(?s).*\"properties\"", ""));
            while (option.find()) names.add(option.group(1));
        } catch (IOException e) {
            return Set.of();
        }
        return names;
    }

    private Set<String> knownBeans() {
        Set<String> known = new TreeSet<>(around.allowed().beans());
        known.removeIf(name -> around.beans().lookupByName(name) == null);
        return known;
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
        StandInComponent() {
            // Camel would look for the fields of the component whose place this takes.
            setAutowiredEnabled(false);
        }

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
