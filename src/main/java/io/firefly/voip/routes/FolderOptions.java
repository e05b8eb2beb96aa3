package io.firefly.voip.routes;

import io.firefly.voip.camel.rehearsal.RouteSet;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import picocli.CommandLine.Option;

/** Which files, and what they find around them: the same for every subcommand. */
final class FolderOptions {
    @Option(
            names = "--set",
            paramLabel = "KEY=VALUE",
            description = "a setting that differs from application.yaml; may be repeated")
    private Map<String, String> settings = new TreeMap<>();

    @Option(
            names = "--bean",
            paramLabel = "NAME",
            description = "a bean of yours that routes name; it is not run. May be repeated")
    private List<String> beans = List.of();

    RouteSet read(Path folder) {
        if (!Files.isDirectory(folder)) {
            throw new IllegalArgumentException(
                    "there is no folder " + folder + "; name the folder of your route files");
        }
        RouteSet routes = RouteSet.folder(folder, settings);
        if (routes.texts().isEmpty())
            throw new IllegalArgumentException("no *.camel.yaml in " + folder + "; it should hold route files");
        return routes.namingBeans(beans);
    }
}
