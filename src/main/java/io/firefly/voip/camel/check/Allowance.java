package io.firefly.voip.camel.check;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * What route files may use. A route is not code: what starts programs, reads secrets or makes objects of any class is
 * left out of the standard, and an administrator adds what a site needs. {@code *} allows everything of its kind.
 *
 * @param components schemes
 * @param languages of expressions
 * @param beans by name
 * @param settings that look like secrets, or belong to the system ({@code env:SHOP_TOKEN}), and may be read all the same
 * @param folder the only one in which {@code file:} may read and write, when it is allowed at all
 */
public record Allowance(
        Set<String> components, Set<String> languages, Set<String> beans, Set<String> settings, Path folder) {
    public static final String COMPONENTS =
            "agent,audio,bean,call,direct,freeswitch,http,https,log,pipeline,presence,registrar,seda,sip,sql,timer,websocket";
    public static final String LANGUAGES = "constant,exchangeProperty,header,jq,jsonpath,simple,tokenize,variable";
    public static final String BEANS = "cdrWriter,readiness,tenants";
    private static final String ALL = "*";

    public Allowance {
        components = Set.copyOf(components);
        languages = Set.copyOf(languages);
        beans = Set.copyOf(beans);
        settings = Set.copyOf(settings);
    }

    public static Allowance standard() {
        return new Allowance(words(COMPONENTS), words(LANGUAGES), words(BEANS), Set.of(), Path.of("data"));
    }

    private static Set<String> words(String list) {
        return new TreeSet<>(List.of(list.split(",")));
    }

    /** Whether everything is allowed that can be looked up by name, classes included. */
    boolean allowsAnyBean() {
        return beans.contains(ALL);
    }

    boolean allowsAnyComponent() {
        return components.contains(ALL);
    }

    /** Whether a folder, as a route writes it, lies within {@link #folder}. */
    boolean allowsFolder(String written) {
        if (allowsAnyComponent()) return true;
        if (written.contains("$") || written.contains("{{") || written.isEmpty()) return false;
        Path inside = folder.toAbsolutePath().normalize();
        return Path.of(written).toAbsolutePath().normalize().startsWith(inside);
    }

    /** @param scheme what stands before the colon */
    public boolean allowsComponent(String scheme) {
        return components.contains(ALL) || components.contains(scheme);
    }

    boolean allowsLanguage(String language) {
        return languages.contains(ALL) || languages.contains(language);
    }

    boolean allowsBean(String name) {
        return beans.contains(ALL) || beans.contains(name);
    }

    boolean allowsSetting(String key) {
        return settings.contains(ALL) || settings.contains(key);
    }
}
