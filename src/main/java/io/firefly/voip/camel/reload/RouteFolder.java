package io.firefly.voip.camel.reload;

import io.firefly.voip.camel.check.RouteFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * The folder of route files, read as a whole. Read, not watched: a Kubernetes ConfigMap swaps a symbolic link above the
 * files and a network file system tells nobody, so a watcher would miss both.
 */
final class RouteFolder {
    private static final int MAX_FILE_BYTES = 256 * 1024;
    private static final int MAX_FILES = 500;
    private final Path directory;
    private final Set<String> dataFiles;

    RouteFolder(Path directory, Set<String> dataFiles) {
        this.directory = directory;
        this.dataFiles = Set.copyOf(dataFiles);
    }

    /** File name to content. A file that vanishes meanwhile is left out: the next look sees what became of it. */
    Map<String, String> read() throws IOException {
        Map<String, String> texts = new TreeMap<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, this::isOurs)) {
            for (Path file : files) {
                if (texts.size() == MAX_FILES) throw new IOException("more than " + MAX_FILES + " files");
                readInto(texts, file);
            }
        }
        return texts;
    }

    private boolean isOurs(Path file) {
        String name = file.getFileName().toString();
        if (name.startsWith(".")) return false;
        return (name.endsWith(RouteFile.SUFFIX) || dataFiles.contains(name)) && Files.isRegularFile(file);
    }

    private static void readInto(Map<String, String> texts, Path file) throws IOException {
        String name = file.getFileName().toString();
        try (var in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(MAX_FILE_BYTES + 1);
            if (bytes.length > MAX_FILE_BYTES) throw new IOException(name + " is larger than 256 KiB");
            texts.put(name, new String(bytes, StandardCharsets.UTF_8));
        } catch (NoSuchFileException e) {
            texts.remove(name);
        }
    }

    @Override
    public String toString() {
        return directory.toString();
    }
}
