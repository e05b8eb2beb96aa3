package io.firefly.voip.camel.reload;

import static org.assertj.core.api.Assertions.assertThat;

import io.firefly.voip.camel.check.DataFile;
import io.firefly.voip.camel.check.Refusal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.util.FileSystemUtils;

class RouteReloadTest {
    private Path directory;
    private FolderOnTest folder;

    @BeforeEach
    void twoRoutesAreLoaded(@TempDir Path empty) throws Exception {
        directory = empty;
        folder = new FolderOnTest(directory).saveAnswer("one", "first").saveAnswer("two", "second");
        folder.started();
    }

    @AfterEach
    void stop() {
        folder.close();
    }

    @Test
    void everythingInTheFolderServesFromTheStart() {
        assertThat(folder.loadedIds()).containsExactly("one", "two");
        assertThat(folder.ask("one")).isEqualTo("first");
        assertThat(folder.result().summary()).isEqualTo("loaded one, two");
        assertThat(folder.reload.routes().get(0).description()).isEqualTo("Answer first");
    }

    @Test
    void anEditServesAfterTwoEqualLooks() throws Exception {
        folder.saveAnswer("one", "changed");

        folder.reload.scan();
        assertThat(folder.ask("one")).isEqualTo("first");

        folder.reload.scan();
        assertThat(folder.ask("one")).isEqualTo("changed");
        assertThat(folder.ask("two")).isEqualTo("second");
        assertThat(folder.result().summary()).isEqualTo("loaded one");
    }

    @Test
    void aHalfWrittenFileIsWaitedFor() throws Exception {
        String whole = FolderOnTest.answering("one", "whole");
        for (int length = 10; length < whole.length(); length += 10) {
            folder.save("one", whole.substring(0, length));
            folder.reload.scan();
        }
        folder.save("one", whole).noticed();

        assertThat(folder.ask("one")).isEqualTo("whole");
        assertThat(folder.result().refusals()).isEmpty();
    }

    @Test
    void aNewFileServes() throws Exception {
        folder.saveAnswer("three", "third").noticed();

        assertThat(folder.ask("three")).isEqualTo("third");
    }

    @Test
    void aDeletedFileServesNoMore() throws Exception {
        Files.delete(directory.resolve("two.camel.yaml"));
        folder.noticed();

        assertThat(folder.loadedIds()).containsExactly("one");
        assertThat(folder.camel.getRoutes()).hasSize(1);
        assertThat(folder.result().summary()).isEqualTo("removed two");
    }

    @Test
    void allFilesGoneIsTakenForAnAccident() throws Exception {
        Files.delete(directory.resolve("one.camel.yaml"));
        Files.delete(directory.resolve("two.camel.yaml"));
        folder.noticed();

        assertThat(folder.ask("one")).isEqualTo("first");
        assertThat(folder.result().applied()).isFalse();
    }

    @Test
    void aFolderThatVanishesLeavesEverythingServing() throws Exception {
        Path away = directory.resolveSibling(directory.getFileName() + "-away");
        Files.move(directory, away);
        folder.noticed();
        assertThat(folder.ask("one")).isEqualTo("first");

        Files.move(away, directory);
        folder.saveAnswer("one", "back").noticed();
        assertThat(folder.ask("one")).isEqualTo("back");
    }

    @Test
    void aRenamedFileWithARenamedIdTakesItsPlace() throws Exception {
        Files.delete(directory.resolve("two.camel.yaml"));
        folder.save("deux", FolderOnTest.answering("deux", "renamed").replace("direct:deux", "direct:two"));
        folder.noticed();

        assertThat(folder.loadedIds()).containsExactly("deux", "one");
        assertThat(folder.ask("two")).isEqualTo("renamed");
    }

    @Test
    void anAtomicRenameIsNoticed() throws Exception {
        Path fresh = Files.writeString(directory.resolve(".one.swp"), FolderOnTest.answering("one", "moved"));
        Files.move(fresh, directory.resolve("one.camel.yaml"), StandardCopyOption.ATOMIC_MOVE);
        folder.noticed();

        assertThat(folder.ask("one")).isEqualTo("moved");
    }

    @Test
    void nonsenseLeavesTheOldRouteServing() throws Exception {
        folder.save("one", "- route: [").noticed();

        assertThat(folder.ask("one")).isEqualTo("first");
        assertThat(folder.result().applied()).isFalse();
        assertThat(folder.refusals()).contains("one.camel.yaml:1").contains("this is not YAML");
        assertThat(folder.result().summary())
                .matches("not applied; the version loaded at \\d\\d:\\d\\d:\\d\\d keeps serving");
    }

    @Test
    void aChangeIsTakenAsAWholeOrNotAtAll() throws Exception {
        folder.saveAnswer("one", "changed").save("two", "- route: [").noticed();

        assertThat(folder.ask("one")).isEqualTo("first");
        assertThat(folder.ask("two")).isEqualTo("second");
    }

    @Test
    void aFileThatWasRefusedEarlierDoesNotHoldUpTheOthers() throws Exception {
        folder.save("two", "- route: [").noticed();

        folder.saveAnswer("one", "changed").noticed();

        assertThat(folder.ask("one")).isEqualTo("changed");
        assertThat(folder.ask("two")).isEqualTo("second");
        assertThat(folder.result().applied()).isTrue();
        assertThat(folder.refusals()).contains("two.camel.yaml:1");
    }

    @Test
    void aMendedFileServes() throws Exception {
        folder.save("two", "- route: [").noticed();

        folder.saveAnswer("two", "mended").noticed();

        assertThat(folder.ask("two")).isEqualTo("mended");
        assertThat(folder.result().refusals()).isEmpty();
    }

