package io.firefly.voip.camel.reload;

import io.firefly.voip.camel.check.Refusal.SourceText;
import io.firefly.voip.camel.check.RouteFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/**
 * The folder of route files, read as a whole. Read, not watched: a Kubernetes ConfigMap swaps a symbolic link above the
 * files and a network file system tells nobody, so a watcher would miss both.
 *
 * <p>A file that cannot be used is part of the content, too: its text is the reason, so that it is refused like any other
 * and holds up nobody else.
 */
final class RouteFolder {
    private static final int MAX_FILE_BYTES = 1024 * 1024;
    private static final int MAX_FILES = 1000;
    private final Path directory;

    RouteFolder(Path directory) {
        this.directory = directory;
    }

    /** File name to content. A file that vanishes meanwhile is left out: the next look sees what became of it. */
    Map<String, String> read() throws IOException {
        Map<String, String> texts = new TreeMap<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, RouteFolder::isOurs)) {
            for (Path file : files) {
                if (texts.size() == MAX_FILES) throw new IOException("more than " + MAX_FILES + " files");
                readInto(texts, file);
            }
        }
        return texts;
    }

    /** Files that only nearly have the right name as well: somebody shall tell. */
    private static boolean isOurs(Path file) {
        String name = file.getFileName().toString();
        if (name.startsWith(".")) return false;
        return (name.endsWith(".yaml") || name.endsWith(".yml")) && Files.isRegularFile(file);
    }

    private static void readInto(Map<String, String> texts, Path file) throws IOException {
        String name = file.getFileName().toString();
        boolean isRoute = name.endsWith(RouteFile.SUFFIX);
        try (var in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(MAX_FILE_BYTES + 1);
            if (bytes.length > MAX_FILE_BYTES) texts.put(name, unreadable("the file is larger than 1 MiB"));
            else texts.put(name, text(bytes));
        } catch (NoSuchFileException e) {
            texts.remove(name);
        } catch (IOException e) {
            if (isRoute && !Files.exists(file)) return;
            texts.put(name, unreadable("the file cannot be read: " + e));
        }
    }

    private static String text(byte[] bytes) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            return unreadable("this is no UTF-8 text; save it as UTF-8");
        }
    }

    private static String unreadable(String reason) {
        return SourceText.UNREADABLE + reason;
    }

    @Override
    public String toString() {
        return directory.toString();
    }
}
