package io.firefly.voip.speech;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A program of this machine: found on the path, run to its end within bounds. */
final class Program {
    private static final int MAX_SECONDS = 15;

    private Program() {}

    /** @param folders as in PATH */
    static boolean isInstalled(String name, String folders) {
        for (String folder : folders.split(File.pathSeparator, -1)) {
            if (!folder.isEmpty() && Files.isExecutable(Path.of(folder, name))) return true;
        }
        return false;
    }

    /**
     * What it printed.
     *
     * @throws ProgramException when it does not end well, or not in time
     */
    static String run(List<String> command) throws IOException, InterruptedException {
        Path printed = Files.createTempFile("firefly-speech", ".out");
        try {
            Process process = new ProcessBuilder(command)
                    .redirectOutput(printed.toFile())
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            await(process, command.get(0));
            return Files.readString(printed, StandardCharsets.UTF_8);
        } finally {
            Files.deleteIfExists(printed);
        }
    }

    private static void await(Process process, String name) throws IOException, InterruptedException {
        try {
            process.getOutputStream().close();
            if (!process.waitFor(MAX_SECONDS, TimeUnit.SECONDS)) {
                throw new ProgramException(name + " took longer than " + MAX_SECONDS + " s");
            }
            if (process.exitValue() != 0) throw new ProgramException(name + " failed with " + process.exitValue());
        } finally {
            process.destroyForcibly();
        }
    }

    /** Not the fault of whoever asked. */
    static final class ProgramException extends IOException {
        private static final long serialVersionUID = 1;

        ProgramException(String message) {
            super(message);
        }
    }
}
