package io.firefly.voip.camel.check;

import io.firefly.voip.camel.check.RouteFile.Target;
import io.firefly.voip.camel.check.RouteFile.Value;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Keeps route files to what the {@link Allowance} says: routes are for people who may not run programs here. */
final class SafetyRules {
    private static final String SETTING = "firefly.routes.allowed.";

    /** Words that are languages wherever they stand as a key, beside those that no route could do without. */
    private static final Set<String> LANGUAGES = Set.of(
            "csimple",
            "datasonnet",
            "groovy",
            "hl7terser",
            "java",
            "joor",
            "jq",
            "js",
            "jsonpath",
            "mvel",
            "ognl",
            "python",
            "spel",
            "wasm",
            "xpath",
            "xquery",
            "xtokenize");

    /** Keys whose text is words for people or for the caller, never a name that Camel looks up. */
    private static final Set<String> PROSE = Set.of("message", "description", "note", "constant", "id", "exception");

    private static final Pattern CLASS_NAME = Pattern.compile("(?:[a-z][a-z0-9_]*\\.)+[A-Z][A-Za-z0-9_$]*(?:\\[])?");
    private static final Pattern PLACEHOLDER = Pattern.compile("\\{\\{\\s*([^:}?]+(?::[A-Za-z0-9_.-]+)?)");
    private static final Pattern FOREIGN =
            Pattern.compile("^(env|sys|bean|service|docker|aws|gcp|azure|vault|hashicorp)[:.-].*");
    private static final Pattern SECRET =
            Pattern.compile("(?i).*(password|passwd|secret|token|api-?_?key|nonce-?key|private|credential).*");
    private static final Pattern SIMPLE_OF_SYSTEM =
            Pattern.compile("\\$(?:simple)?\\{\\s*(env|sysenv|sys|properties)[:.]([^}:]+)");
    private static final Pattern SIMPLE_TYPE = Pattern.compile("\\$(?:simple)?\\{\\s*(type:[^}]*|bean:type:[^}]*)");
    private static final Pattern SIMPLE_BEAN =
            Pattern.compile("\\$(?:simple)?\\{\\s*(?:bean|ref):(?!type:)([^}?.\\s]*)");
    private static final Pattern INNARDS = Pattern.compile("\\$(?:simple)?\\{[^}]*?\\b(camelContext|exchange[.:][^}]*"
            + "|(?<=[.?])(?:getClass|class|classLoader|getClassLoader|getContext|context|getCamelContext))\\b");
    private static final Pattern HASH = Pattern.compile("#(class:|type:|bean:|property:)?([A-Za-z][^#?]*)");

    private final Allowance allowed;
    private final RouteFile file;
    private final List<Refusal> refusals = new ArrayList<>();

    private SafetyRules(Allowance allowed, RouteFile file) {
        this.allowed = allowed;
        this.file = file;
    }

    static List<Refusal> check(Collection<RouteFile> files, Allowance allowed) {
        List<Refusal> all = new ArrayList<>();
        for (RouteFile file : files) {
            SafetyRules rules = new SafetyRules(allowed, file);
            file.targets().forEach(rules::checkTarget);
            file.values().forEach(rules::checkValue);
            all.addAll(rules.refusals);
        }
        return all;
    }

    private void checkTarget(Target target) {
        String scheme = target.scheme();
        if (scheme.isEmpty()) {
            if (!allowed.allowsAnyComponent())
                refuse(
                        target.line(),
                        target.column(),
                        "'" + target.base() + "' could become any scheme; write the"
                                + " scheme out, as in call:${...}");
            return;
        }
        if (!allowed.allowsComponent(scheme)) {
            String near = DidYouMean.among(scheme, allowed.components())
                    .filter(known -> Math.abs(known.length() - scheme.length()) < 2)
                    .map(known -> " Did you mean '" + known + ":'?")
                    .orElse("");
            if (isCamels(scheme) || near.isEmpty())
                refuse(
                        target.line(),
                        target.column(),
                        "'" + scheme + ":' is not allowed in routes; allowed are " + list(allowed.components())
                                + "; an administrator adds it to " + SETTING + "components");
            return;
        }
        String rest = target.base()
                .substring(Math.min(scheme.length() + 1, target.base().length()));
        String name = rest.replaceFirst("^//", "").replaceFirst("[?].*", "");
        if (scheme.equals("bean")) {
            String bean = name.isEmpty() ? target.options().getOrDefault("beanName", "") : name;
            checkBean(bean, target.line(), target.column());
        }
        if (scheme.equals("file")) checkFolder(target, name);
    }

    private void checkFolder(Target target, String name) {
        String folder = name.isEmpty() ? target.options().getOrDefault("directoryName", "") : name;
        if (allowed.allowsFolder(folder)) return;
        refuse(
                target.line(),
                target.column(),
                "'file:' may only use folders within '" + allowed.folder() + "' (firefly.data.directory), not '"
                        + folder + "'");
    }

    /** What a file cannot have meant by a slip of the fingers. */
    private static boolean isCamels(String scheme) {
        return SafetyRules.class.getClassLoader().getResource("META-INF/services/org/apache/camel/component/" + scheme)
                != null;
    }

