package io.firefly.voip.tenant.sql;

import io.firefly.voip.tenant.DirectoryFormatException.Problem;
import io.firefly.voip.tenant.Fields;
import io.firefly.voip.tenant.Problems;
import io.firefly.voip.tenant.Spelling;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A row, and the rows of other tables that belong to it, as the fields of {@code tenants.yaml}. One thread. */
final class RowFields implements Fields {
    private final Problems problems;
    private final String table;
    private final String key;
    private final String prefix;
    private final Map<String, @Nullable Object> columns;
    private final Map<String, List<Text>> lists = new HashMap<>();
    private final Map<String, RowFields> below = new HashMap<>();
    private final Map<String, List<RowFields>> entries = new HashMap<>();

    RowFields(Problems problems, String table, String key, Map<String, @Nullable Object> columns) {
        this(problems, table, key, columns, "");
    }

    private RowFields(
            Problems problems, String table, String key, Map<String, @Nullable Object> columns, String prefix) {
        this.problems = problems;
        this.table = table;
        this.key = key;
        this.columns = columns;
        this.prefix = prefix;
    }

    /** One more text of a list, from another table. */
    void add(String name, String text, String otherTable, String column) {
        String place = place(otherTable, key + " " + text, column);
        lists.computeIfAbsent(name, any -> new ArrayList<>())
                .add(new Text(text.strip(), sentence -> note(place, sentence)));
    }

    /** The fields below a field, made when they are not there yet. */
    RowFields below(String name, String otherTable) {
        return below.computeIfAbsent(name, any -> new RowFields(problems, otherTable, key, Map.of()));
    }

    void put(String name, RowFields fields) {
        below.put(name, fields);
    }

    void put(String name, List<RowFields> rows) {
        entries.put(name, rows);
    }

    @Override
    public void problem(String name, String sentence) {
        note(place(table, key, column(name)), sentence);
    }

    private static String place(String table, String row, String column) {
        return "table " + table + (row.isEmpty() ? "" : ", row '" + row + "', column " + column);
    }

    private void note(String place, String sentence) {
        problems.add(new Problem(place, 0, 0, sentence, ""));
    }

    private String column(String name) {
        return prefix + name.replace('-', '_');
    }

    @Override
    public @Nullable Text text(String name) {
        Object value = columns.get(column(name));
        String text = value == null ? "" : value.toString().strip();
        return text.isEmpty() ? null : new Text(text, sentence -> problem(name, sentence));
    }

    @Override
    public boolean isAbsent(String name) {
        return columns.get(column(name)) == null
                && !lists.containsKey(name)
                && !below.containsKey(name)
                && !entries.containsKey(name);
    }

    @Override
    public List<Text> texts(String name) {
        Object value = columns.get(column(name));
        if (value == null) return lists.getOrDefault(name, List.of());
        return Arrays.stream(value.toString().split(","))
                .map(String::strip)
                .filter(text -> !text.isEmpty())
                .map(text -> new Text(text, sentence -> problem(name, sentence)))
                .toList();
    }

    @Override
    public List<Text> textOrTexts(String name) {
        return texts(name);
    }

    @Override
    public @Nullable Fields fields(String name, Set<String> allowed) {
        RowFields fields = below.get(name);
        if (fields == null) return name.equals("limits") ? this : inRow(name);
        for (Map.Entry<String, List<Text>> list : fields.lists.entrySet()) {
            if (allowed.contains(list.getKey())) continue;
            fields.problem(
                    "weekday",
                    "unknown weekday '" + list.getKey() + "'" + Spelling.hint(list.getKey(), allowed)
                            + " Allowed here: " + String.join(", ", allowed));
        }
        return fields;
    }

    /** What stands below a field, in columns of the row itself that begin with its name: turn_detection_silence. */
    private @Nullable RowFields inRow(String name) {
        String beginning = column(name) + "_";
        boolean any = columns.entrySet().stream()
                .anyMatch(column -> column.getKey().startsWith(beginning) && column.getValue() != null);
        return any ? new RowFields(problems, table, key, columns, beginning) : null;
    }

    @Override
    public List<RowFields> entries(String name, Set<String> allowed) {
        return entries.getOrDefault(name, List.of());
    }
}
