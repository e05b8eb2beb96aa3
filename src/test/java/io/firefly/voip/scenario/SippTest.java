package io.firefly.voip.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.firefly.voip.callcontrol.CallController;
import io.firefly.voip.freeswitch.Engine;
import io.firefly.voip.media.MediaEngine;
import io.firefly.voip.sip.SipFront;
import io.firefly.voip.testing.RunningFirefly;
import io.firefly.voip.testing.Tool;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Real SIP by sipp: each scenario is named by what it expects, and leaves nothing behind. */
@Tag("real-calls")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SippTest {
    private static final String TRUSTED = "127.0.0.1";
    private static final String STRANGER = "127.0.0.2";

    private static RunningFirefly firefly;

    private Engine engine = Engine.EMBEDDED;

    /** Who carries the media; an exchange of its own for each. */
    Engine engine() throws Exception {
        return Engine.EMBEDDED;
    }

    @BeforeAll
    void start() throws Exception {
        Tool.needs("sipp");
        engine = engine();
        firefly = RunningFirefly.with(
                engine, "firefly.sip.trusted-addresses", TRUSTED + "/32", "firefly.routing.ring-delay", "300ms");
    }

    @AfterAll
    void stop() {
        if (firefly != null) firefly.close();
        engine.close();
    }

    @AfterEach
    void nothingIsLeftBehind() {
        await().atMost(Duration.ofSeconds(10))
                .until(() -> firefly.bean(CallController.class).calls().isEmpty());
        await().atMost(Duration.ofSeconds(10))
                .until(() -> firefly.bean(SipFront.class).openDialogs() == 0);
        await().atMost(Duration.ofSeconds(10))
                .until(() -> firefly.bean(SipFront.class).openSubscriptions() == 0);
        assertThat(firefly.bean(MediaEngine.class).openSessions()).isZero();
    }

    @ParameterizedTest(name = "{0} to {1}")
    @CsvSource({
        "uac-echo-send-bye, echo",
        "uac-ring-then-answer, chat",
        "uac-welcome-received-bye, welcome",
        "uac-cancel-while-ringing-expect-487, welcome",
        "uac-cancel-while-ringing-expect-487, chat",
        "uac-no-common-codec-expect-488, echo",
        "uac-hold-and-resume-expect-200, echo",
        "uac-offerless-invite-expect-offer, echo",
        "uac-options-expect-200, echo",
        "uac-bye-without-dialog-expect-481, echo",
        "uac-unknown-extension-expect-420, echo",
        "uac-max-forwards-zero-expect-483, echo",
        "uac-unknown-method-expect-405, echo",
        "uac-publish-subscribe-expect-notify, linphone",
        "uac-foreign-body-expect-415, echo",
        "uac-welcome-received-bye, +4930999999"
    })
    void aTrustedCaller(String scenario, String called) throws Exception {
        assertSucceeds(scenario, called, TRUSTED, "u1");
    }

    @ParameterizedTest(name = "{0} to {1} by TCP")
    @CsvSource({"uac-echo-send-bye, echo", "uac-hold-and-resume-expect-200, echo", "uac-register-expect-200, linphone"})
    void overTcp(String scenario, String called) throws Exception {
        assertSucceeds(scenario, called, TRUSTED, "t1");
    }

    @ParameterizedTest(name = "{0} to {1}")
    @CsvSource({
        "uac-stranger-expect-401, echo",
        "uac-subscriber-publish-subscribe-digest-expect-notify, linphone",
        "uac-subscriber-invite-digest-expect-200, echo",
        "uac-register-expect-200, linphone",
        "uac-register-wrong-password-expect-401, linphone",
        "uac-register-too-brief-expect-423, linphone"
    })
    void somebodyWhoIsNotTrusted(String scenario, String called) throws Exception {
        assertSucceeds(scenario, called, STRANGER, "u1");
    }

    private static void assertSucceeds(String scenario, String called, String from, String transport) throws Exception {
        Path file = Path.of("src/test/sip/scenarios", scenario + ".xml").toAbsolutePath();

        Tool sipp = Tool.run(
                Path.of("target/sipp"),
                60,
                List.of(
                        "sipp",
                        "-sf",
                        file.toString(),
                        "-s",
                        called,
                        "-i",
                        from,
                        "-mi",
                        from,
                        "-t",
                        transport,
                        "-m",
                        "1",
                        "-nd",
                        "-nostdin",
                        "-timeout",
                        "40s",
                        "-timeout_error",
                        "-trace_err",
                        "-recv_timeout",
                        "20000",
                        "127.0.0.1:" + firefly.sipPort()));

        assertThat(sipp.exitCode()).as(sipp.output()).isZero();
    }
}
