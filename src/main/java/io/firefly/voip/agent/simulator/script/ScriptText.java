package io.firefly.voip.agent.simulator.script;

import io.firefly.voip.agent.simulator.script.ScriptFormatException.Mistake;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
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

/** One YAML text and the mistakes found in it. Only nodes are made, never an object that a tag could name. */
final class ScriptText {
    private static final int MAX_CHARACTERS = 1 << 20;
    private static final int MAX_MISTAKES = 50;

    private final String file;
    private final String text;
    private final String[] lines;
    private final List<Mistake> mistakes = new ArrayList<>();

    ScriptText(String file, String text) {
        this.file = file;
        this.text = text;
        this.lines = text.length() > MAX_CHARACTERS ? new String[0] : text.split("\r\n|\r|\n", -1);
    }

    /** Null when there is no mapping, which is a mistake noted. */
    @Nullable
    ScriptFields top(Set<String> allowed) {
        if (text.length() > MAX_CHARACTERS) {
            mistake(1, 1, "the script has more than " + MAX_CHARACTERS + " characters.");
            return null;
        }
        try {
            Node node = new Yaml(new SafeConstructor(limits())).compose(new StringReader(text));
            if (node instanceof MappingNode mapping) return new ScriptFields(this, mapping, allowed);
            mistake(1, 1, "keys expected here, such as: " + String.join(", ", allowed) + ".");
        } catch (MarkedYAMLException e) {
            Mark mark = e.getProblemMark() != null ? e.getProblemMark() : e.getContextMark();
            int line = mark == null ? 1 : mark.getLine() + 1;
            mistake(line, mark == null ? 1 : mark.getColumn() + 1, "not YAML: " + e.getProblem() + ".");
        } catch (YAMLException e) {
            mistake(1, 1, "not YAML: " + e.getMessage());
        }
        return null;
    }

    void mistake(Node at, String sentence) {
        Mark mark = at.getStartMark();
        mistake(mark.getLine() + 1, mark.getColumn() + 1, sentence);
    }

    void throwIfWrong() throws ScriptFormatException {
        if (mistakes.isEmpty()) return;
        mistakes.sort(Comparator.comparingInt(Mistake::line).thenComparingInt(Mistake::column));
        throw new ScriptFormatException(mistakes);
    }

    private void mistake(int line, int column, String sentence) {
        if (mistakes.size() >= MAX_MISTAKES) return;
        mistakes.add(new Mistake(file, line, column, sentence, line <= lines.length ? lines[line - 1] : ""));
    }

    private static LoaderOptions limits() {
        LoaderOptions options = new LoaderOptions();
        options.setCodePointLimit(MAX_CHARACTERS);
        options.setMaxAliasesForCollections(50);
        options.setNestingDepthLimit(20);
        options.setAllowRecursiveKeys(false);
        return options;
    }
}
