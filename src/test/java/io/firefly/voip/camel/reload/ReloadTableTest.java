package io.firefly.voip.camel.reload;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What Camel 4.17's own reload gets wrong, row by row, and what ours does instead. */
class ReloadTableTest {
    private FolderOnTest folder;

    @BeforeEach
    void aAndBServe(@TempDir Path directory) throws Exception {
        folder = new FolderOnTest(directory).saveAnswer("a", "a1").saveAnswer("b", "b1");
        folder.started();
    }

    @AfterEach
    void stop() {
        folder.close();
    }

    @Test
    void badYamlInALeavesAServingAndTheNextGoodSaveIsTaken() throws Exception {
        folder.save("a", "- route: {id: a, from: [").noticed();
        assertThat(folder.ask("a")).isEqualTo("a1");

        folder.saveAnswer("a", "a2").noticed();
        assertThat(folder.ask("a")).isEqualTo("a2");
    }

    @Test
    void aFileWithTwoRoutesIsRefusedAndDoesNotDisturbAnEditOfAnother() throws Exception {
        folder.save("b", FolderOnTest.answering("b", "b2") + FolderOnTest.answering("b2", "x"))
                .noticed();
        assertThat(folder.refusals()).contains("b.camel.yaml:9", "one file holds one route");

        folder.saveAnswer("a", "a2").noticed();
        assertThat(folder.ask("a")).isEqualTo("a2");
        assertThat(folder.ask("b")).isEqualTo("b1");
    }

    @Test
    void anUnknownComponentInALeavesAServing() throws Exception {
        folder.save("a", FolderOnTest.answering("a", "a2").replace("- setBody:", "- to: nosuch:x\n        - setBody:"))
                .noticed();

        assertThat(folder.ask("a")).isEqualTo("a1");
        assertThat(folder.refusals()).contains("a.camel.yaml:7:15").contains("unknown scheme 'nosuch:'");
    }

    @Test
    void aRouteWithoutIdIsRefusedAndNoSecondListenerIsAdded() throws Exception {
        folder.save("a", FolderOnTest.answering("a", "a2").replace("    id: a\n", ""))
                .noticed();

        assertThat(folder.refusals()).contains("the route has no id; by the name of its file it is 'id: a'");
        assertThat(folder.camel.getRoutes()).hasSize(2);
        assertThat(folder.ask("a")).isEqualTo("a1");
    }

    @Test
    void aRenamedIdTakesThePlaceOfTheOldRoute() throws Exception {
        Files.delete(folder.directory.resolve("a.camel.yaml"));
        folder.saveAnswer("c", "c1").noticed();

        assertThat(folder.loadedIds()).containsExactly("b", "c");
        assertThat(folder.camel.getRoute("a")).isNull();
    }

    @Test
    void anIdThatIsNotTheFilesNameIsRefused() throws Exception {
        folder.save("a", FolderOnTest.answering("c", "c1")).noticed();

        assertThat(folder.refusals()).contains("the id 'c' is not the name of the file");
        assertThat(folder.loadedIds()).containsExactly("a", "b");
    }

    @Test
    void anExchangeThatIsStillRunningInTheEditedRouteDelaysTheEditByNoMoreThanTheDrain() throws Exception {
        try (Hold hold = new Hold(folder, "a")) {
            folder.saveAnswer("a", "a2");
            long begin = System.nanoTime();
            folder.noticed();

            assertThat((System.nanoTime() - begin) / 1_000_000).isLessThan(3_000);
            assertThat(folder.ask("a")).isEqualTo("a2");
            assertThat(hold.isInside()).isTrue();
        }
    }

    @Test
    void anExchangeThatIsStillRunningInAnotherRouteDelaysNothing() throws Exception {
        try (Hold hold = new Hold(folder, "b")) {
            folder.saveAnswer("a", "a2");
            long begin = System.nanoTime();
            folder.noticed();

            assertThat((System.nanoTime() - begin) / 1_000_000)
                    .as("drain is 500 ms")
                    .isLessThan(450);
            assertThat(folder.ask("a")).isEqualTo("a2");
            assertThat(hold.isInside()).isTrue();
        }
    }

    @Test
    void aChangedPolicyReachesARunningRoute() throws Exception {
        String failing = FolderOnTest.answering("a", "x")
                .replace("    from:", "    routeConfigurationId: soften\n    from:")
                .replace("constant: x", "simple: ${body.noSuchProperty}");
        folder.save("policy", softening("one")).save("a", failing).noticed();
        assertThat(folder.ask("a")).isEqualTo("one");

        folder.save("policy", softening("two")).noticed();
        assertThat(folder.ask("a")).isEqualTo("two");
    }

    @Test
    void aPolicyThatIsStillNamedIsNotRemoved() throws Exception {
        folder.save("policy", softening("one"))
                .save(
                        "a",
                        FolderOnTest.answering("a", "a2")
                                .replace("    from:", "    routeConfigurationId: soften\n    from:"))
                .noticed();
        Files.delete(folder.directory.resolve("policy.camel.yaml"));
        folder.noticed();

        assertThat(folder.result().applied()).isFalse();
        assertThat(folder.refusals()).contains("a.camel.yaml:4").contains("no policy 'soften'");
    }

    @Test
    void aDirectTargetNobodyListensToIsFoundBeforeTheSwap() throws Exception {
        folder.save("a", FolderOnTest.answering("a", "x").replace("- setBody:", "- to: direct:c\n        - setBody:"))
                .noticed();

        assertThat(folder.ask("a")).isEqualTo("a1");
        assertThat(folder.refusals())
                .contains("a.camel.yaml:7:15  no route listens to 'direct:c'; there are direct:a, direct:b");
    }

    private static String softening(String answer) {
        return """
                - routeConfiguration:
                    id: soften
                    onException:
                      - onException:
                          exception:
                            - java.lang.Exception
                          handled:
                            constant: "true"
                          steps:
                            - setBody:
                                constant: %s
                """.formatted(answer);
    }

    /** An exchange that stays in a route until it is let go. */
    private static final class Hold implements AutoCloseable {
        private final CountDownLatch inside = new CountDownLatch(1);
        private final CountDownLatch let = new CountDownLatch(1);
        private final Thread caller;

        Hold(FolderOnTest folder, String id) throws Exception {
            folder.camel.getRegistry().bind("hold", (org.apache.camel.Processor) exchange -> {
                inside.countDown();
                let.await();
            });
            folder.save(
                            id,
                            FolderOnTest.answering(id, "held")
                                    .replace("- setBody:", "- process:\n            ref: hold\n        - setBody:"))
                    .noticed();
            caller = new Thread(() -> folder.ask(id));
            caller.start();
            assertThat(inside.await(5, TimeUnit.SECONDS)).isTrue();
        }

        boolean isInside() {
            return let.getCount() == 1 && caller.isAlive();
        }

        @Override
        public void close() throws InterruptedException {
            let.countDown();
            caller.join(5_000);
        }
    }
}
