package io.firefly.voip.recording;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deletes recordings that have been kept long enough: all files of a call, or none. Never one that goes on, and nothing
 * in the folder that is not named like a recording. One thread, {@code recording-retention}.
 */
final class RetentionSweeper implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(RetentionSweeper.class);
    /** {@code <prefix>20260304-050607-<call>-stereo.wav} */
    private static final Pattern NAME =
            Pattern.compile("(.*?(\\d{8}-\\d{6})-[A-Za-z0-9]+)(?:-stereo|-mono)?\\.(?:wav|raw|txt|json|json\\.part)");

    private static final DateTimeFormatter NAME_TIME = DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss");
    private static final long MAX_METADATA_BYTES = 1_000_000;

    private final Path directory;
    private final Retention retention;
    private final Predicate<String> goesOn;
    private final Clock clock;
    private final ObjectMapper json = new ObjectMapper();
    private final LongAdder deleted = new LongAdder();
    private volatile @Nullable ScheduledExecutorService thread;

    /** @param goesOn whether the recording whose files begin with that name is being written */
    RetentionSweeper(Path directory, Retention retention, Predicate<String> goesOn, Clock clock) {
        this.directory = directory;
        this.retention = retention;
        this.goesOn = goesOn;
        this.clock = clock;
    }

    void start(Duration interval) {
        ScheduledExecutorService started = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread named = new Thread(task, "recording-retention");
            named.setDaemon(true);
            return named;
        });
        thread = started;
        var unused = started.scheduleWithFixedDelay(this::look, 0, interval.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void look() {
        try {
            sweep();
        } catch (IOException | RuntimeException e) {
            log.error("old recordings cannot be deleted in {}, tried again later", directory, e);
        }
    }

    /** @return recordings that were deleted */
    int sweep() throws IOException {
        Duration shortest = retention.shortest();
        if (shortest == null || !Files.isDirectory(directory)) return 0;
        Map<String, List<Path>> old = startedBefore(clock.instant().minus(shortest));
        int gone = 0;
        for (Map.Entry<String, List<Path>> group : old.entrySet()) {
            if (!goesOn.test(group.getKey()) && isDue(group.getKey(), group.getValue())) {
                gone += delete(group.getKey(), group.getValue()) ? 1 : 0;
            }
        }
        deleted.add(gone);
        if (gone > 0) log.info("recordings deleted calls={} directory={}: kept long enough", gone, directory);
        return gone;
    }

    /** The files of each call, by the beginning of their names, which tells when it began. */
    private Map<String, List<Path>> startedBefore(Instant latest) throws IOException {
        Map<String, List<Path>> groups = new TreeMap<>();
        try (Stream<Path> files = Files.list(directory)) {
            files.filter(file -> Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS))
                    .forEach(file -> {
                        Matcher name = NAME.matcher(file.getFileName().toString());
                        if (name.matches() && startedBefore(latest, name.group(2))) {
                            groups.computeIfAbsent(name.group(1), any -> new ArrayList<>())
                                    .add(file);
                        }
                    });
        }
        return groups;
    }

    private static boolean startedBefore(Instant latest, String written) {
        try {
            return LocalDateTime.parse(written, NAME_TIME)
                    .toInstant(ZoneOffset.UTC)
                    .isBefore(latest);
        } catch (DateTimeException e) {
            return false;
        }
    }

    private boolean isDue(String name, List<Path> files) throws IOException {
        JsonNode ending = ending(name);
        Duration keep =
                retention.of(ending == null ? null : ending.path("tenant").textValue());
        if (keep == null) return false;
        Instant ended = ending == null ? null : time(ending.path("endedAt").asText());
        return (ended == null ? lastWrite(files) : ended).plus(keep).isBefore(clock.instant());
    }

    /** How the call ended; null when it goes on, when its end was not written, or when there is no metadata. */
    private @Nullable JsonNode ending(String name) {
        Path file = directory.resolve(name + ".json");
        try {
            if (!Files.isRegularFile(file) || Files.size(file) > MAX_METADATA_BYTES) return null;
            JsonNode ending = json.readTree(file.toFile()).path("ending");
            return ending.isObject() ? ending : null;
        } catch (IOException e) {
            log.debug("{} cannot be read: taken for a recording of nobody", file, e);
            return null;
        }
    }

    private static @Nullable Instant time(String written) {
        try {
            return Instant.parse(written);
        } catch (DateTimeException e) {
            return null;
        }
    }

    private static Instant lastWrite(List<Path> files) throws IOException {
        Instant last = Instant.EPOCH;
        for (Path file : files) {
            Instant at = Files.getLastModifiedTime(file).toInstant();
            if (at.isAfter(last)) last = at;
        }
        return last;
    }

    /** The metadata at last: a sweep that is cut off finds it again, and knows whose the rest is. */
    private boolean delete(String name, List<Path> files) {
        Path metadata = directory.resolve(name + ".json");
        try {
            for (Path file : files) {
                if (!file.equals(metadata)) Files.deleteIfExists(file);
            }
            Files.deleteIfExists(metadata);
            return true;
        } catch (IOException e) {
            log.warn("recording {} is old and cannot be deleted, tried again later: {}", name, e.toString());
            return false;
        }
    }

    long deleted() {
        return deleted.sum();
    }

    @Override
    public void close() {
        ScheduledExecutorService running = thread;
        if (running != null) running.shutdownNow();
    }
}
