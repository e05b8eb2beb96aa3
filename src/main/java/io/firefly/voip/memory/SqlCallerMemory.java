package io.firefly.voip.memory;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.springframework.jdbc.core.JdbcTemplate;

/** The table {@code caller_memory}. Throws {@link org.springframework.dao.DataAccessException}. */
final class SqlCallerMemory implements CallerMemory {
    private static final Duration BETWEEN_SWEEPS = Duration.ofMinutes(1);
    private static final String NEWLINE = "\n";

    private final JdbcTemplate jdbc;
    private final MemoryProperties settings;
    private final Clock clock;
    private volatile Instant sweptAt = Instant.MIN;

    SqlCallerMemory(JdbcTemplate jdbc, MemoryProperties settings, Clock clock) {
        this.jdbc = jdbc;
        this.settings = settings;
        this.clock = clock;
    }

    @Override
    public Optional<Remembered> recall(Caller caller) {
        return jdbc
                .query(
                        "SELECT said, kept_at FROM caller_memory WHERE tenant_id = ? AND caller = ? AND kept_at > ?",
                        (row, number) -> new Remembered(
                                row.getString("said").lines().toList(),
                                row.getObject("kept_at", OffsetDateTime.class).toInstant()),
                        caller.tenant(),
                        caller.number(),
                        timestamp(clock.instant().minus(settings.keep())))
                .stream()
                .findFirst();
    }

    @Override
    public void keep(Caller caller, List<String> lines) {
        if (lines.isEmpty()) return;
        List<String> all = new ArrayList<>(recall(caller).map(Remembered::lines).orElse(List.of()));
        lines.forEach(line -> all.add(line.replaceAll("\\R", " ")));
        write(caller, String.join(NEWLINE, newest(all)));
        sweep();
    }

    /** Of a line that is too long by itself, its end. */
    private List<String> newest(List<String> all) {
        List<String> kept = all.subList(Math.max(0, all.size() - settings.lines()), all.size());
        while (kept.size() > 1 && length(kept) > settings.characters()) kept = kept.subList(1, kept.size());
        String last = kept.get(kept.size() - 1);
        if (kept.size() > 1 || last.length() <= settings.characters()) return kept;
        return List.of(last.substring(last.length() - settings.characters()));
    }

    private static int length(List<String> lines) {
        return lines.stream().mapToInt(line -> line.length() + 1).sum();
    }

    private void write(Caller caller, String said) {
        OffsetDateTime now = timestamp(clock.instant());
        int changed = jdbc.update(
                "UPDATE caller_memory SET said = ?, kept_at = ? WHERE tenant_id = ? AND caller = ?",
                said,
                now,
                caller.tenant(),
                caller.number());
        if (changed > 0) return;
        jdbc.update(
                "INSERT INTO caller_memory (said, kept_at, tenant_id, caller) VALUES (?, ?, ?, ?)",
                said,
                now,
                caller.tenant(),
                caller.number());
    }

    @Override
    public boolean forget(Caller caller) {
        int gone = jdbc.update(
                "DELETE FROM caller_memory WHERE tenant_id = ? AND caller = ?", caller.tenant(), caller.number());
        return gone > 0;
    }

    /** What is too old, and who called longest ago when there are too many. */
    void sweep() {
        Instant now = clock.instant();
        if (sweptAt.isAfter(now.minus(BETWEEN_SWEEPS))) return;
        sweptAt = now;
        jdbc.update("DELETE FROM caller_memory WHERE kept_at <= ?", timestamp(now.minus(settings.keep())));
        jdbc.query(
                        "SELECT kept_at FROM caller_memory ORDER BY kept_at DESC OFFSET ? ROWS FETCH NEXT 1 ROWS ONLY",
                        (row, number) -> row.getObject("kept_at", OffsetDateTime.class),
                        settings.callers())
                .forEach(oldest -> jdbc.update("DELETE FROM caller_memory WHERE kept_at <= ?", oldest));
    }

    private static OffsetDateTime timestamp(Instant at) {
        return at.atOffset(ZoneOffset.UTC);
    }
}
