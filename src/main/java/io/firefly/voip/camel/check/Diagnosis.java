package io.firefly.voip.camel.check;

import io.firefly.voip.camel.check.Refusal.SourceText;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
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

    private final Set<String> knownSchemes;

    Diagnosis(Set<String> knownSchemes) {
        this.knownSchemes = new TreeSet<>(knownSchemes);
    }

    Refusal of(SourceText file, Exception failure) {
        return cause(failure, MarkedYamlEngineException.class)
                .map(e -> badYaml(file, e))
                .or(() -> cause(failure, ResolveEndpointFailedException.class).map(e -> badEndpoint(file, e)))
                .or(() ->
                        cause(failure, NoSuchEndpointException.class).map(e -> unknownScheme(file, plain(e.getUri()))))
                .or(() -> cause(failure, NoSuchBeanException.class).map(e -> missingBean(file, e)))
                .or(() -> cause(failure, ExpressionIllegalSyntaxException.class).map(e -> badExpression(file, e)))
                .orElseGet(() -> anythingElse(file, failure));
    }

    private static Refusal badYaml(SourceText file, MarkedYamlEngineException e) {
        Optional<Mark> mark = e.getProblemMark().or(e::getContextMark);
        String problem = e.getProblem() == null ? String.valueOf(e.getMessage()) : e.getProblem();
        Matcher last = LAST_WORD.matcher(problem);
        String word = last.find() ? last.group(1) : "";
        int line = mark.map(m -> m.getLine() + 1).orElse(0);
        // Camel marks the whole step or its value; the word itself may stand some lines away.
        int named = word.isEmpty() ? 0 : Math.max(file.lineOf(word + ":", line), file.lineOf(word + ":", 1));
        String guess = DidYouMean.among(word, STEP_WORDS)
                .filter(known -> !word.isEmpty())
                .map(known -> "; did you mean '" + known + "'?")
                .orElse("");
        return at(file, named > 0 ? named : line, word, lowerFirst(problem) + guess);
    }

    private Refusal badEndpoint(SourceText file, ResolveEndpointFailedException e) {
        String uri = plain(e.getUri());
        String scheme = scheme(uri);
        int line = lineOfUri(file, uri);
        Optional<NoSuchBeanException> bean = cause(e, NoSuchBeanException.class);
        if (bean.isPresent()) return missingBean(file, bean.get());
        String message = rootMessage(e);
        Matcher property = MISSING_PROPERTY.matcher(message);
        if (property.find()) return missingSetting(file, property.group(1));
        Matcher option = UNKNOWN_OPTION.matcher(message);
        if (option.find()) {
            String name = option.group(1);
            return at(file, nearest(file, name, line), name, "'" + scheme + ":' has no option '" + name + "'");
        }
        return quoted(file, line, message);
    }

    private Refusal unknownScheme(SourceText file, String uri) {
        String scheme = scheme(uri);
        return at(
                file,
                lineOfUri(file, uri),
                scheme,
                "unknown scheme '" + scheme + ":'; known are " + DidYouMean.choice(scheme, knownSchemes));
    }

    private static String scheme(String uri) {
        return uri.contains(":") ? uri.substring(0, uri.indexOf(':')) : uri;
    }

    private static Refusal missingSetting(SourceText file, String key) {
        return at(file, file.lineOf(key, 1), key, "there is no setting '" + key + "'");
    }

    private static Refusal missingBean(SourceText file, NoSuchBeanException e) {
        String name = e.getName();
        return at(file, file.lineOf(name, 1), name, "there is no bean '" + name + "'");
    }

    private static Refusal badExpression(SourceText file, ExpressionIllegalSyntaxException e) {
        String expression = e.getExpression() == null ? "" : e.getExpression();
        String first = expression.lines().findFirst().orElse("");
        int line = first.isEmpty() ? 0 : file.lineOf(first, 1);
        String reason = rootMessage(e).lines().findFirst().orElse("");
        return at(file, line, first, "this expression cannot be read: " + reason);
    }

    private static Refusal anythingElse(SourceText file, Exception failure) {
        String message = rootMessage(failure);
        Matcher property = MISSING_PROPERTY.matcher(message);
        if (property.find()) return missingSetting(file, property.group(1));
        return quoted(file, 0, message);
    }

    /** Our own messages put the offending word into quotes: that word is the place. */
    private static Refusal quoted(SourceText file, int uriLine, String message) {
        Matcher word = QUOTED.matcher(message);
        String name = word.find() ? word.group(1) : "";
        return at(file, name.isEmpty() ? uriLine : nearest(file, name, uriLine), name, message);
    }

    private static int nearest(SourceText file, String word, int uriLine) {
        int line = file.lineOf(word, Math.max(uriLine, 1));
        return line > 0 ? line : uriLine;
    }

    private static Refusal at(SourceText file, int line, String word, String message) {
        int column = word.isEmpty() ? 0 : file.line(line).indexOf(word) + 1;
        return Refusal.at(file, line, column, message.strip());
    }

    private static int lineOfUri(SourceText file, String uri) {
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
