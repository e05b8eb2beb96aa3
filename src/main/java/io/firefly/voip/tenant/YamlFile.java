package io.firefly.voip.tenant;

import io.firefly.voip.tenant.DirectoryFormatException.Problem;
import java.io.StringReader;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;

/**
 * One YAML text and the mistakes found in it.
 *
 * <p>Only the tree of nodes is made, never a Java object: no tag can name a class, a number keeps its plus sign, and every
 * node knows its line. Bounds: 1 MiB, 50 aliases, 20 levels.
 */
public final class YamlFile {
    private static final int MAX_CHARACTERS = 1024 * 1024;

    private final String name;
    private final String text;
    private final String[] lines;
    private final Problems problems = new Problems();

    /** @param name for the messages */
    public YamlFile(String name, String text) {
        this.name = name;
        this.text = text;
        this.lines = text.length() > MAX_CHARACTERS ? new String[0] : text.split("\r\n|\r|\n", -1);
    }

    public Problems problems() {
        return problems;
    }

    /** The mapping of the top level; null when there is none, which is a problem noted. */
    public @Nullable Fields top(Set<String> allowed) {
        if (text.length() > MAX_CHARACTERS) {
            problem(1, 1, "the file has more than " + MAX_CHARACTERS + " characters.");
            return null;
        }
        try {
            Node node = new Yaml(new SafeConstructor(limits())).compose(new StringReader(text));
            if (node instanceof MappingNode mapping) return new YamlFields(this, mapping, allowed);
            problem(1, 1, node == null ? "the file is empty." : "fields expected here: " + String.join(", ", allowed));
        } catch (MarkedYAMLException e) {
            Mark mark = e.getProblemMark() != null ? e.getProblemMark() : e.getContextMark();
            String sentence = "not YAML: " + e.getProblem();
            problem(mark == null ? 1 : mark.getLine() + 1, mark == null ? 1 : mark.getColumn() + 1, sentence);
        } catch (YAMLException e) {
            problem(1, 1, "not YAML: " + e.getMessage());
        }
        return null;
    }

    private static LoaderOptions limits() {
        LoaderOptions options = new LoaderOptions();
        options.setCodePointLimit(MAX_CHARACTERS);
        options.setMaxAliasesForCollections(50);
        options.setNestingDepthLimit(20);
        options.setAllowRecursiveKeys(false);
        return options;
    }

    void problem(Node at, String sentence) {
        Mark mark = at.getStartMark();
        problem(mark.getLine() + 1, mark.getColumn() + 1, sentence);
    }

    private void problem(int line, int column, String sentence) {
        problems.add(new Problem(name, line, column, sentence, line <= lines.length ? lines[line - 1] : ""));
    }
}
