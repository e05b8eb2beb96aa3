package io.firefly.voip.tenant.sql;

import io.firefly.voip.tenant.DirectoryFormatException.Problem;
import io.firefly.voip.tenant.Problems;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.ConnectionCallback;
import org.springframework.jdbc.core.JdbcTemplate;

/** Reads all rows of the directory as of one moment. Throws {@link org.springframework.dao.DataAccessException}. */
final class SqlTables {
    private static final int MAX_ROWS = 1_000_000;
    private static final int FETCHED_AT_ONCE = 1_000;
    private static final int PATIENCE_SECONDS = 30;

    private final JdbcTemplate jdbc;

    SqlTables(JdbcTemplate jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * What was read.
     *
     * @param top has {@code default}, {@code tenants}, {@code trunks}, {@code agents}
     * @param problems what is wrong already
     */
    record Read(long version, RowFields top, Problems problems) {}

    /** Changes when a row has changed, if whoever changed it keeps the rule. */
    long version() {
        Long version = jdbc.queryForObject("SELECT COALESCE(MAX(version), 0) FROM directory_version", Long.class);
        return version == null ? 0 : version;
    }

    Read read() {
        Read read = jdbc.execute((ConnectionCallback<Read>) SqlTables::asOfOneMoment);
        if (read == null) throw new IllegalStateException("nothing was read");
        return read;
    }

    private static Read asOfOneMoment(Connection connection) throws SQLException {
        int isolation = connection.getTransactionIsolation();
        connection.setAutoCommit(false);
        try {
            connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
            return new Reading(connection).all();
        } finally {
            connection.rollback();
            connection.setTransactionIsolation(isolation);
            connection.setAutoCommit(true);
        }
    }

    private static final class Reading {
        private final Connection connection;
        private final Problems problems = new Problems();
        private final Map<String, RowFields> tenants = new LinkedHashMap<>();
        private final Map<String, RowFields> trunks = new LinkedHashMap<>();

        Reading(Connection connection) {
            this.connection = connection;
        }

        Read all() throws SQLException {
            long version = rows("directory_version", "version").stream()
                    .mapToLong(row -> Long.parseLong(text(row, "version")))
                    .max()
                    .orElse(0);
            List<RowFields> agents = new ArrayList<>();
            for (var row : rows("agent", "name")) agents.add(fields("agent", text(row, "name"), row));
            for (var row : rows("tenant", "id")) tenants.put(text(row, "id"), fields("tenant", text(row, "id"), row));
            for (var row : rows("trunk", "id")) trunks.put(text(row, "id"), fields("trunk", text(row, "id"), row));
            addNumbers();
            addHours();
            addTrunks();
            return new Read(version, top(agents), problems);
        }

        private RowFields top(List<RowFields> agents) {
            RowFields top = fields("tenant", "", Map.of());
            RowFields fallback = tenants.remove("default");
            if (fallback != null) top.put("default", checked(fallback));
            top.put("tenants", List.copyOf(tenants.values()));
            top.put("trunks", List.copyOf(trunks.values()));
            top.put("agents", agents);
            return top;
        }

        private static RowFields checked(RowFields fallback) {
            if (fallback.text("callflow") != null) {
                fallback.problem("callflow", "the default tenant's call flow is firefly.routing.default-route.");
            }
            for (String list : List.of("numbers", "diversions")) {
                fallback.texts(list)
                        .forEach(text -> text.problem("the default tenant has no numbers: it serves everybody else."));
            }
            return fallback;
        }

        private void addNumbers() throws SQLException {
            for (var row : rows("tenant_number", "tenant_id, pattern")) {
                String pattern = text(row, "pattern");
                RowFields tenant = tenants.get(text(row, "tenant_id"));
                if (tenant == null) continue;
                switch (text(row, "kind")) {
                    case "number" -> tenant.add("numbers", pattern, "tenant_number", "pattern");
                    case "diversion" -> tenant.add("diversions", pattern, "tenant_number", "pattern");
                    default ->
                        problems.add(new Problem(
                                "table tenant_number, row '" + text(row, "tenant_id") + " " + pattern
                                        + "', column kind",
                                0,
                                0,
                                "'kind' must be number or diversion, not '" + text(row, "kind") + "'.",
                                ""));
                }
            }
        }

        private void addHours() throws SQLException {
            for (var row : rows("tenant_hours", "tenant_id, weekday, hours")) {
                RowFields tenant = tenants.get(text(row, "tenant_id"));
                if (tenant == null) continue;
                tenant.below("hours", "tenant_hours")
                        .add(text(row, "weekday"), text(row, "hours"), "tenant_hours", "hours");
            }
        }

        private void addTrunks() throws SQLException {
            for (var row : rows("trunk_address", "trunk_id, address")) {
                RowFields trunk = trunks.get(text(row, "trunk_id"));
                if (trunk != null) trunk.add("addresses", text(row, "address"), "trunk_address", "address");
            }
            for (var row : rows("trunk_tenant", "trunk_id, tenant_id")) {
                RowFields trunk = trunks.get(text(row, "trunk_id"));
                if (trunk != null) trunk.add("tenants", text(row, "tenant_id"), "trunk_tenant", "tenant_id");
            }
        }

        private RowFields fields(String table, String key, Map<String, @Nullable Object> row) {
            return new RowFields(problems, table, key, row);
        }

        private List<Map<String, @Nullable Object>> rows(String table, String order) throws SQLException {
            List<Map<String, @Nullable Object>> rows = new ArrayList<>();
            try (Statement statement = connection.createStatement()) {
                statement.setMaxRows(MAX_ROWS + 1);
                statement.setFetchSize(FETCHED_AT_ONCE);
                statement.setQueryTimeout(PATIENCE_SECONDS);
                ResultSet found = statement.executeQuery("SELECT * FROM " + table + " ORDER BY " + order);
                while (found.next()) rows.add(row(found));
            }
            if (rows.size() > MAX_ROWS) {
                problems.add(new Problem("table " + table, 0, 0, "has more than " + MAX_ROWS + " rows.", ""));
            }
            return rows;
        }

        private static Map<String, @Nullable Object> row(ResultSet found) throws SQLException {
            Map<String, @Nullable Object> row = new HashMap<>();
            for (int i = 1; i <= found.getMetaData().getColumnCount(); i++) {
                row.put(found.getMetaData().getColumnLabel(i).toLowerCase(Locale.ROOT), found.getObject(i));
            }
            return row;
        }

        private static String text(Map<String, @Nullable Object> row, String column) {
            Object value = row.get(column);
            return value == null ? "" : value.toString();
        }
    }
}
