package io.firefly.voip.testing;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A program of the machine ({@code sipp}, {@code baresip}, {@code sox}), run to its end with everything it prints. */
public record Tool(int exitCode, String output) {
    /** Skips the test, saying why, when the program is not installed. */
    public static void needs(String program) {
        boolean present = Arrays.stream(System.getenv("PATH").split(File.pathSeparator))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
        assumeTrue(present, () -> program + " is not installed: real calls with it are left out (.ci/run installs it)");
    }

    public static Tool run(Path folder, int seconds, List<String> command) throws IOException, InterruptedException {
        Files.createDirectories(folder);
        Path printed = Files.createTempFile(folder, "output", ".txt");
        Process process = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(printed.toFile())
                .redirectInput(new File("/dev/null"))
                .start();
        if (!process.waitFor(seconds, TimeUnit.SECONDS)) {
            process.destroyForcibly().waitFor();
            return new Tool(-1, Files.readString(printed) + "\n(still running after " + seconds + " s: killed)");
        }
        return new Tool(process.exitValue(), Files.readString(printed));
    }
}
