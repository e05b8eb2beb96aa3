package io.firefly.voip.registrar;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.ConnectionCallback;
import org.springframework.jdbc.core.JdbcTemplate;

/** The bindings of our realm in the database. Throws {@link org.springframework.dao.DataAccessException}. */
final class BindingStore {
    private static final String UPDATE =
            "UPDATE binding SET contact_uri = ?, parameters = ?, call_id = ?, cseq = ?, expires_at = ?,"
                    + " flow_transport = ?, flow_address = ?, flow_port = ? WHERE id = ?";
    private static final String INSERT = "INSERT INTO binding (contact_uri, parameters, call_id, cseq, expires_at,"
            + " flow_transport, flow_address, flow_port, id, username, realm) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
    private static final String DELETE = "DELETE FROM binding WHERE id = ?";

    private final JdbcTemplate jdbc;
    private final String realm;

    BindingStore(JdbcTemplate jdbc, String realm) {
        this.jdbc = jdbc;
        this.realm = realm;
    }

    List<Binding> readAliveAt(Instant now) {
        return jdbc.query(
                "SELECT * FROM binding WHERE realm = ? AND expires_at > ?",
                (row, number) -> binding(row),
                realm,
                timestamp(now));
    }

    void deleteExpiredAt(Instant now) {
        jdbc.update("DELETE FROM binding WHERE realm = ? AND expires_at <= ?", realm, timestamp(now));
    }

    /** All or nothing. */
    void apply(List<Binding> removed, List<Binding> written) {
        jdbc.execute((ConnectionCallback<@Nullable Void>) connection -> {
            if (removed.isEmpty() && written.size() == 1) {
                write(connection, written.get(0));
            } else {
                inTransaction(connection, removed, written);
            }
            return null;
        });
    }

    private void inTransaction(Connection connection, List<Binding> removed, List<Binding> written)
            throws SQLException {
        connection.setAutoCommit(false);
        try {
            for (Binding binding : removed) delete(connection, binding);
            for (Binding binding : written) write(connection, binding);
            connection.commit();
        } catch (SQLException e) {
            connection.rollback();
            throw e;
        } finally {
            connection.setAutoCommit(true);
        }
    }

    private void write(Connection connection, Binding binding) throws SQLException {
        // Most REGISTERs refresh. MERGE would save a statement for the others, but H2 and PostgreSQL spell it
        // differently.
        if (execute(connection, UPDATE, binding) == 0) execute(connection, INSERT, binding);
    }

    private int execute(Connection connection, String sql, Binding binding) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setString(1, binding.contact());
            statement.setString(2, binding.parameters());
            statement.setString(3, binding.callId());
            statement.setLong(4, binding.cseq());
            statement.setObject(5, timestamp(binding.expiresAt()));
            statement.setString(6, binding.flow().transport());
            statement.setString(7, binding.flow().address());
            statement.setInt(8, binding.flow().port());
            statement.setString(9, binding.id());
            if (sql.equals(INSERT)) {
                statement.setString(10, binding.user());
                statement.setString(11, realm);
            }
            return statement.executeUpdate();
        }
    }

    private static void delete(Connection connection, Binding binding) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(DELETE)) {
            statement.setString(1, binding.id());
            statement.executeUpdate();
        }
    }

    private static Binding binding(ResultSet row) throws SQLException {
        return new Binding(
                row.getString("id"),
                row.getString("username"),
                row.getString("contact_uri"),
                row.getString("parameters"),
                row.getString("call_id"),
                row.getLong("cseq"),
                row.getObject("expires_at", OffsetDateTime.class).toInstant(),
                new Binding.Flow(
                        row.getString("flow_transport"), row.getString("flow_address"), row.getInt("flow_port")));
    }

    private static OffsetDateTime timestamp(Instant at) {
        return OffsetDateTime.ofInstant(at, ZoneOffset.UTC);
    }
}
