package io.firefly.voip;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/**
 * "Change a route" and "Test your route" of README.md, done exactly as printed on a copy of routes/: a yaml block goes to
 * the file it names, a sh block is run line by line ({@code java -jar} in this process).
 */
@ExtendWith(OutputCaptureExtension.class)
class ReadmeWalkThroughTest {
    private static final Pattern BLOCK = Pattern.compile("```(\\w+) ?([^\\n]*)\\n(.*?)```", Pattern.DOTALL);
    private static final Path ROUTES = Path.of("routes");

    @Test
    void whatTheReadmeSaysComesTrue(@TempDir Path home, CapturedOutput output) throws IOException {
        copyRoutes(home.resolve("routes"));

        List<String> commands = new ArrayList<>();
        for (String heading : List.of("## Change a route", "## Test your route")) {
            Matcher block = BLOCK.matcher(section(heading));
            while (block.find()) {
                if (block.group(1).equals("yaml")) write(home.resolve(block.group(2)), block.group(3));
                else if (block.group(1).equals("sh")) commands.addAll(run(block.group(3), home));
            }
        }

        assertThat(commands).as("commands of both sections").hasSize(3);
        assertThat(output.getOut())
                .contains("tenant     hello, by called number")
                .contains("their own voice")
                .containsPattern("routes: \\d+ route files and \\d+ case files are good")
                .contains("ok      the number of hello hears its own voice")
                .contains("0 failed");
        assertThat(home.resolve("target/route-tests.xml")).content().contains("<testsuite name=");
    }

    private static String section(String heading) throws IOException {
        String readme = Files.readString(Path.of("README.md"));
        int start = readme.indexOf("\n" + heading + "\n");
        assertThat(start).as("README.md has no '%s'", heading).isNotNegative();
        int end = readme.indexOf("\n## ", start + 1);
        return readme.substring(start, end < 0 ? readme.length() : end);
    }

    /** A file that is there already gets the text at its end, as somebody with an editor would do it. */
    private static void write(Path file, String text) throws IOException {
        String before = Files.exists(file) ? Files.readString(file) : "";
        Files.createDirectories(file.getParent());
        Files.writeString(file, before.isEmpty() || before.endsWith("\n") ? before + text : before + "\n" + text);
    }

    private static List<String> run(String block, Path home) {
        List<String> commands = block.lines().filter(line -> !line.isBlank()).toList();
        for (String command : commands) {
            assertThat(command).startsWith("java -jar target/firefly.jar ");
            String[] words = Stream.of(command.split(" "))
                    .skip(3)
                    .map(word -> word.equals("routes") || word.contains("/") ? inside(word, home) : word)
                    .toArray(String[]::new);
            words[0] = "routes"; // the verb, not the folder
            if (words[1].equals("explain"))
                words = Stream.concat(Stream.of(words), Stream.of("--dir", inside("routes", home)))
                        .toArray(String[]::new);
            assertThat(Cli.run(words)).as(command).isZero();
        }
        return commands;
    }

    private static String inside(String path, Path home) {
        return home.resolve(path).toString();
    }

    private static void copyRoutes(Path target) throws IOException {
        try (Stream<Path> files = Files.walk(ROUTES)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Path copy = target.resolve(ROUTES.relativize(file));
                Files.createDirectories(copy.getParent());
                Files.copy(file, copy);
            }
        }
    }
}