    @Test
    void aRouteThatOthersNeedIsNotRemoved() throws Exception {
        folder.save(
                "three",
                FolderOnTest.answering("three", "x").replace("- setBody:", "- to: direct:two\n        - setBody:"));
        folder.noticed();
        Files.delete(directory.resolve("two.camel.yaml"));
        folder.noticed();

        assertThat(folder.ask("two")).isEqualTo("second");
        assertThat(folder.refusals()).contains("no route listens to 'direct:two'");
    }

    @Test
    void aFileThatWentBadBeforeARestartServesAsItDidBefore() throws Exception {
        folder.close();
        folder = new FolderOnTest(directory)
                .save("two", "- route: [")
                .saveAnswer("one", "new")
                .started();

        assertThat(folder.ask("one")).isEqualTo("new");
        assertThat(folder.ask("two")).isEqualTo("second");
        assertThat(folder.refusals()).contains("two.camel.yaml:1");
    }

    @Test
    void aPolicyThatWentBadBeforeARestartTakesNobodyWithIt() throws Exception {
        folder.save("policy", "- routeConfiguration:\n    id: soft\n")
                .save(
                        "one",
                        FolderOnTest.answering("one", "x")
                                .replace("    from:", "    routeConfigurationId: soft\n    from:"))
                .noticed();
        assertThat(folder.result().refusals()).isEmpty();
        folder.close();
        folder = new FolderOnTest(directory)
                .save("policy", "- routeConfiguration: [")
                .started();

        assertThat(folder.loadedIds()).containsExactly("one", "two");
    }

    @Test
    void aFileThatIsBadFromTheStartIsLeftOutAndTheOthersServe() throws Exception {
        folder.close();
        FileSystemUtils.deleteRecursively(folder.versions);
        folder = new FolderOnTest(directory).save("two", "- route: [").started();

        assertThat(folder.loadedIds()).containsExactly("one");
        assertThat(folder.refusals()).contains("two.camel.yaml:1");

        folder.saveAnswer("two", "mended").noticed();
        assertThat(folder.ask("two")).isEqualTo("mended");
    }

    @Test
    void routesThatDifferInTheOptionsOfTheirEntryDoNotQuarrel() throws Exception {
        folder.save(
                        "fast",
                        FolderOnTest.answering("fast", "x")
                                .replace("direct:fast", "timer:t\n      parameters:\n        period: 60s"))
                .save(
                        "slow",
                        FolderOnTest.answering("slow", "x")
                                .replace("direct:slow", "timer:t\n      parameters:\n        period: 90s"))
                .noticed();

        assertThat(folder.refusals()).isEmpty();
        assertThat(folder.loadedIds()).contains("fast", "slow");
    }

    @Test
    void aMissingFolderDoesNotStopTheStart() throws Exception {
        folder.close();
        folder = new FolderOnTest(directory.resolve("later")).started();
        assertThat(folder.loadedIds()).isEmpty();

        Files.createDirectories(folder.directory);
        folder.saveAnswer("one", "late").noticed();
        assertThat(folder.ask("one")).isEqualTo("late");
    }

    @Test
    void aConfigMapThatSwapsItsSymlinkIsNoticed() throws Exception {
        Path mount = Files.createDirectory(directory.resolve("mount"));
        Path v1 = Files.createDirectory(mount.resolve("..v1"));
        Path v2 = Files.createDirectory(mount.resolve("..v2"));
        Files.writeString(v1.resolve("one.camel.yaml"), FolderOnTest.answering("one", "v1"));
        Files.writeString(v2.resolve("one.camel.yaml"), FolderOnTest.answering("one", "v2"));
        Files.createSymbolicLink(mount.resolve("..data"), v1.getFileName());
        Files.createSymbolicLink(mount.resolve("one.camel.yaml"), Path.of("..data", "one.camel.yaml"));
        folder.close();
        folder = new FolderOnTest(mount).started();
        assertThat(folder.ask("one")).isEqualTo("v1");

        for (Path version : List.of(v2, v1, v2)) {
            Files.createSymbolicLink(mount.resolve("..data_tmp"), version.getFileName());
            Files.move(mount.resolve("..data_tmp"), mount.resolve("..data"), StandardCopyOption.ATOMIC_MOVE);
            folder.noticed();
            assertThat(folder.ask("one")).isEqualTo(version == v1 ? "v1" : "v2");
        }
    }

    @Test
    void dataFilesAreReadAtTheStartAndWhenTheyChange() throws Exception {
        List<String> read = new ArrayList<>();
        Files.writeString(directory.resolve("tenants.yaml"), "a: 1");
        folder.close();
        folder = new FolderOnTest(directory, new Tenants(read)).started();

        Files.writeString(directory.resolve("tenants.yaml"), "bad");
        folder.noticed();
        Files.writeString(directory.resolve("tenants.yaml"), "a: 2");
        folder.noticed().noticed();

        assertThat(read).containsExactly("a: 1", "a: 2");
        assertThat(folder.ask("one")).isEqualTo("first");
    }

    private record Tenants(List<String> read) implements DataFile {
        @Override
        public String fileName() {
            return "tenants.yaml";
        }

        @Override
        public Draft read(String text, String shownName, Names known) {
            if (text.equals("bad")) return Draft.unreadable(List.of(new Refusal(fileName(), 1, 0, "bad", text)));
            return new Draft(List.of(), Set.of(), true, () -> read.add(text));
        }
    }
}
