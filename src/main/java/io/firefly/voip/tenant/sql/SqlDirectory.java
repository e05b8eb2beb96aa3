package io.firefly.voip.tenant.sql;

import io.firefly.voip.tenant.AgentBook;
import io.firefly.voip.tenant.DirectoryFormatException;
import io.firefly.voip.tenant.Problems;
import io.firefly.voip.tenant.TenantBook;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;

/** Keeps the books of agents and tenants as the database has them. */
final class SqlDirectory implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SqlDirectory.class);

    private final SqlTables tables;
    private final AgentBook agents;
    private final TenantBook tenants;
    private final Duration reread;
    private final Clock clock;
    private final Consumer<TenantBook.Page> news;
    private final LongAdder good = new LongAdder();
    private final LongAdder refused = new LongAdder();
    private final LongAdder unreachable = new LongAdder();

    private volatile Instant answeredAt;
    private volatile @Nullable ScheduledExecutorService thread;
    private long version = Long.MIN_VALUE;
    private Instant readAt = Instant.EPOCH;
    private Instant goodSince = Instant.EPOCH;
    private boolean wrong;
    private String lastTrouble = "";

    /**
     * @param books to be filled
     * @param reread how old rows may become when their version says that they have not changed
     * @param news hears of every new page
     */
    SqlDirectory(SqlTables tables, Books books, Duration reread, Clock clock, Consumer<TenantBook.Page> news) {
        this.tables = tables;
        this.agents = books.agents();
        this.tenants = books.tenants();
        this.reread = reread;
        this.clock = clock;
        this.news = news;
        this.answeredAt = clock.instant();
    }

    record Books(AgentBook agents, TenantBook tenants) {}

    /**
     * Reads once, then again and again.
     *
     * @throws DirectoryFormatException when the rows are wrong: nothing better was read before
     */
    void start(Duration interval) {
        read();
        ScheduledExecutorService started = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread named = new Thread(task, "directory-refresh");
            named.setDaemon(true);
            return named;
        });
        thread = started;
        var unused = started.scheduleWithFixedDelay(
                this::refresh, interval.toMillis(), interval.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** One look at the database. What is wrong is told once, and what was read before serves on. */
    synchronized void refresh() {
        try {
            boolean old = readAt.plus(reread).isBefore(clock.instant());
            if (old || tables.version() != version) read();
            answeredAt = clock.instant();
            if (!wrong) over();
        } catch (DirectoryFormatException e) {
            answeredAt = clock.instant();
            refused.increment();
            wrong = true;
            trouble(String.valueOf(e.getMessage()), "the directory was not applied");
        } catch (DataAccessException e) {
            unreachable.increment();
            trouble("the database does not answer: " + e.getMostSpecificCause(), "the directory cannot be read now");
        } catch (RuntimeException e) {
            // A task that throws is never run again; the next look may well succeed.
            refused.increment();
            LOG.error("reading the directory failed, everything serves as before", e);
        }
    }

    private void read() {
        SqlTables.Read read = tables.read();
        boolean changed = read.version() != version;
        version = read.version();
        readAt = clock.instant();
        Set<String> names = new LinkedHashSet<>();
        AgentBook.Page newAgents = agents(read, names);
        TenantBook.Page newTenants = tenants.read(read.top(), read.problems(), names);
        agents.commit(newAgents);
        tenants.commit(newTenants);
        good.increment();
        wrong = false;
        goodSince = clock.instant();
        if (!changed) return;
        LOG.info(
                "directory read from the database version={} tenants={} agents={}",
                version,
                newTenants.tenants().size(),
                newAgents.names().size());
        news.accept(newTenants);
    }

    /** Mistakes of agents are kept until those of the tenants are known, too. */
    private AgentBook.Page agents(SqlTables.Read read, Set<String> names) {
        List<RowFields> rows = read.top().entries("agents", Set.of());
        AgentBook.Page page = agents.page();
        try {
            page = rows.isEmpty() ? new AgentBook().page() : AgentBook.read(read.top(), new Problems());
        } catch (DirectoryFormatException e) {
            e.problems().forEach(read.problems()::add);
            rows.stream()
                    .map(row -> row.text("name"))
                    .filter(Objects::nonNull)
                    .forEach(name -> names.add(name.value()));
        }
        names.addAll(page.names());
        return page;
    }

    /** Told once as long as it stays the same. */
    private void trouble(String what, String consequence) {
        if (!what.equals(lastTrouble)) {
            LOG.warn("{}{}{}; what was read at {} serves on", what, System.lineSeparator(), consequence, goodSince);
        }
        lastTrouble = what;
    }

    private void over() {
        if (!lastTrouble.isEmpty()) LOG.info("the directory is read from the database again");
        lastTrouble = "";
    }

    /** Seconds since the database answered last. */
    double silentSeconds() {
        return Duration.between(answeredAt, clock.instant()).toMillis() / 1000.0;
    }

    /** Pages that were read, rows that were refused, and looks at a database that did not answer. */
    List<Long> counts() {
        return List.of(good.sum(), refused.sum(), unreachable.sum());
    }

    @Override
    public void close() {
        ScheduledExecutorService running = thread;
        if (running != null) running.shutdownNow();
    }
}
