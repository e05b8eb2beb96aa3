package io.firefly.voip.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import io.firefly.voip.camel.reload.RouteLibrary.Result;
import io.firefly.voip.camel.reload.RouteVersions;
import io.firefly.voip.testing.RunningFirefly;
import io.firefly.voip.testing.Tool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Fifty calls a second by sipp while their routes are swapped: every one is served, by the old or by the new. */
@Tag("real-calls")
class ReloadUnderCallsTest {
    private static final int RELOADS = 100;
    private static final int CALLS_PER_SECOND = 50;
    private static final int CALLS = 2_000;
    private static final List<String> SWAPPED =
            List.of("inbound", "callflow-echo", "sip-invite", "event-call-ended", "policy");

    @Test
    void aHundredReloadsUnderFiftyCallsASecondLoseNoCall(@TempDir Path routes) throws Exception {
        Tool.needs("sipp");
        copyRoutes(routes);
        try (RunningFirefly firefly = RunningFirefly.with(
                "firefly.routes.directory", routes.toString(), "firefly.routes.scan-interval", "10m")) {
            RouteVersions versions = firefly.bean(RouteVersions.class);
            CompletableFuture<Tool> sipp = CompletableFuture.supplyAsync(() -> call(firefly.sipPort()));
            List<Result> results = new ArrayList<>();
            for (int i = 0; i < RELOADS; i++) {
                Path file = routes.resolve(SWAPPED.get(i % SWAPPED.size()) + ".camel.yaml");
                Files.writeString(file, Files.readString(file) + "# edit " + i + "\n");
                results.add(versions.reload("test"));
            }
            boolean underCalls = !sipp.isDone();
            Tool done = sipp.get(180, TimeUnit.SECONDS);

            assertThat(results).allMatch(Result::applied).hasSize(RELOADS);
            assertThat(underCalls)
                    .as("all reloads fell into the time of the calls")
                    .isTrue();
            assertThat(done.exitCode()).as(done.output()).isZero();
        }
    }

    private static Tool call(int port) {
        try {
            return Tool.run(
                    Path.of("target/sipp"),
                    150,
                    List.of(
                            "sipp",
                            "-sf",
                            Path.of("src/test/sip/scenarios/uac-echo-send-bye.xml")
                                    .toAbsolutePath()
                                    .toString(),
                            "-s",
                            "echo",
                            "-i",
                            "127.0.0.1",
                            "-mi",
                            "127.0.0.1",
                            "-r",
                            String.valueOf(CALLS_PER_SECOND),
                            "-m",
                            String.valueOf(CALLS),
                            "-nd",
                            "-nostdin",
                            "-recv_timeout",
                            "20000",
                            "127.0.0.1:" + port));
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private static void copyRoutes(Path target) throws IOException {
        try (Stream<Path> files = Files.list(Path.of("routes"))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                String text = Files.readString(file).replace("concurrent-calls: 100", "concurrent-calls: 1000");
                Files.writeString(target.resolve(file.getFileName()), text);
            }
        }
    }
}
