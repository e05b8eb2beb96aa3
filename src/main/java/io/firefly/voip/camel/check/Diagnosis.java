package io.firefly.voip.camel.check;

import io.firefly.voip.camel.check.Refusal.SourceText;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.camel.ExpressionIllegalSyntaxException;
import org.apache.camel.NoSuchBeanException;
import org.apache.camel.NoSuchEndpointException;
import org.apache.camel.ResolveEndpointFailedException;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;

/** Turns what Camel throws while it builds a route into a place in the file and words for who wrote it. */
final class Diagnosis {
    private static final Pattern QUOTED = Pattern.compile("'([^']+)'");
    private static final Pattern UNKNOWN_OPTION = Pattern.compile("Unknown parameters=\\[\\{([^=}]+)=");
    private static final Pattern MISSING_PROPERTY = Pattern.compile("Property with key \\[([^\\]]+)\\] not found");
    private static final Pattern LAST_WORD = Pattern.compile(":\\s*([A-Za-z][A-Za-z0-9-]*)\\s*$");

    /** What stands in our route files: enough to guess a slip of the fingers. */
    private static final Set<String> STEP_WORDS = Set.of(
            "id",
            "description",
            "note",
            "from",
            "uri",
            "parameters",
            "steps",
            "to",
            "toD",
            "choice",
            "when",
            "otherwise",
            "filter",
            "setVariable",
            "setBody",
            "setHeader",
            "removeHeaders",
            "log",
            "message",
            "name",
            "simple",
            "constant",
            "bean",
            "stop",
            "delay",
            "doTry",
            "doCatch",
            "doFinally",
            "wireTap",
            "split",
            "loop",
            "expression",
            "onException",
            "handled",
            "continued",
            "exception",
            "errorHandler",
            "precondition",
            "routeConfigurationId",
            "redeliveryPolicy",
            "maximumRedeliveries",
            "redeliveryDelay",
            "convertBodyTo");

    /**
     * What may be said instead.
     *
     * @param options by scheme; none when they are not known
     */
    record Vocabulary(Set<String> schemes, Set<String> beans, Function<String, Set<String>> options) {
        static final Vocabulary NONE = new Vocabulary(Set.of(), Set.of(), scheme -> Set.of());
    }

    private final Vocabulary vocabulary;
    private final SourceText file;
    private final int near;

    /** @param near the line in which the step stands that failed; 0 when only the file is known */
    Diagnosis(Vocabulary vocabulary, SourceText file, int near) {
        this.vocabulary = vocabulary;
        this.file = file;
        this.near = near;
    }

    /** Whether it is the form of the YAML that is wrong, and no endpoint, bean or expression in it. */
    static boolean isAboutForm(Exception failure) {
        return cause(failure, MarkedYamlEngineException.class).isPresent();
    }

    Refusal of(Exception failure) {
        return cause(failure, MarkedYamlEngineException.class)
                .map(e -> badYaml(e))
                .or(() -> cause(failure, ResolveEndpointFailedException.class).map(e -> badEndpoint(e)))
                .or(() -> cause(failure, NoSuchEndpointException.class).map(e -> unknownScheme(plain(e.getUri()))))
                .or(() -> cause(failure, NoSuchBeanException.class).map(e -> missingBean(e)))
                .or(() -> cause(failure, ExpressionIllegalSyntaxException.class).map(e -> badExpression(e)))
                .orElseGet(() -> anythingElse(failure));
    }

    private Refusal badYaml(MarkedYamlEngineException e) {
        Optional<Mark> mark = e.getProblemMark().or(e::getContextMark);
        String problem = e.getProblem() == null ? String.valueOf(e.getMessage()) : e.getProblem();
        Matcher last = LAST_WORD.matcher(problem);
        String word = last.find() ? last.group(1) : "";
        int line = mark.map(m -> m.getLine() + 1).orElse(0);
        // Camel marks the whole step or its value; the word itself may stand some lines away.
        int named = word.isEmpty() ? 0 : lineOfKey(word, line);
        return at(named > 0 ? named : line, word, lowerFirst(problem) + remedy(word, named));
    }

    private int lineOfKey(String word, int from) {
        int after = file.lineOf(word + ":", from);
        return after > 0 ? after : file.lineOf(word + ":", 1);
    }

    private String remedy(String word, int line) {
        if (word.isEmpty()) return "";
        if (STEP_WORDS.contains(word)) return "; '" + word + "' stands on the wrong level: look at its indentation";
        Optional<String> guess =
                DidYouMean.among(word, STEP_WORDS).filter(known -> Math.abs(known.length() - word.length()) < 2);
        if (guess.isPresent()) return "; did you mean '" + guess.get() + "'?";
        return standsBeside("uri:", line) ? "; options of an endpoint stand under 'parameters:'" : "";
    }

