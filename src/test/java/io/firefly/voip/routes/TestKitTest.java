package io.firefly.voip.routes;

import static io.firefly.voip.call.HangupCause.BUSY;
import static io.firefly.voip.testkit.Caller.call;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.firefly.voip.testkit.RouteUnderTest;
import org.junit.jupiter.api.Test;

/** The users' test kit itself: what it says when something is not so. */
class TestKitTest {
    private static final RouteUnderTest ROUTES = RouteUnderTest.folder("routes");

    @Test
    void whatIsNotSoFailsWithTheWholePath() {
        assertThatThrownBy(() -> ROUTES.incoming(call().to("chat"))
                        .thenRings()
                        .thenAnswers()
                        .thenEnds(BUSY))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("then call:end?cause=busy was expected, but agent:reception came; the path was")
                .hasMessageContaining("inbound.camel.yaml")
                .hasMessageContaining("${body.calledUser} in 'echo,welcome,chat' ? yes")
                .hasMessageContaining("outcome: agent reception");
    }

    @Test
    void everyAssertionCanFail() {
        var echo = ROUTES.incoming(call().to("echo"));

        assertThatThrownBy(echo::thenRings).hasMessageContaining("call:ring was expected, but call:answer came");
        assertThatThrownBy(() -> ROUTES.incoming(call().to("echo")).thenNothing())
                .hasMessageContaining("nothing more");
        assertThatThrownBy(() -> echo.belongsTo("acme"))
                .hasMessageContaining("the tenant should be acme, but is default");
        assertThatThrownBy(() -> echo.hearsStatus(401)).hasMessageContaining("should be 401, but is not there");
        assertThatThrownBy(() -> echo.reaches("echo", "answer")).hasMessageContaining("answer was not reached");
        assertThatThrownBy(() -> echo.neverReaches("call:echo")).hasMessageContaining("call:echo was reached");
        assertThatThrownBy(() -> echo.finds("is-it-a-test-call", false)).hasMessageContaining("said true");
        assertThatThrownBy(() -> echo.finds("nobody", false)).hasMessageContaining("never asked");
    }

    @Test
    void aStepThatWasToldToFailAndNeverCameIsAMistake() {
        assertThatThrownBy(() -> ROUTES.failing("agent:receptoin").incoming(call().to("chat")))
                .hasMessageContaining("[agent:receptoin] was told what to do and never came");
    }

    @Test
    void aRouteFileThatIsNotThereIsNamed() {
        assertThatThrownBy(() -> RouteUnderTest.files("routes", "inbuond"))
                .hasMessageContaining("there is no routes/inbuond.camel.yaml");
    }

    @Test
    void manyCallsTakeMillisecondsEach() {
        ROUTES.incoming(call().to("echo"));
        long start = System.nanoTime();

        for (int i = 0; i < 20; i++)
            ROUTES.incoming(call().to("echo")).thenAnswers().thenEchoes();

        assertThat((System.nanoTime() - start) / 20).as("ns per call").isLessThan(500_000_000L);
    }
}
