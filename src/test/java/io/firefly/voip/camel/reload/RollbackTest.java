package io.firefly.voip.camel.reload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.firefly.voip.camel.reload.RouteVersions.KeptVersion;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Sets that served are kept, and one of them can serve again. */
class RollbackTest {
    private Path directory;
    private FolderOnTest folder;

    @BeforeEach
    void threeVersionsServedOneAfterTheOther(@TempDir Path empty) throws Exception {
        directory = Files.createDirectory(empty.resolve("routes"));
        folder = new FolderOnTest(directory).saveAnswer("one", "v1").started();
        folder.saveAnswer("one", "v2").saveAnswer("two", "new").noticed();
        folder.saveAnswer("one", "v3").noticed();
    }

    @AfterEach
    void stop() {
        folder.close();
    }

    private List<String> ids() {
        return folder.reload.versions().stream().map(KeptVersion::id).toList();
    }

    @Test
    void oneStepBackServesTheVersionBefore() {
        RouteLibrary.Result result = folder.reload.rollback(Optional.empty(), "rollback alice");

        assertThat(folder.ask("one")).isEqualTo("v2");
        assertThat(result.who()).isEqualTo("rollback alice");
        assertThat(result.summary())
                .isEqualTo("loaded one; serves until the routes folder changes or Firefly starts again");
        assertThat(folder.reload.version().orElseThrow().rolledBack()).isTrue();
    }

    @Test
    void twoStepsBackServeTheVersionBeforeThatAndRemoveWhatItDidNotHave() {
        folder.reload.rollback(Optional.empty(), "a");
        folder.reload.rollback(Optional.empty(), "a");

        assertThat(folder.ask("one")).isEqualTo("v1");
        assertThat(folder.loadedIds()).containsExactly("one");
        assertThatThrownBy(() -> folder.reload.rollback(Optional.empty(), "a"))
                .isInstanceOf(NoSuchElementException.class)
                .hasMessageStartingWith("no version before");
    }

    @Test
    void aNamedVersionServes() {
        folder.reload.rollback(Optional.of(ids().get(2)), "a");

        assertThat(folder.ask("one")).isEqualTo("v1");
    }

    @Test
    void aVersionNobodyKeptIsToldWithThoseThereAre() {
        assertThatThrownBy(() -> folder.reload.rollback(Optional.of("nope"), "a"))
                .isInstanceOf(NoSuchElementException.class)
                .hasMessage("there is no version 'nope'; there are " + ids());
        assertThatThrownBy(() -> folder.reload.rollback(Optional.of("../../etc"), "a"))
                .isInstanceOf(NoSuchElementException.class);
    }

    @Test
    void itServesUntilTheFolderChanges() throws Exception {
        folder.reload.rollback(Optional.empty(), "a");
        folder.noticed().noticed();
        assertThat(folder.ask("one")).isEqualTo("v2");

        folder.saveAnswer("two", "newer").noticed();
        assertThat(folder.ask("one")).isEqualTo("v3");
        assertThat(folder.ask("two")).isEqualTo("newer");
        assertThat(folder.reload.version().orElseThrow().rolledBack()).isFalse();
    }

    @Test
    void aReloadByHandTakesTheFolderAgain() {
        folder.reload.rollback(Optional.empty(), "a");

        folder.reload.reload("reload a");
        assertThat(folder.ask("one")).isEqualTo("v3");
    }

    @Test
    void versionsOutliveTheProcess() {
        folder.close();
        folder = new FolderOnTest(directory).started();
        assertThat(ids()).hasSize(3);

        folder.reload.rollback(Optional.empty(), "a");
        assertThat(folder.ask("one")).isEqualTo("v2");
    }

    @Test
    void tenAreKept() throws Exception {
        for (int i = 4; i < 20; i++) folder.saveAnswer("one", "v" + i).noticed();

        assertThat(ids()).hasSize(10).doesNotHaveDuplicates();
        assertThat(ids().get(0)).isEqualTo(folder.reload.version().orElseThrow().id());
    }

    @Test
    void aVersionThatWasChangedOnTheDiskIsNotUsed() throws Exception {
        String id = ids().get(1);
        try (var all = Files.list(folder.versions)) {
            Path version = all.filter(each -> each.toString().endsWith(id + ".zip"))
                    .findFirst()
                    .orElseThrow();
            Files.writeString(version, "forged");
        }

        assertThatThrownBy(() -> folder.reload.rollback(Optional.of(id), "a"))
                .isInstanceOf(NoSuchElementException.class);
        assertThat(folder.ask("one")).isEqualTo("v3");
    }

    @Test
    void aProcessThatIsKilledWhileItWritesLeavesNoHalfVersion(@TempDir Path store) throws Exception {
        for (int round = 0; round < 3; round++) {
            Process writer = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-cp",
                            System.getProperty("java.class.path"),
                            Writer.class.getName(),
                            store.toString())
                    .redirectErrorStream(true)
                    .start();
            assertThat(writer.getInputStream().read()).isEqualTo('!');
            assertThat(writer.waitFor(50 + 70L * round, TimeUnit.MILLISECONDS)).isFalse();
            writer.destroyForcibly().waitFor();

            VersionStore after = new VersionStore(store);
            List<KeptVersion> versions = after.list();
            assertThat(versions).isNotEmpty();
            assertThat(versions).allSatisfy(version -> {
                assertThat(version.files()).hasSize(20);
                assertThat(after.texts(version.id())).isPresent();
            });
            try (var all = Files.list(store)) {
                assertThat(all).noneMatch(each -> each.getFileName().toString().startsWith("."));
            }
        }
    }

    /** Keeps one version after the other until it is killed. */
    static final class Writer {
        private Writer() {}

        public static void main(String[] args) {
            VersionStore store = new VersionStore(Path.of(args[0]));
            Map<String, String> texts = new java.util.TreeMap<>();
            for (int i = 0; ; i++) {
                for (int file = 0; file < 20; file++) texts.put("r" + file + ".camel.yaml", i + "x".repeat(10_000));
                store.keep(texts, "folder", Instant.now());
                if (i == 2) System.out.print('!');
                System.out.flush();
            }
        }
    }
}
