package io.firefly.voip.scenario;

import io.firefly.voip.freeswitch.Engine;
import io.firefly.voip.testing.RunningFirefly;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.springframework.util.FileSystemUtils;

/** An exchange with routes of its own, whose agent says and asks for what a script says. */
final class ScriptedCalls implements AutoCloseable {
    private final Path folder;
    private final RunningFirefly firefly;

    private ScriptedCalls(Path folder, RunningFirefly firefly) {
        this.folder = folder;
        this.firefly = firefly;
    }

    /**
     * Starts with the shipped routes and these files beside them, alternating name and text.
     *
     * @param script what the simulated model does, in YAML
     */
    static ScriptedCalls with(String script, List<String> settings, String... files) {
        return with(Engine.EMBEDDED, script, settings, files);
    }

    static ScriptedCalls with(Engine engine, String script, List<String> settings, String... files) {
        try {
            Path folder = Files.createTempDirectory("scripted");
            Path routes = Files.createDirectory(folder.resolve("routes"));
            try (Stream<Path> shipped = Files.list(Path.of("routes"))) {
                for (Path file : shipped.filter(Files::isRegularFile).toList())
                    Files.copy(file, routes.resolve(file.getFileName()));
            }
            for (int i = 0; i < files.length; i += 2) Files.writeString(routes.resolve(files[i]), files[i + 1]);
            Path scenario = Files.writeString(folder.resolve("script.yaml"), script);
            List<String> all = new ArrayList<>(List.of(
                    "firefly.routes.directory",
                    routes.toString(),
                    "firefly.simulator.script",
                    scenario.toString(),
                    "firefly.openai.connect-timeout",
                    "10s", // the machine is loaded, and the first call is cold
                    "firefly.sip.trusted-addresses",
                    "127.0.0.1/32"));
            all.addAll(settings);
            return new ScriptedCalls(folder, RunningFirefly.with(engine, all.toArray(String[]::new)));
        } catch (IOException e) {
            throw new UncheckedIOException("no temporary folder", e);
        }
    }

    RunningFirefly firefly() {
        return firefly;
    }

    /** Saves a file in the routes folder, as an operator does. */
    void save(String name, String text) throws IOException {
        Files.writeString(folder.resolve("routes").resolve(name), text);
    }

    /** The words of the only recorded call, and of nothing that was said to nobody. */
    List<String> transcript() throws IOException {
        try (Stream<Path> files = Files.list(firefly.data().resolve("recordings"))) {
            Path newest = files.filter(file -> file.toString().endsWith(".txt"))
                    .max((a, b) ->
                            Long.compare(a.toFile().lastModified(), b.toFile().lastModified()))
                    .orElseThrow();
            return Files.readAllLines(newest);
        }
    }

    @Override
    public void close() {
        firefly.close();
        FileSystemUtils.deleteRecursively(folder.toFile());
    }
}
