package io.firefly.voip.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.firefly.voip.callcontrol.CallController;
import io.firefly.voip.freeswitch.Engine;
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
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** An agent sends its caller to somebody of the directory; the caller's telephone is sipp. */
@Tag("real-calls")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
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

    /** A peer that we have credentials for, and one that we have none for. */
    static final String KNOWN = "127.0.0.1";

    static final String UNKNOWN = "127.0.0.2";

    private ScriptedCalls calls;

    private Engine engine = Engine.EMBEDDED;

    /** Who carries the media, and in topology C who has the telephone; an exchange of its own for each. */
    Engine engine() throws Exception {
        return Engine.EMBEDDED;
    }

    List<String> settings() {
        String peer = "firefly.sip.peers[0].";
        return List.of(
                "firefly.sip.trusted-addresses",
                KNOWN + "," + UNKNOWN,
                peer + "networks",
                KNOWN + "/32",
                peer + "user",
                "firefly",
                peer + "password",
                "s3cret");
    }

    /** Where the telephone calls. */
    int calledPort() {
        return calls.firefly().sipPort();
    }

    @BeforeAll
    void start() throws Exception {
        Tool.needs("sipp");
        engine = engine();
        calls = ScriptedCalls.with(engine, SCRIPT, settings(), "directory.yaml", DIRECTORY);
    }

    @AfterAll
    void stop() {
        if (calls != null) calls.close();
        engine.close();
    }

    @AfterEach
    void nothingIsLeftBehind() {
        if (calls == null) return;
        await().atMost(Duration.ofSeconds(10))
                .until(() -> calls.firefly().bean(CallController.class).calls().isEmpty());
        await().atMost(Duration.ofSeconds(10))
                .until(() -> calls.firefly().bean(SipFront.class).openDialogs() == 0);
        await().atMost(Duration.ofSeconds(10))
                .until(() -> calls.firefly().bean(MediaEngine.class).openSessions() == 0);
        await().atMost(Duration.ofSeconds(10)).until(() -> engine.channels() == 0);
    }

    /** What sipp plays, its transport and address, and who has the caller then. */
    Stream<Arguments> telephones() {
        return Stream.of(
                arguments("uac-referred-expect-bye", "u1", KNOWN, "desk"),
                arguments("uac-referred-expect-bye", "t1", KNOWN, "desk"),
                arguments("uac-refer-without-subscription-expect-bye", "u1", KNOWN, "desk"),
                arguments("uac-refer-declined-stays", "u1", KNOWN, null),
                arguments("uac-refer-busy-stays", "u1", KNOWN, null),
                arguments("uac-refer-without-notify-stays", "u1", KNOWN, null),
                arguments("uac-bye-while-referred-expect-200", "u1", KNOWN, "desk"),
                arguments("uac-refer-challenged-expect-digest-and-bye", "u1", KNOWN, "desk"),
                arguments("uac-refer-challenged-twice-stays", "t1", KNOWN, null),
                arguments("uac-refer-challenged-stays", "u1", UNKNOWN, null));
    }

    @ParameterizedTest(name = "{0} by {1} from {2}: transferred {3}")
    @MethodSource("telephones")
    void aCaller(String scenario, String transport, String from, String transferredTo) throws Exception {
        Path file = Path.of("src/test/sip/scenarios", scenario + ".xml").toAbsolutePath();

        Tool sipp = Tool.run(
                Path.of("target/sipp"),
                60,
                List.of(("sipp -sf " + file + " -s chat -i " + from + " -mi " + from + " -t " + transport
                                + " -m 1 -nd -nostdin -timeout 40s -timeout_error -trace_err -recv_timeout 20000"
                                + " 127.0.0.1:" + calledPort())
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

    private String lastRecord() throws Exception {
        try (Stream<Path> files = Files.list(calls.firefly().data().resolve("cdr"))) {
            List<String> lines = Files.readAllLines(files.findFirst().orElseThrow());
            return lines.get(lines.size() - 1);
        }
    }
}
