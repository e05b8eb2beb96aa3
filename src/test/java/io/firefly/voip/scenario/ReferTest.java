package io.firefly.voip.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.firefly.voip.callcontrol.CallController;
import io.firefly.voip.media.MediaEngine;
import io.firefly.voip.sip.SipFront;
import io.firefly.voip.testing.Tool;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** An agent sends its caller to somebody of the directory; the caller's telephone is sipp. */
@Tag("real-calls")
class ReferTest {
    private static final String SCRIPT = """
            steps:
              - {when: opening, say: done, call: transfer, arguments: {target: desk}}
              - {when: tool, contains: busy, say: repeat}
              - {when: tool, say: sorry}
            """;
    private static final String DIRECTORY = """
            default:
              targets:
                - {name: desk, to: "sip:desk@pbx.example", by: refer, patience: 1s}
            """;

    private static ScriptedCalls calls;

    @BeforeAll
    static void start() {
        Tool.needs("sipp");
        calls = ScriptedCalls.with(SCRIPT, List.of(), "directory.yaml", DIRECTORY);
    }

    @AfterAll
    static void stop() {
        if (calls != null) calls.close();
    }

    @AfterEach
    void nothingIsLeftBehind() {
        await().atMost(Duration.ofSeconds(10))
                .until(() -> calls.firefly().bean(CallController.class).calls().isEmpty());
        await().atMost(Duration.ofSeconds(10))
                .until(() -> calls.firefly().bean(SipFront.class).openDialogs() == 0);
        assertThat(calls.firefly().bean(MediaEngine.class).openSessions()).isZero();
    }

    @ParameterizedTest(name = "{0} by {1}: transferred {2}")
    @CsvSource({
        "uac-referred-expect-bye, u1, desk",
        "uac-referred-expect-bye, t1, desk",
        "uac-refer-without-subscription-expect-bye, u1, desk",
        "uac-refer-declined-stays, u1, ",
        "uac-refer-busy-stays, u1, ",
        "uac-refer-without-notify-stays, u1, ",
        "uac-bye-while-referred-expect-200, u1, desk"
    })
    void aCaller(String scenario, String transport, String transferredTo) throws Exception {
        Path file = Path.of("src/test/sip/scenarios", scenario + ".xml").toAbsolutePath();

        Tool sipp = Tool.run(
                Path.of("target/sipp"),
                60,
                List.of(("sipp -sf " + file + " -s chat -i 127.0.0.1 -mi 127.0.0.1 -t " + transport
                                + " -m 1 -nd -nostdin -timeout 40s -timeout_error -trace_err -recv_timeout 20000"
                                + " 127.0.0.1:" + calls.firefly().sipPort())
                        .split(" ")));

        assertThat(sipp.exitCode()).as(sipp.output()).isZero();
        await().atMost(Duration.ofSeconds(10))
                .until(() -> calls.firefly().bean(CallController.class).calls().isEmpty());
        await().atMost(Duration.ofSeconds(10)).untilAsserted(() -> {
            if (transferredTo == null) assertThat(lastRecord()).doesNotContain("transferredTo");
            else assertThat(lastRecord()).contains("\"transferredTo\":\"" + transferredTo + "\"");
        });
        if (scenario.contains("stays")) assertThat(calls.transcript()).hasSizeGreaterThan(1);
    }

    private static String lastRecord() throws Exception {
        try (Stream<Path> files = Files.list(calls.firefly().data().resolve("cdr"))) {
            List<String> lines = Files.readAllLines(files.findFirst().orElseThrow());
            return lines.get(lines.size() - 1);
        }
    }
}