    private void checkValue(Value value) {
        checkKeys(value);
        String text = value.text();
        if (!PROSE.contains(value.key()) && !value.path().contains("exception")) checkNames(value, text);
        if (value.key().equals("ref") || isBeanStep(value))
            checkBean(text.replaceFirst("^#(bean:)?", ""), value.line(), value.column());
        checkPlaceholders(value);
        checkSimple(value);
    }

    private static boolean isBeanStep(Value value) {
        return (value.key().equals("bean") || value.key().equals("process"))
                && !value.text().startsWith("#");
    }

    private void checkKeys(Value value) {
        List<String> path = value.path();
        if (path.contains("parameters")) return;
        for (String key : path) {
            if (key.equals("script")) {
                refuse(
                        value,
                        "'script' is not allowed in routes: a route names what happens, the code of it is a bean");
            } else if (LANGUAGES.contains(key)) {
                checkLanguage(value, key);
            }
        }
        boolean isMethod = value.parent().equals("method")
                || (value.key().equals("method") && !value.parent().equals("bean"));
        if (isMethod) checkLanguage(value, "method");
        if (value.key().equals("language")) checkLanguage(value, value.text());
    }

    private void checkLanguage(Value value, String language) {
        if (allowed.allowsLanguage(language)) return;
        refuse(
                value,
                "the language '" + language + "' is not allowed in routes; allowed are " + list(allowed.languages())
                        + "; an administrator adds it to " + SETTING + "languages");
    }

    private void checkNames(Value value, String text) {
        Matcher hash = HASH.matcher(text);
        if (CLASS_NAME.matcher(text.strip()).matches() && !allowed.allowsBean(text.strip())) {
            refuse(value, "'" + text + "' is a class name; routes name beans, exceptions only stand in policies");
        } else if (hash.matches()) {
            checkReference(value, hash.group(1) == null ? "bean:" : hash.group(1), hash.group(2));
        }
    }

    private void checkReference(Value value, String kind, String name) {
        if (allowed.allowsAnyBean()) return;
        switch (kind) {
            case "class:" -> refuse(value, "'#class:' makes an object of any class; name a bean, as in '#name'");
            case "type:" -> refuse(value, "'#type:' takes whatever bean has a class; name it, as in '#name'");
            case "property:" -> checkSetting(value, name);
            default -> checkBean(name, value.line(), value.column());
        }
    }

    private void checkBean(String name, int line, int column) {
        if (allowed.allowsBean(name)) return;
        if (name.contains("${") || name.contains("{{") || name.isEmpty()) {
            refuse(line, column, "which bean is meant must stand in the file, not come from the call");
        } else if (name.contains(".")) {
            refuse(line, column, "'" + name + "' is a class name; routes name beans");
        } else if (DidYouMean.among(name, allowed.beans()).isEmpty()) {
            refuse(
                    line,
                    column,
                    "the bean '" + name + "' is not meant for routes; allowed are " + list(allowed.beans())
                            + "; an administrator adds it to " + SETTING + "beans");
        }
    }

    private void checkPlaceholders(Value value) {
        Matcher placeholder = PLACEHOLDER.matcher(value.text());
        while (placeholder.find()) checkSetting(value, placeholder.group(1).strip());
    }

    private void checkSetting(Value value, String key) {
        String name = FOREIGN.matcher(key).matches() ? key : key.replaceFirst(":.*", "");
        if (allowed.allowsSetting(name)) return;
        if (FOREIGN.matcher(name).matches() || SECRET.matcher(name).matches()) {
            refuse(value, "routes may not read '" + name + "'; an administrator adds it to " + SETTING + "settings");
        }
    }

    private void checkSimple(Value value) {
        String text = value.text();
        Matcher system = SIMPLE_OF_SYSTEM.matcher(text);
        while (system.find()) {
            boolean isSetting = system.group(1).equals("properties");
            checkSetting(
                    value,
                    isSetting ? system.group(2) : system.group(1).replace("sysenv", "env") + ":" + system.group(2));
        }
        Matcher type = SIMPLE_TYPE.matcher(text);
        if (type.find() && !allowed.allowsAnyBean())
            refuse(value, "'${" + type.group(1) + "}' names a class; routes name beans");
        Matcher bean = SIMPLE_BEAN.matcher(text);
        while (bean.find()) checkBean(bean.group(1), value.line(), columnOf(value, bean.group(1)));
        Matcher innards = INNARDS.matcher(text);
        if (innards.find() && !allowed.allowsAnyBean())
            refuse(value, "'" + innards.group(1) + "' reaches into Camel itself, which routes may not");
    }

    private int columnOf(Value value, String word) {
        int at = word.isEmpty() ? -1 : file.source().line(value.line()).indexOf(word, value.column() - 1);
        return at < 0 ? value.column() : at + 1;
    }

    private static String list(Set<String> words) {
        return words.isEmpty() ? "none" : String.join(", ", new TreeSet<>(words));
    }

    private void refuse(Value value, String message) {
        refuse(value.line(), value.column(), message);
    }

    private void refuse(int line, int column, String message) {
        Refusal refusal = Refusal.at(file.source(), line, column, message);
        if (!refusals.contains(refusal)) refusals.add(refusal);
    }
}
