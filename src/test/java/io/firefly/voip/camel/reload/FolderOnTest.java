package io.firefly.voip.camel.reload;

import io.firefly.voip.camel.check.Allowance;
import io.firefly.voip.camel.check.DataFile;
import io.firefly.voip.camel.check.RouteCheck;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.apache.camel.StartupSummaryLevel;
import org.apache.camel.impl.DefaultCamelContext;

/** A folder of route files and a Camel context that loads them; scans run when the test says so. */
final class FolderOnTest implements AutoCloseable {
    private static final Allowance ANY_SCHEME =
            new Allowance(Set.of("*"), Allowance.standard().languages(), Set.of("*"), Set.of(), Path.of("data"));

    final Path directory;
    final DefaultCamelContext camel = new DefaultCamelContext();
    final RouteReload reload;
    final ReloadMeters meters = new ReloadMeters();
    final Path versions;

    FolderOnTest(Path directory, DataFile... data) {
        this.directory = directory;
        camel.setStartupSummaryLevel(StartupSummaryLevel.Off);
        camel.disableJMX();
        camel.addComponent("direct", new SteadyDirectComponent(Duration.ofSeconds(3)));
        RouteFolder folder = new RouteFolder(directory);
        versions = directory.resolveSibling(directory.getFileName() + "-versions");
        reload = new RouteReload(
                folder,
                RouteCheck.in(camel, List.of()).allowing(ANY_SCHEME).with(List.of(data)),
                new LiveRoutes(camel, Duration.ofMillis(500)),
                new VersionStore(versions),
                new ReloadJournal(folder, Clock.systemUTC(), meters::count));
    }

    FolderOnTest started() {
        camel.start();
        reload.loadAtStart();
        return this;
    }

    /** Two looks: a change counts once they see the same. */
    FolderOnTest noticed() {
        reload.scan();
        reload.scan();
        return this;
    }

    FolderOnTest save(String id, String text) throws IOException {
        Files.writeString(directory.resolve(id + ".camel.yaml"), text);
        return this;
    }

    /** A route that listens to {@code direct:<id>} and answers with a word. */
    FolderOnTest saveAnswer(String id, String answer) throws IOException {
        return save(id, answering(id, answer));
    }

    static String answering(String id, String answer) {
        return """
                - route:
                    id: %s
                    description: Answer %s
                    from:
                      uri: direct:%s
                      steps:
                        - setBody:
                            constant: %s
                """.formatted(id, answer, id, answer);
    }

    String ask(String id) {
        try (var template = camel.createProducerTemplate()) {
            return template.requestBody("direct:" + id + "?block=false", "", String.class);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    List<String> loadedIds() {
        return reload.routes().stream().map(RouteLibrary.LoadedRoute::id).toList();
    }

    RouteLibrary.Result result() {
        return reload.lastResult().orElseThrow();
    }

    /** Everything that was refused, as it is shown. */
    String refusals() {
        return String.join("\n", result().refusals());
    }

    @Override
    public void close() {
        camel.stop();
    }
}
