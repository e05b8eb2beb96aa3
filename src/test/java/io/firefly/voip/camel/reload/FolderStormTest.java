package io.firefly.voip.camel.reload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.firefly.voip.camel.check.DataFile;
import io.firefly.voip.camel.check.Refusal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a folder may become while a telephone line depends on it. */
class FolderStormTest {
    private Path directory;
    private FolderOnTest folder;

    @BeforeEach
    void oneServes(@TempDir Path empty) throws Exception {
        directory = Files.createDirectory(empty.resolve("routes"));
        folder = new FolderOnTest(directory).saveAnswer("one", "first").started();
    }

    @AfterEach
    void stop() {
        folder.close();
    }

    @Test
    void tenConfigMapSwapsAreEachServedWithinTwoSeconds() throws Exception {
        folder.close();
        Path mount = Files.createDirectory(directory.resolveSibling("mount"));
        String last = "..2026_0";
        Files.createDirectory(mount.resolve(last));
        Files.writeString(mount.resolve(last).resolve("one.camel.yaml"), FolderOnTest.answering("one", "v0"));
        Files.createSymbolicLink(mount.resolve("..data"), Path.of(last));
        Files.createSymbolicLink(mount.resolve("one.camel.yaml"), Path.of("..data", "one.camel.yaml"));
        folder = new FolderOnTest(mount);
        folder.camel.start();
        try (ReloadLoop loop = new ReloadLoop(folder.reload, Duration.ofMillis(500))) {
            loop.onCamelContextFullyStarted(folder.camel, false);
            for (int i = 1; i <= 10; i++) {
                last = swap(mount, last, i);
                String wanted = "v" + i;
                await().atMost(Duration.ofSeconds(2))
                        .pollInterval(Duration.ofMillis(20))
                        .ignoreExceptions()
                        .until(() -> folder.ask("one").equals(wanted));
            }
        }
        assertThat(folder.reload.results()).hasSize(11);
    }

    /** As a kubelet does it: a new folder, a new link, renamed over the old one, the old folder removed. */
    private static String swap(Path mount, String last, int i) throws Exception {
        String next = "..2026_" + i;
        Files.createDirectory(mount.resolve(next));
        Files.writeString(mount.resolve(next).resolve("one.camel.yaml"), FolderOnTest.answering("one", "v" + i));
        Files.createSymbolicLink(mount.resolve("..data_tmp"), Path.of(next));
        Files.move(mount.resolve("..data_tmp"), mount.resolve("..data"), StandardCopyOption.ATOMIC_MOVE);
        Files.delete(mount.resolve(last).resolve("one.camel.yaml"));
        Files.delete(mount.resolve(last));
        return next;
    }

    @Test
    void aFileAboveOneMebibyteIsRefusedByNameAndHoldsUpNobody() throws Exception {
        folder.save("big", FolderOnTest.answering("big", "x") + "# " + "x".repeat(1024 * 1024))
                .noticed();
        assertThat(folder.refusals()).contains("big.camel.yaml  the file is larger than 1 MiB");

        folder.saveAnswer("one", "second").noticed();
        assertThat(folder.ask("one")).isEqualTo("second");
    }

    @Test
    void aFileJustBelowOneMebibyteIsTaken() throws Exception {
        String text = FolderOnTest.answering("big", "x");
        String words = "# words\n";
        folder.save("big", text + words.repeat((1024 * 1024 - text.length()) / words.length()))
                .noticed();

        assertThat(folder.ask("big")).isEqualTo("x");
    }

    @Test
    void aBinaryFileIsRefusedByName() throws Exception {
        Files.write(directory.resolve("one.camel.yaml"), new byte[] {(byte) 0xff, (byte) 0xfe, 0, 1, 2, 3});
        folder.noticed();

        assertThat(folder.refusals()).contains("one.camel.yaml  this is no UTF-8 text");
        assertThat(folder.ask("one")).isEqualTo("first");
    }

    @Test
    void anEmptyFileIsRefusedByName() throws Exception {
        folder.save("one", "").noticed();

        assertThat(folder.refusals()).contains("one.camel.yaml  the file is empty; it should hold a route");
        assertThat(folder.ask("one")).isEqualTo("first");
    }

    @Test
    void fiveHundredFilesServe() throws Exception {
        for (int i = 0; i < 500; i++) folder.saveAnswer("r" + i, "answer " + i);
        folder.noticed();

        assertThat(folder.loadedIds()).hasSize(501);
        assertThat(folder.ask("r499")).isEqualTo("answer 499");

        long begin = System.nanoTime();
        folder.saveAnswer("r250", "other").noticed();
        assertThat((System.nanoTime() - begin) / 1_000_000).as("milliseconds").isLessThan(2_000);
        assertThat(folder.ask("r250")).isEqualTo("other");
        assertThat(folder.result().summary()).isEqualTo("loaded r250");
    }

    @Test
    void moreFilesThanAnybodyCanReadLeaveEverythingServing() throws Exception {
        for (int i = 0; i < 1_001; i++) Files.writeString(directory.resolve("r" + i + ".camel.yaml"), "x");
        folder.noticed();

        assertThat(folder.ask("one")).isEqualTo("first");
    }

