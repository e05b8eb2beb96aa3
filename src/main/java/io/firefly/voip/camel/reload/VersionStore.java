package io.firefly.voip.camel.reload;

import io.firefly.voip.camel.reload.RouteVersions.KeptVersion;
import java.io.IOException;
import java.nio.channels.Channels;
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
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the sets that served, one archive each: {@code 20261121T101500.123Z-1a2b3c4d5e6f.zip}. An archive is written under a
 * name that begins with a dot, forced to the disk and then renamed, so that whatever happens in between leaves no half
 * version; such remains are removed at the next start. Reload thread and API threads, one at a time.
 */
final class VersionStore {
    private static final Logger LOG = LoggerFactory.getLogger(VersionStore.class);
    private static final int KEPT = 10;
    private static final String UNFINISHED = ".tmp-";
    private static final Pattern NAME = Pattern.compile("(\\d{8}T\\d{6}\\.\\d{3}Z)-([0-9a-f]{12})\\.zip");
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss.SSSX").withZone(ZoneOffset.UTC);

    private final Path directory;

    VersionStore(Path directory) {
        this.directory = directory;
        try (Stream<Path> left = Files.isDirectory(directory) ? Files.list(directory) : Stream.empty()) {
            for (Path each : left.toList()) {
                if (each.getFileName().toString().startsWith(UNFINISHED)) Files.delete(each);
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
            Path target = directory.resolve(TIME.format(at) + "-" + id + ".zip");
            Optional<Path> same = archive(id);
            if (same.isPresent()) Files.move(same.get(), target, StandardCopyOption.ATOMIC_MOVE);
            else write(target, texts, who);
            List<Path> all = archives();
            for (Path old : all.subList(Math.min(KEPT, all.size()), all.size())) Files.deleteIfExists(old);
        } catch (IOException e) {
            LOG.warn("version {} of the routes is not kept in {}: {}", id, directory, e.toString());
        }
    }

    private void write(Path target, Map<String, String> texts, String who) throws IOException {
        Path unfinished = directory.resolve(UNFINISHED + target.getFileName());
        try (FileChannel channel = FileChannel.open(
                        unfinished,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.TRUNCATE_EXISTING,
                        StandardOpenOption.WRITE);
                ZipOutputStream archive = new ZipOutputStream(Channels.newOutputStream(channel))) {
            archive.setComment(who);
            for (var entry : new TreeMap<>(texts).entrySet()) {
                archive.putNextEntry(new ZipEntry(entry.getKey()));
                archive.write(entry.getValue().getBytes(StandardCharsets.UTF_8));
                archive.closeEntry();
            }
            archive.finish();
            channel.force(true);
        }
        Files.move(unfinished, target, StandardCopyOption.ATOMIC_MOVE);
    }

    /** The newest first. */
    List<KeptVersion> list() {
        List<KeptVersion> versions = new ArrayList<>();
        for (Path file : archives()) {
            Matcher name = NAME.matcher(file.getFileName().toString());
            if (!name.matches()) continue;
            try (ZipFile archive = new ZipFile(file.toFile())) {
                String who = archive.getComment() == null ? "" : archive.getComment();
                List<String> files =
                        archive.stream().map(ZipEntry::getName).sorted().toList();
                versions.add(new KeptVersion(name.group(2), TIME.parse(name.group(1), Instant::from), who, files));
            } catch (IOException e) {
                LOG.warn("version {} cannot be read: {}", file, e.toString());
            }
        }
        return versions;
    }

    /** @return the texts by file name; empty when there is no such version, or it is no longer what it was */
    Optional<Map<String, String>> texts(String id) {
        Optional<Path> file = archive(id);
        if (file.isEmpty()) return Optional.empty();
        Map<String, String> texts = new TreeMap<>();
        try (ZipFile archive = new ZipFile(file.get().toFile())) {
            for (ZipEntry entry : archive.stream().toList()) {
                try (var in = archive.getInputStream(entry)) {
                    texts.put(entry.getName(), new String(in.readNBytes(2 * 1024 * 1024), StandardCharsets.UTF_8));
                }
            }
        } catch (IOException e) {
            LOG.warn("version {} cannot be read: {}", file.get(), e.toString());
            return Optional.empty();
        }
        if (idOf(texts).equals(id)) return Optional.of(texts);
        LOG.warn("version {} was changed on the disk and is not used", file.get());
        return Optional.empty();
    }

    private Optional<Path> archive(String id) {
        return archives().stream()
                .filter(file -> file.getFileName().toString().endsWith("-" + id + ".zip"))
                .findFirst();
    }

    /** By name, which begins with the time; the newest first. */
    private List<Path> archives() {
        if (!Files.isDirectory(directory)) return List.of();
        try (Stream<Path> all = Files.list(directory)) {
            return all.filter(
                            file -> NAME.matcher(file.getFileName().toString()).matches())
                    .sorted(Comparator.reverseOrder())
                    .toList();
        } catch (IOException e) {
            LOG.warn("the versions in {} cannot be read: {}", directory, e.toString());
            return List.of();
        }
    }
}
