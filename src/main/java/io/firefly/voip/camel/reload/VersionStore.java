package io.firefly.voip.camel.reload;

import io.firefly.voip.camel.reload.RouteVersions.KeptVersion;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the sets that served, each in a folder of its own: {@code 20261121T101500.123Z-1a2b3c4d5e6f/}. A folder is written
 * under a name that begins with a dot, forced to the disk and then renamed, so that whatever happens in between leaves no
 * half version; such remains are removed at the next start. Reload thread and API threads, one at a time.
 */
final class VersionStore {
    private static final Logger LOG = LoggerFactory.getLogger(VersionStore.class);
    private static final int KEPT = 10;
    private static final String UNFINISHED = ".tmp-";
    private static final String WHO = ".who";
    private static final Pattern NAME = Pattern.compile("(\\d{8}T\\d{6}\\.\\d{3}Z)-([0-9a-f]{12})");
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss.SSSX").withZone(ZoneOffset.UTC);

    private final Path directory;

    VersionStore(Path directory) {
        this.directory = directory;
        try (Stream<Path> left = Files.isDirectory(directory) ? Files.list(directory) : Stream.empty()) {
            for (Path each : left.toList()) {
                if (each.getFileName().toString().startsWith(UNFINISHED)) delete(each);
            }
        } catch (IOException e) {
            LOG.warn("remains in {} are not removed: {}", directory, e.toString());
        }
    }

    /** Hash of all names and texts. */
    static String idOf(Map<String, String> texts) {
        try {
            MessageDigest hash = MessageDigest.getInstance("SHA-256");
            new TreeMap<>(texts).forEach((name, text) -> {
                byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
                hash.update((name + "\n" + bytes.length + "\n").getBytes(StandardCharsets.UTF_8));
                hash.update(bytes);
            });
            return HexFormat.of().formatHex(hash.digest()).substring(0, 12);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    /** Makes this set the newest; the oldest beyond ten goes. What cannot be written is told and costs only the way back. */
    void keep(Map<String, String> texts, String who, Instant at) {
        String id = idOf(texts);
        try {
            Files.createDirectories(directory);
            Path target = directory.resolve(TIME.format(at) + "-" + id);
            Optional<Path> same = folders().stream()
                    .filter(folder -> folder.getFileName().toString().endsWith("-" + id))
                    .findFirst();
            if (same.isPresent()) {
                if (!same.get().equals(target)) Files.move(same.get(), target, StandardCopyOption.ATOMIC_MOVE);
            } else {
                write(target, texts, who);
            }
            List<Path> all = folders();
            for (Path old : all.subList(Math.min(KEPT, all.size()), all.size())) remove(old);
        } catch (IOException e) {
            LOG.warn("version {} of the routes is not kept in {}: {}", id, directory, e.toString());
        }
    }

    private void write(Path target, Map<String, String> texts, String who) throws IOException {
        Path unfinished = Files.createTempDirectory(directory, UNFINISHED);
        for (var entry : texts.entrySet()) force(unfinished.resolve(entry.getKey()), entry.getValue());
        force(unfinished.resolve(WHO), who);
        Files.move(unfinished, target, StandardCopyOption.ATOMIC_MOVE);
    }

    private static void force(Path file, String text) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
            while (bytes.hasRemaining()) channel.write(bytes);
            channel.force(true);
        }
    }

    /** Renamed first: a version that is half deleted must not look like one. */
    private void remove(Path folder) throws IOException {
        Path gone = directory.resolve(UNFINISHED + folder.getFileName());
        Files.move(folder, gone, StandardCopyOption.ATOMIC_MOVE);
        delete(gone);
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path each : files.sorted(Comparator.reverseOrder()).toList()) Files.delete(each);
        }
    }

    /** The newest first. */
    List<KeptVersion> list() {
        List<KeptVersion> versions = new ArrayList<>();
        for (Path folder : folders()) {
            Matcher name = NAME.matcher(folder.getFileName().toString());
            if (!name.matches()) continue;
            try {
                Map<String, String> texts = read(folder);
                String who = Files.readString(folder.resolve(WHO));
                versions.add(new KeptVersion(
                        name.group(2), TIME.parse(name.group(1), Instant::from), who, List.copyOf(texts.keySet())));
            } catch (IOException e) {
                LOG.warn("version {} cannot be read: {}", folder, e.toString());
            }
        }
        return versions;
    }

    /** @return the texts by file name; empty when there is no such version, or it is no longer what it was */
    Optional<Map<String, String>> texts(String id) {
        for (Path folder : folders()) {
            if (!folder.getFileName().toString().endsWith("-" + id)) continue;
            try {
                Map<String, String> texts = read(folder);
                if (idOf(texts).equals(id)) return Optional.of(texts);
                LOG.warn("version {} was changed on the disk and is not used", folder);
            } catch (IOException e) {
                LOG.warn("version {} cannot be read: {}", folder, e.toString());
            }
        }
        return Optional.empty();
    }

    private static Map<String, String> read(Path folder) throws IOException {
        Map<String, String> texts = new TreeMap<>();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                String name = file.getFileName().toString();
                if (!name.startsWith(".")) texts.put(name, Files.readString(file));
            }
        }
        return texts;
    }

    /** By name, which begins with the time; the newest first. */
    private List<Path> folders() {
        if (!Files.isDirectory(directory)) return List.of();
        try (Stream<Path> all = Files.list(directory)) {
            return all.filter(folder ->
                            NAME.matcher(folder.getFileName().toString()).matches())
                    .sorted(Comparator.reverseOrder())
                    .toList();
        } catch (IOException e) {
            LOG.warn("the versions in {} cannot be read: {}", directory, e.toString());
            return List.of();
        }
    }
}
