package io.firefly.voip.routes;

import io.firefly.voip.camel.check.Refusal;
import io.firefly.voip.camel.rehearsal.Rehearsal;
import io.firefly.voip.camel.rehearsal.RouteSet;
import io.firefly.voip.routes.cases.CaseFile;
import io.firefly.voip.routes.cases.CaseRunner;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code routes check}: would the exchange take these files? */
@Command(
        name = "check",
        description = {
            "Checks route files, tenants.yaml, agents.yaml, directory.yaml and the test cases as the exchange does before it takes them.",
            "Made for CI and for a pre-commit hook.",
            ""
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:the exchange would take them", "1:it would refuse them", "2:the command line is wrong"})
final class CheckCommand implements Callable<Integer> {
    @Parameters(
            paramLabel = "DIR",
            defaultValue = "routes",
            description = "folder of the route files (default: routes)")
    private Path folder = Path.of("routes");

    @Mixin
    private FolderOptions options = new FolderOptions();

    @Override
    public Integer call() {
        RouteSet routes = options.read(folder);
        List<String> problems = new ArrayList<>();
        for (Refusal refusal : Rehearsal.problems(routes, dataFiles())) problems.add(refusal.shown(folder.toString()));
        List<CaseFile> cases = CaseRunner.read(folder);
        cases.forEach(file -> problems.addAll(file.problems()));
        if (problems.isEmpty()) problems.addAll(CaseRunner.unknownSteps(routes, cases));
        problems.forEach(System.err::println);
        int files = routes.texts().size();
        if (!problems.isEmpty()) {
            System.err.printf("%s: %d problem%s%n", folder, problems.size(), problems.size() == 1 ? "" : "s");
            return RoutesCommand.BAD;
        }
        System.out.printf("%s: %d route files and %d case files are good%n", folder, files, cases.size());
        return RoutesCommand.GOOD;
    }

    private Map<String, String> dataFiles() {
        Map<String, String> texts = new TreeMap<>();
        for (String name : List.of("agents.yaml", "tenants.yaml", "directory.yaml")) {
            Path file = folder.resolve(name);
            try {
                if (Files.exists(file)) texts.put(name, Files.readString(file));
            } catch (IOException e) {
                throw new UncheckedIOException("cannot read " + file + " (it must be UTF-8 text)", e);
            }
        }
        return texts;
    }
}
