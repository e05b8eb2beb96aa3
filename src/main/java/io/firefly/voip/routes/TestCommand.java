package io.firefly.voip.routes;

import io.firefly.voip.camel.rehearsal.RouteMap;
import io.firefly.voip.camel.rehearsal.RouteSet;
import io.firefly.voip.camel.rehearsal.Run;
import io.firefly.voip.routes.cases.CaseFile;
import io.firefly.voip.routes.cases.CaseRunner;
import io.firefly.voip.routes.cases.Coverage;
import io.firefly.voip.routes.cases.JunitXml;
import io.firefly.voip.routes.cases.Verdict;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code routes test}: do the cases beside the routes still come true? */
@Command(
        name = "test",
        sortOptions = false,
        description = {
            "Plays the cases of DIR/tests/*.yaml through the routes of DIR and says which did not come true, with the"
                    + " whole path of those.",
            ""
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:every case came true",
            "1:a case did not, a file is wrong, or --coverage asked for more than was reached",
            "2:the command line is wrong, or there are no cases"
        })
final class TestCommand implements Callable<Integer> {
    @Parameters(
            paramLabel = "DIR",
            defaultValue = "routes",
            description = "folder of the route files (default: routes)")
    private Path folder = Path.of("routes");

    @Option(names = "--junit-xml", paramLabel = "FILE", description = "write a report for CI servers")
    private @Nullable Path junitXml;

    @Option(
            names = "--coverage",
            arity = "0..1",
            fallbackValue = "0",
            paramLabel = "PERCENT",
            description = "say which steps no case reached; with a number, fail below it")
    private @Nullable Integer coverage;

    @Mixin
    private FolderOptions options = new FolderOptions();

    @Override
    public Integer call() throws IOException {
        if (coverage != null && (coverage < 0 || coverage > 100))
            throw new IllegalArgumentException("--coverage must be 0 to 100, not " + coverage);
        RouteSet routes = options.read(folder);
        List<CaseFile> files = CaseRunner.read(folder);
        if (files.isEmpty())
            throw new IllegalArgumentException(
                    "no cases in " + folder.resolve("tests") + "; write them into *.yaml files there");
        CaseRunner.Outcome outcome = CaseRunner.run(routes, files);
        if (junitXml != null) write(junitXml, JunitXml.of(outcome));
        outcome.problems().forEach(System.out::println);
        String file = "";
        for (Verdict verdict : outcome.verdicts()) {
            if (!verdict.test().spot().file().equals(file)) {
                file = verdict.test().spot().file();
                System.out.println(file);
            }
            System.out.print(line(verdict));
        }
        if (coverage != null) System.out.print(text(outcome.coverage()));
        boolean covered = coverage == null || isCovered(outcome.coverage(), coverage);
        System.out.println(summary(outcome, covered));
        return outcome.isGood() && covered ? RoutesCommand.GOOD : RoutesCommand.BAD;
    }

    private static void write(Path file, String xml) throws IOException {
        Path folder = file.toAbsolutePath().getParent();
        if (folder != null) Files.createDirectories(folder);
        Files.writeString(file, xml);
    }

    private static boolean isCovered(Coverage coverage, int percent) {
        return coverage.reached() * 100L >= (long) percent * coverage.total();
    }

    private static String line(Verdict verdict) {
        long millis = verdict.took().toMillis();
        if (verdict.isGood())
            return String.format("  ok      %s  (%d ms)%n", verdict.test().name(), millis);
        StringBuilder text =
                new StringBuilder(String.format("  FAILED  %s%n", verdict.test().name()));
        text.append("          ").append(verdict.test().spot()).append('\n');
        for (String difference : verdict.differences())
            text.append("          ").append(difference).append('\n');
        Run run = verdict.run();
        if (run != null) text.append(RunText.path(run).indent(10));
        return text.toString();
    }

    private static String text(Coverage coverage) {
        StringBuilder text = new StringBuilder("\ncoverage\n");
        coverage.byFile()
                .forEach(
                        (file, counts) -> text.append(String.format("  %3d of %3d  %s%n", counts[0], counts[1], file)));
        for (RouteMap.Node node : coverage.missed()) {
            text.append(String.format("  no case reaches  %s:%d  %s%n", node.file(), node.line(), node.id()));
        }
        for (String sentence : coverage.oneSided())
            text.append("  one answer only  ").append(sentence).append('\n');
        return text.toString();
    }

    private static String summary(CaseRunner.Outcome outcome, boolean covered) {
        long failed =
                outcome.verdicts().stream().filter(verdict -> !verdict.isGood()).count();
        Coverage coverage = outcome.coverage();
        String steps = coverage.reached() + " of " + coverage.total() + " steps reached";
        return String.format(
                "%n%d cases, %d failed%s; %s%s",
                outcome.verdicts().size(),
                failed,
                outcome.problems().isEmpty() ? "" : ", " + outcome.problems().size() + " mistakes in case files",
                steps,
                covered ? "" : ", which is too few");
    }
}
