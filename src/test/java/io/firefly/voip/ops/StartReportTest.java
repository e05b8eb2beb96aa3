package io.firefly.voip.ops;

import static org.assertj.core.api.Assertions.assertThat;

import io.firefly.voip.testing.Operator;
import io.firefly.voip.testing.RunningFirefly;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.core.env.Environment;

/** The first words: what somebody needs for the first minute, and no secret in production. */
@ExtendWith(OutputCaptureExtension.class)
class StartReportTest {
    private static final Pattern DRAWN =
            Pattern.compile("(http://localhost:[0-9]+)/actuator/hawtio {3}(\\S+) / (\\S+)");

    @Test
    void twelveLinesAreEnoughAndTheDrawnPasswordOpensTheDoor() {
        try (RunningFirefly firefly = RunningFirefly.with()) {
            List<String> lines = firefly.bean(StartReport.class).lines(1000);
            assertThat(lines).hasSizeLessThanOrEqualTo(12);
            Matcher told = DRAWN.matcher(String.join("\n", lines));
            assertThat(told.find()).isTrue();
            Operator operator = new Operator(told.group(1), told.group(2), told.group(3));
            assertThat(operator.get("/actuator/hawtio/index.html").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void inProductionThereIsNoHawtioAndNobodyCanLogInUntilAPasswordIsSet(CapturedOutput printed) {
        try (RunningFirefly firefly = RunningFirefly.with("spring.profiles.active", "prod")) {
            assertThat(firefly.bean(StartReport.class).lines(1000))
                    .anySatisfy(line -> assertThat(line).contains("nobody can log in"));
            String management = address(firefly);
            Operator guess = new Operator(management, "admin", "");
            assertThat(guess.get("/actuator/hawtio/").statusCode()).isEqualTo(401);
            assertThat(guess.get("/actuator/prometheus").statusCode()).isEqualTo(401);
            assertThat(new Operator(management, "", "")
                            .get("/actuator/health/liveness")
                            .statusCode())
                    .isEqualTo(200);
            assertThat(printed.getOut()).doesNotContain("admin /");
        }
    }

    @Test
    void inProductionWithAPasswordTheFiguresAreThereAndHawtioIsNot() {
        try (RunningFirefly firefly = RunningFirefly.with(
                "spring.profiles.active", "prod", "firefly.management.password", "a-word-for-tests")) {
            Operator operator = new Operator(address(firefly), "admin", "a-word-for-tests");
            assertThat(operator.get("/actuator/metrics").statusCode()).isEqualTo(200);
            assertThat(operator.get("/actuator/hawtio/index.html").statusCode()).isEqualTo(404);
            assertThat(operator.post("/actuator/jolokia", "{\"type\":\"version\"}")
                            .statusCode())
                    .isEqualTo(404);
        }
    }

    private static String address(RunningFirefly firefly) {
        return "http://127.0.0.1:" + firefly.bean(Environment.class).getProperty("local.management.port");
    }
}
