package io.firefly.voip.routes;

import io.firefly.voip.camel.rehearsal.Rehearsal;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code routes graph}: the routes and what they send to, as text or as a drawing. */
@Command(
        name = "graph",
        sortOptions = false,
        header = {
            "Examples:",
            "  routes graph",
            "  routes graph --format mermaid > routes.mmd",
            "  routes graph --format dot | dot -Tsvg > routes.svg",
            ""
        },
        description = {"Shows the routes with their steps, conditions, orders and the routes they call.", ""},
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:shown", "1:the routes are wrong", "2:the command line is wrong"})
final class GraphCommand implements Callable<Integer> {
    private static final List<String> FORMATS = List.of("text", "mermaid", "dot");

    @Parameters(
            paramLabel = "DIR",
            defaultValue = "routes",
            description = "folder of the route files (default: routes)")
    private Path folder = Path.of("routes");

    @Option(names = "--format", defaultValue = "text", description = "text, mermaid or dot (default: text)")
    private String format = "text";

    @Mixin
    private FolderOptions options = new FolderOptions();

    @Override
    public Integer call() {
        if (!FORMATS.contains(format))
            throw new IllegalArgumentException(
                    "--format must be one of " + String.join(", ", FORMATS) + ", not '" + format + "'");
        try (Rehearsal rehearsal = Rehearsal.of(options.read(folder))) {
            System.out.print(
                    switch (format) {
                        case "mermaid" -> RouteDrawing.mermaid(rehearsal.map());
                        case "dot" -> RouteDrawing.dot(rehearsal.map());
                        default -> RouteDrawing.text(rehearsal.map());
                    });
        }
        return RoutesCommand.GOOD;
    }
}
