package io.firefly.voip.camel.rehearsal;

import io.firefly.voip.camel.check.RouteFile;
import io.firefly.voip.tenant.AgentBook;
import io.firefly.voip.tenant.AgentDirectory;
import io.firefly.voip.tenant.TenantBook;
import io.firefly.voip.tenant.TenantDirectory;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.model.Model;
import org.apache.camel.spi.Resource;
import org.apache.camel.spi.ResourceAware;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/**
 * What a rehearsal is made of: route files as texts, the books of tenants and agents, settings, and beans of one's own.
 *
 * @param folder where the files are, for messages
 * @param texts file name, such as {@code inbound.camel.yaml}, to its content
 * @param settings what {@code {{key}}} in a route stands for
 * @param beans what {@code bean:<name>} and {@code ${bean:<name>}} mean beside the exchange's own
 * @param partial true when the files are not to be judged as a whole: some were left out on purpose, or all of them serve
 */
public record RouteSet(
        String folder,
        Map<String, String> texts,
        TenantDirectory tenants,
        AgentDirectory agents,
        Map<String, String> settings,
        Map<String, Object> beans,
        boolean partial) {
    private static final int MAX_FILE_BYTES = 256 * 1024;
    private static final Pattern FROM_ENVIRONMENT = Pattern.compile("\\$\\{([A-Za-z0-9_.-]+)(?::([^}]*))?}");
    private static final Pattern SETTING = Pattern.compile("\\{\\{\\??([A-Za-z0-9_.-]+)");
    private static final Pattern BEAN = Pattern.compile("bean:([A-Za-z][A-Za-z0-9_-]*)");
    static final String RING_DELAY = "firefly.routing.ring-delay";
    private static final String TRUSTED = "firefly.sip.trusted-addresses";
    private static final int MAX_NETWORKS = 1_000;
    private static final String DEFAULT_ROUTE = "firefly.routing.default-route";

    public RouteSet {
        texts = Collections.unmodifiableMap(new TreeMap<>(texts));
        settings = Map.copyOf(settings);
        beans = Map.copyOf(beans);
    }

    /**
     * A folder as it is shipped, with the settings of {@code application.yaml}.
     *
     * @throws UncheckedIOException when it cannot be read; the message says why
     * @throws io.firefly.voip.tenant.DirectoryFormatException when tenants or agents are wrong; it lists every mistake
     */
    public static RouteSet folder(Path folder) {
        return folder(folder, Map.of());
    }

    /** @param given settings that differ from the shipped ones */
    public static RouteSet folder(Path folder, Map<String, String> given) {
        Map<String, String> settings = shippedSettings();
        settings.putAll(given);
        AgentBook agents = new AgentBook();
        TenantBook tenants = new TenantBook(agents, settings.getOrDefault(DEFAULT_ROUTE, "welcome"));
        Map<String, String> texts = new TreeMap<>();
        for (Path file : files(folder)) texts.put(file.getFileName().toString(), read(file));
        Path agentsFile = folder.resolve("agents.yaml");
        if (Files.exists(agentsFile)) agents.replace(read(agentsFile), agentsFile.toString());
        Path tenantsFile = folder.resolve("tenants.yaml");
        if (Files.exists(tenantsFile)) tenants.replace(read(tenantsFile), tenantsFile.toString());
        return new RouteSet(folder.toString(), texts, tenants, agents, settings, Map.of(), false);
    }

    /**
     * What serves now in a running exchange: the texts its routes were loaded from, its settings, its books. Beans of the
     * application answer questions; what is sent to them is only noted.
     */
    static RouteSet loaded(CamelContext live, TenantDirectory tenants, AgentDirectory agents) {
        Map<String, String> texts = new TreeMap<>();
        Model model = live.getCamelContextExtension().getContextPlugin(Model.class);
        List<ResourceAware> all = new ArrayList<>(model.getRouteConfigurationDefinitions());
        all.addAll(model.getRouteDefinitions());
        for (ResourceAware each : all) {
            if (each.getResource() == null) continue;
            String location = each.getResource().getLocation();
            String name = location.substring(Math.max(location.lastIndexOf('/'), location.lastIndexOf(':')) + 1);
            if (name.endsWith(RouteFile.SUFFIX)) texts.put(name, text(each.getResource()));
        }
        Map<String, String> settings = shippedSettings();
        Map<String, Object> beans = new HashMap<>();
        for (String text : texts.values()) {
            found(SETTING, text).forEach(key -> live.getPropertiesComponent()
                    .resolveProperty(key)
                    .ifPresent(value -> settings.put(key, value)));
            for (String name : found(BEAN, text)) {
                Object bean =
                        Stage.BEANS.contains(name) ? null : live.getRegistry().lookupByName(name);
                if (bean != null) beans.put(name, new AskedBean(bean));
            }
        }
        live.getPropertiesComponent().resolveProperty(RING_DELAY).ifPresent(value -> settings.put(RING_DELAY, value));
        settings.put(TRUSTED, trusted(live));
        return new RouteSet("routes", texts, tenants, agents, settings, beans, true);
    }

    /** The networks whose callers need no password and may assert identities. */
    List<String> trustedNetworks() {
        return words(settings.getOrDefault(TRUSTED, ""));
    }

    private static List<String> words(String list) {
        return Arrays.stream(list.split(",", -1))
                .map(String::strip)
                .filter(word -> !word.isEmpty())
                .toList();
    }

    /** What routes may use of a kind, as {@code firefly.routes.allowed} says. */
    Set<String> allowed(String kind, String otherwise) {
        return new TreeSet<>(words(settings.getOrDefault("firefly.routes.allowed." + kind, otherwise)));
    }

    /** A list is one text, or, from a YAML file, {@code key[0]} and so on. */
    private static String trusted(CamelContext live) {
        List<String> networks = new ArrayList<>();
        live.getPropertiesComponent().resolveProperty(TRUSTED).ifPresent(networks::add);
        for (int i = 0; i < MAX_NETWORKS; i++) {
            Optional<String> next = live.getPropertiesComponent().resolveProperty(TRUSTED + "[" + i + "]");
            if (next.isEmpty()) break;
            networks.add(next.get());
        }
        return String.join(",", networks);
    }

    private static String text(Resource resource) {
        try (InputStream in = resource.getInputStream()) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + resource.getLocation(), e);
        }
    }

    private static List<String> found(Pattern pattern, String text) {
        return pattern.matcher(text).results().map(match -> match.group(1)).toList();
    }

    /** A bean that may be asked by an expression and is not run by a step. */
    record AskedBean(Object bean) {}

    /** Only these files, by the name of their route; the policies come along. */
    public RouteSet only(List<String> routes) {
        Map<String, String> fewer = new TreeMap<>();
        texts.forEach((name, text) -> {
            if (holdsPolicies(text) || routes.contains(name.replace(RouteFile.SUFFIX, ""))) fewer.put(name, text);
        });
        for (String route : routes) {
            if (!texts.containsKey(route + RouteFile.SUFFIX))
                throw new IllegalArgumentException("there is no " + folder + "/" + route + RouteFile.SUFFIX);
        }
        return new RouteSet(folder, fewer, tenants, agents, settings, beans, true);
    }

    public RouteSet withBean(String name, Object bean) {
        Map<String, Object> more = new HashMap<>(beans);
        more.put(name, bean);
        return new RouteSet(folder, texts, tenants, agents, settings, more, partial);
    }

    /** Beans that routes name and nobody has here: they are never run. */
    public RouteSet namingBeans(List<String> names) {
        RouteSet more = this;
        for (String name : names) {
            if (!beans.containsKey(name)) more = more.withBean(name, new UnknownBean(name));
        }
        return more;
    }

    /** Stands for a bean of which only the name is known. */
    record UnknownBean(String name) {}

    public RouteSet withSetting(String key, String value) {
        Map<String, String> more = new HashMap<>(settings);
        more.put(key, value);
        return new RouteSet(folder, texts, tenants, agents, more, beans, partial);
    }

    public RouteSet withTenants(TenantDirectory others) {
        return new RouteSet(folder, texts, others, agents, settings, beans, partial);
    }

    static boolean holdsPolicies(String text) {
        return text.lines().anyMatch(line -> line.startsWith("- routeConfiguration:"));
    }

    private static List<Path> files(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.getFileName().toString().endsWith(RouteFile.SUFFIX))
                    .filter(file -> !file.getFileName().toString().startsWith("."))
                    .filter(Files::isRegularFile)
                    .sorted()
                    .toList();
        } catch (NoSuchFileException e) {
            throw new UncheckedIOException("there is no folder " + folder, e);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the folder " + folder, e);
        }
    }

    private static String read(Path file) {
        try {
            if (Files.size(file) > MAX_FILE_BYTES) throw new IOException("it is larger than 256 KiB");
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file + " (it must be UTF-8 text): " + e.getMessage(), e);
        }
    }

    /** {@code application.yaml} as it is in the jar, with the environment's variables filled in. */
    static Map<String, String> shippedSettings() {
        Map<String, String> flat = new HashMap<>();
        try (InputStream yaml = RouteSet.class.getResourceAsStream("/application.yaml")) {
            if (yaml == null) return flat;
            var reader = new InputStreamReader(yaml, StandardCharsets.UTF_8);
            // The first document is the shipped one; the others are profiles.
            Object first = new Yaml(new SafeConstructor(new LoaderOptions()))
                    .loadAll(reader)
                    .iterator()
                    .next();
            flatten("", first, flat);
        } catch (IOException e) {
            throw new UncheckedIOException("application.yaml cannot be read", e);
        }
        return flat;
    }

    private static void flatten(String prefix, Object node, Map<String, String> into) {
        if (node instanceof Map<?, ?> map) {
            map.forEach(
                    (key, value) -> flatten(prefix.isEmpty() ? String.valueOf(key) : prefix + "." + key, value, into));
        } else if (node instanceof List<?> list) {
            into.put(prefix, list.stream().map(String::valueOf).collect(Collectors.joining(",")));
        } else if (node != null) {
            into.put(prefix, resolved(String.valueOf(node)));
        }
    }

    private static String resolved(String value) {
        Matcher variable = FROM_ENVIRONMENT.matcher(value);
        return variable.replaceAll(found -> {
            String known = System.getenv(found.group(1));
            String otherwise = found.group(2) == null ? "" : found.group(2);
            return Matcher.quoteReplacement(known == null ? otherwise : known);
        });
    }
}