    @Test
    void aSetThatWasRefusedForWhatLiesOutsideIsTriedAgain() throws Exception {
        folder.camel.getRegistry().bind("later", new Object());
        String needsBean = FolderOnTest.answering("one", "second")
                .replace("- setBody:", "- to: bean:tomorrow\n        - setBody:");
        folder.save("one", needsBean).noticed();
        assertThat(folder.result().applied()).isFalse();

        folder.camel.getRegistry().bind("tomorrow", (org.apache.camel.Processor) exchange -> {});
        await().atMost(Duration.ofSeconds(8))
                .until(() -> folder.noticed().ask("one").equals("second"));
    }

    @Test
    void whatIsWrongWithTheServingSetDoesNotHoldUpAChange() throws Exception {
        folder.camel.getRegistry().bind("today", (org.apache.camel.Processor) exchange -> {});
        folder.save(
                        "two",
                        FolderOnTest.answering("two", "2")
                                .replace("- setBody:", "- to: bean:today\n        - setBody:"))
                .noticed();
        assertThat(folder.result().applied()).isTrue();
        folder.camel.getRegistry().unbind("today");

        folder.saveAnswer("one", "second").noticed();

        assertThat(folder.ask("one")).isEqualTo("second");
        assertThat(folder.result().outcome()).isEqualTo("applied");
    }

    @Test
    void dataThatFitsNoRouteSinceTheStartDoesNotHoldUpAChange() throws Exception {
        folder.close();
        Files.writeString(directory.resolve("tenants.yaml"), "callflow-missing");
        Wishes wishes = new Wishes();
        folder = new FolderOnTest(directory, wishes).started();
        assertThat(wishes.used).containsExactly("callflow-missing");
        assertThat(folder.result().outcome()).isEqualTo("partly");

        folder.saveAnswer("one", "second").noticed();
        assertThat(folder.ask("one")).isEqualTo("second");
        assertThat(folder.refusals()).contains("tenants.yaml:1:1  no callflow-missing");
    }

    @Test
    void aTenantsFileAndItsNewFlowAreTakenTogetherOrNotAtAll() throws Exception {
        folder.close();
        Wishes wishes = new Wishes();
        folder = new FolderOnTest(directory, wishes).started();
        Files.writeString(directory.resolve("tenants.yaml"), "callflow-hello");
        folder.noticed();
        assertThat(wishes.used).isEmpty();
        assertThat(folder.result().applied()).isFalse();

        folder.saveAnswer("callflow-hello", "hello").noticed();
        assertThat(wishes.used).containsExactly("callflow-hello");

        Files.delete(directory.resolve("callflow-hello.camel.yaml"));
        folder.noticed();
        assertThat(folder.ask("callflow-hello")).isEqualTo("hello");
        assertThat(folder.refusals()).contains("tenants.yaml:1:1  no callflow-hello");

        Files.writeString(directory.resolve("tenants.yaml"), "callflow-");
        folder.noticed();
        assertThat(folder.loadedIds()).containsExactly("one");
    }

    /** A tenants file of one word: the flow it wants; none when it is {@code callflow-}. */
    private static final class Wishes implements DataFile {
        final List<String> used = new ArrayList<>();

        @Override
        public String fileName() {
            return "tenants.yaml";
        }

        @Override
        public Draft read(String text, String shownName, Names known) {
            boolean fits = text.equals("callflow-") || known.callflows().contains(text.substring("callflow-".length()));
            List<Refusal> misfits = fits ? List.of() : List.of(new Refusal(fileName(), 1, 1, "no " + text, text));
            return new Draft(misfits, Set.of(), true, () -> used.add(text));
        }
    }

    @Test
    void everyAttemptIsKeptWithWhoAndHow() throws Exception {
        folder.save("one", "- route: [").noticed();
        folder.saveAnswer("one", "second").noticed();

        assertThat(folder.reload.results())
                .extracting(RouteLibrary.Result::who, RouteLibrary.Result::outcome)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("folder", "applied"),
                        org.assertj.core.groups.Tuple.tuple("folder", "refused"),
                        org.assertj.core.groups.Tuple.tuple("start", "applied"));
        assertThat(folder.result().version())
                .isEqualTo(folder.reload.version().orElseThrow().id());
        try (Stream<Path> kept = Files.list(folder.versions)) {
            assertThat(kept).hasSize(2);
        }
    }

    @Test
    void theMetersSayHowItWent() throws Exception {
        var registry = new io.micrometer.core.instrument.simple.SimpleMeterRegistry();
        folder.meters.bindTo(registry);
        folder.save("one", "- route: [").noticed();
        assertThat(registry.get("firefly.route.reloads")
                        .tag("result", "refused")
                        .functionCounter()
                        .count())
                .isEqualTo(1);
        assertThat(registry.get("firefly.route.last.reload.success").gauge().value())
                .isZero();

        folder.saveAnswer("one", "second").noticed();
        assertThat(registry.get("firefly.route.reloads")
                        .tag("result", "applied")
                        .functionCounter()
                        .count())
                .isEqualTo(2);
        assertThat(registry.get("firefly.route.last.success.timestamp").gauge().value())
                .isGreaterThan(1.7e9);
        assertThat(registry.get("firefly.route.version.info")
                        .tag("version", folder.result().version())
                        .gauge()
                        .value())
                .isEqualTo(1);
    }
}
