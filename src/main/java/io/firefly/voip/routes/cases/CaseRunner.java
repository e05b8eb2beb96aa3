package io.firefly.voip.routes.cases;

import io.firefly.voip.camel.check.DidYouMean;
import io.firefly.voip.camel.rehearsal.Rehearsal;
import io.firefly.voip.camel.rehearsal.RouteMap;
import io.firefly.voip.camel.rehearsal.RouteSet;
import io.firefly.voip.camel.rehearsal.Run;
import io.firefly.voip.routes.cases.TestCase.Mention;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** Plays the cases of a folder against the routes above it. */
public final class CaseRunner {
    private static final int MAX_FILES = 500;

    private CaseRunner() {}

    /**
     * How all cases went.
     *
     * @param problems what is wrong with the case files themselves, ready to be shown
     */
    public record Outcome(List<Verdict> verdicts, List<String> problems, Coverage coverage) {
        public boolean isGood() {
            return problems.isEmpty() && verdicts.stream().allMatch(Verdict::isGood);
        }
    }

    /** The case files of a routes folder, read: {@code <folder>/tests/*.yaml}. */
    public static List<CaseFile> read(Path folder) {
        Path tests = folder.resolve("tests");
        if (!Files.isDirectory(tests)) return List.of();
        try (Stream<Path> files = Files.list(tests)) {
            List<Path> found = files.filter(file -> file.toString().matches(".*\\.ya?ml"))
                    .filter(file -> !file.getFileName().toString().startsWith("."))
                    .sorted()
                    .toList();
            if (found.size() > MAX_FILES) throw new IOException("more than " + MAX_FILES + " files");
            return found.stream().map(CaseRunner::read1).toList();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + tests + ": " + e.getMessage(), e);
        }
    }

    private static CaseFile read1(Path file) {
        try {
            if (Files.size(file) > 1024 * 1024) throw new IOException("it is larger than 1 MiB");
            return CaseFile.parse(file.toString(), Files.readString(file));
        } catch (CharacterCodingException e) {
            return new CaseFile(file.toString(), List.of(), List.of(file + ":1:1  this is not UTF-8 text"));
        } catch (IOException e) {
            return new CaseFile(file.toString(), List.of(), List.of(file + ":1:1  cannot be read: " + e.getMessage()));
        }
    }

    /** @throws Rehearsal.RefusedRoutesException when the routes themselves are wrong */
    public static Outcome run(RouteSet routes, List<CaseFile> files) {
        List<String> problems = new ArrayList<>();
        List<Verdict> verdicts = new ArrayList<>();
        try (Rehearsal rehearsal = Rehearsal.of(routes)) {
            RouteMap map = rehearsal.map();
            Coverage coverage = new Coverage(map);
            for (CaseFile file : files) {
                problems.addAll(file.problems());
                problems.addAll(unknownSteps(file, map));
                if (!file.problems().isEmpty()) continue;
                for (TestCase test : file.cases()) verdicts.add(play(rehearsal, test, coverage));
            }
            return new Outcome(verdicts, problems, coverage);
        }
    }

    private static Verdict play(Rehearsal rehearsal, TestCase test, Coverage coverage) {
        long start = System.nanoTime();
        try {
            Run run = rehearsal.run(test.scene(), test.script());
            coverage.add(run);
            Duration took = Duration.ofNanos(System.nanoTime() - start);
            return new Verdict(test, Verdict.differences(test.expect(), run), run, took);
        } catch (IllegalArgumentException | IllegalStateException e) {
            Duration took = Duration.ofNanos(System.nanoTime() - start);
            return new Verdict(test, List.of("given: " + e.getMessage()), null, took);
        }
    }

    /** What is wrong with the cases, seen beside the routes they are about. */
    public static List<String> unknownSteps(RouteSet routes, List<CaseFile> files) {
        try (Rehearsal rehearsal = Rehearsal.of(routes)) {
            RouteMap map = rehearsal.map();
            return files.stream()
                    .flatMap(file -> unknownSteps(file, map).stream())
                    .toList();
        }
    }

    /** Ids that no route has; what has a colon is an endpoint, whose words the routes decide. */
    private static List<String> unknownSteps(CaseFile file, RouteMap map) {
        Set<String> known = new TreeSet<>();
        for (List<RouteMap.Entry> entries : List.of(map.routes(), map.policies())) {
            for (RouteMap.Entry entry : entries) {
                for (RouteMap.Node node : entry.all()) {
                    known.add(node.id());
                    known.add(entry.id() + "/" + node.id());
                }
            }
        }
        List<String> problems = new ArrayList<>();
        for (TestCase test : file.cases()) {
            for (Mention mention : test.mentions()) {
                if (mention.step().contains(":") || known.contains(mention.step())) continue;
                String guess = DidYouMean.among(mention.step(), known)
                        .map(word -> "; did you mean '" + word + "'?")
                        .orElse("; 'firefly routes graph' shows them all");
                problems.add(mention.spot().shown("no step has the id '" + mention.step() + "'" + guess));
            }
        }
        return problems;
    }
}
