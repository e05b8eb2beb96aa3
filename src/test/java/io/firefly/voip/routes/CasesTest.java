package io.firefly.voip.routes;

import static org.assertj.core.api.Assertions.assertThat;

import io.firefly.voip.camel.rehearsal.RouteSet;
import io.firefly.voip.routes.cases.CaseRunner;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The cases beside the shipped routes, {@code routes/tests/*.yaml}. */
class CasesTest {
    private static final Path ROUTES = Path.of("routes");
    private static CaseRunner.Outcome outcome;

    @BeforeAll
    static void run() {
        outcome = CaseRunner.run(RouteSet.folder(ROUTES), CaseRunner.read(ROUTES));
    }

    @TestFactory
    Stream<DynamicTest> everyCaseComesTrue() {
        return outcome.verdicts().stream()
                .map(verdict -> DynamicTest.dynamicTest(verdict.test().name(), () -> assertThat(verdict.differences())
                        .as(verdict.test().spot().toString())
                        .isEmpty()));
    }

    @Test
    void everyCaseFileCanBeRead() {
        assertThat(outcome.problems()).isEmpty();
        assertThat(outcome.verdicts()).isNotEmpty();
    }

    @Test
    void everyStepOfTheShippedRoutesIsReachedAndEveryConditionSaysBoth() {
        assertThat(outcome.coverage().missed()).as("steps no case reaches").isEmpty();
        assertThat(outcome.coverage().oneSided())
                .as("conditions with one answer only")
                .isEqualTo(List.of());
    }
}