    /** Whether a neighbour on the same level begins with {@code key}. */
    private boolean standsBeside(String key, int line) {
        int indent = indent(file.line(line));
        for (int step : new int[] {-1, 1}) {
            for (int at = line + step; indent(file.line(at)) >= indent; at += step) {
                String text = file.line(at);
                if (indent(text) == indent
                        && text.strip().replaceFirst("^- ", "").startsWith(key)) return true;
            }
        }
        return false;
    }

    /** Where the key of a line begins; -1 for an empty line. */
    private static int indent(String line) {
        int at = 0;
        while (at < line.length() && (line.charAt(at) == ' ' || line.charAt(at) == '-')) at++;
        return at == line.length() ? -1 : at;
    }

    private Refusal badEndpoint(ResolveEndpointFailedException e) {
        String uri = plain(e.getUri());
        String scheme = scheme(uri);
        int line = lineOfUri(uri);
        Optional<NoSuchBeanException> bean = cause(e, NoSuchBeanException.class);
        if (bean.isPresent()) return missingBean(bean.get());
        String message = rootMessage(e);
        Matcher property = MISSING_PROPERTY.matcher(message);
        if (property.find()) return missingSetting(property.group(1));
        Matcher option = UNKNOWN_OPTION.matcher(message);
        if (option.find()) {
            String name = option.group(1);
            Set<String> known = vocabulary.options().apply(scheme);
            String allowed = known.isEmpty() ? "" : "; allowed are " + DidYouMean.choice(name, known);
            return at(nearest(name, line), name, "'" + scheme + ":' has no option '" + name + "'" + allowed);
        }
        return quoted(line, message);
    }

    private Refusal unknownScheme(String uri) {
        String scheme = scheme(uri);
        return at(
                lineOfUri(uri),
                scheme,
                "unknown scheme '" + scheme + ":'; known are " + DidYouMean.choice(scheme, vocabulary.schemes()));
    }

    private static String scheme(String uri) {
        return uri.contains(":") ? uri.substring(0, uri.indexOf(':')) : uri;
    }

    private Refusal missingSetting(String key) {
        return at(lineOf(key), key, "there is no setting '" + key + "'");
    }

    private Refusal missingBean(NoSuchBeanException e) {
        String name = e.getName();
        Set<String> beans = vocabulary.beans();
        String known = beans.isEmpty() ? "" : "; there are " + DidYouMean.choice(name, beans);
        return at(lineOf(name), name, "there is no bean '" + name + "'" + known);
    }

    private Refusal badExpression(ExpressionIllegalSyntaxException e) {
        String expression = e.getExpression() == null ? "" : e.getExpression();
        String first = expression.lines().findFirst().orElse("");
        int line = first.isEmpty() ? 0 : lineOf(first);
        String reason = rootMessage(e).lines().findFirst().orElse("");
        return at(line, first, "this expression cannot be read: " + reason);
    }

    private Refusal anythingElse(Exception failure) {
        String message = rootMessage(failure);
        Matcher property = MISSING_PROPERTY.matcher(message);
        if (property.find()) return missingSetting(property.group(1));
        return quoted(0, message);
    }

    /** Our own messages put the offending word into quotes: that word is the place. */
    private Refusal quoted(int uriLine, String message) {
        Matcher word = QUOTED.matcher(message);
        String name = word.find() ? word.group(1) : "";
        return at(name.isEmpty() ? uriLine : nearest(name, uriLine), name, message);
    }

    private int nearest(String word, int uriLine) {
        int line = file.lineOf(word, Math.max(uriLine, 1));
        return line > 0 ? line : uriLine;
    }

    private Refusal at(int line, String word, String message) {
        int column = word.isEmpty() ? 0 : file.line(line).indexOf(word) + 1;
        return Refusal.at(file, line, column, message.strip());
    }

    /** From where the step stands on; else anywhere. */
    private int lineOf(String word) {
        int line = file.lineOf(word, Math.max(near, 1));
        return line > 0 ? line : file.lineOf(word, 1);
    }

    private int lineOfUri(String uri) {
        if (near > 0) return near;
        int line = file.lineOf(uri, 1);
        if (line == 0 && uri.contains("?")) line = file.lineOf(uri.substring(0, uri.indexOf('?')), 1);
        return line;
    }

    /** Camel writes {@code call://end}; people write {@code call:end}. */
    private static String plain(String uri) {
        return uri.replaceFirst("^([a-zA-Z0-9+.-]+)://", "$1:");
    }

    private static String rootMessage(Exception failure) {
        Throwable root = failure;
        while (root.getCause() != null && root.getCause() != root) root = root.getCause();
        return root.getMessage() == null ? root.toString() : root.getMessage();
    }

    private static String lowerFirst(String text) {
        return text.isEmpty() ? text : Character.toLowerCase(text.charAt(0)) + text.substring(1);
    }

    private static <T extends Exception> Optional<T> cause(Throwable failure, Class<T> type) {
        for (Throwable each = failure; each != null; each = each.getCause()) {
            if (type.isInstance(each)) return Optional.of(type.cast(each));
        }
        return Optional.empty();
    }
}
