package io.firefly.voip.tenant.sql;

import io.firefly.voip.tenant.usage.MinuteLedger;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.ConnectionCallback;
import org.springframework.jdbc.core.JdbcTemplate;

/** The minutes of the last 400 days in the database. Throws {@link org.springframework.dao.DataAccessException}. */
final class SqlMinuteLedger implements MinuteLedger {
    private static final String ADD =
            "UPDATE tenant_minutes SET talk_millis = talk_millis + ? WHERE tenant_id = ? AND used_on = ?";
    private static final String INSERT =
            "INSERT INTO tenant_minutes (talk_millis, tenant_id, used_on) VALUES (?, ?, ?)";

    private static final int DAYS_KEPT = 400;

    private final JdbcTemplate jdbc;
    private volatile LocalDate cleanedOn = LocalDate.MIN;

    SqlMinuteLedger(JdbcTemplate jdbc) {
        this.jdbc = jdbc;
    }

    @Override
    public void add(List<Entry> talked) {
        jdbc.execute((ConnectionCallback<@Nullable Void>) connection -> {
            connection.setAutoCommit(false);
            try {
                for (Entry entry : talked) add(connection, entry);
                connection.commit();
            } catch (SQLException e) {
                connection.rollback();
                throw e;
            } finally {
                connection.setAutoCommit(true);
            }
            return null;
        });
    }

    private static void add(Connection connection, Entry entry) throws SQLException {
        // Two nodes may insert the same row: the second fails, and adds to it at its next settlement.
        if (execute(connection, ADD, entry) == 0) execute(connection, INSERT, entry);
    }

    private static int execute(Connection connection, String sql, Entry entry) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setLong(1, entry.talkMillis());
            statement.setString(2, entry.tenant());
            statement.setObject(3, entry.day());
            return statement.executeUpdate();
        }
    }

    @Override
    public List<Entry> since(LocalDate day) {
        if (!day.equals(cleanedOn)) {
            jdbc.update("DELETE FROM tenant_minutes WHERE used_on < ?", day.minusDays(DAYS_KEPT));
            cleanedOn = day;
        }
        return jdbc.query(
                "SELECT tenant_id, used_on, talk_millis FROM tenant_minutes WHERE used_on >= ?",
                (row, number) -> new Entry(
                        row.getString("tenant_id"),
                        row.getObject("used_on", LocalDate.class),
                        row.getLong("talk_millis")),
                day);
    }
}
