package io.firefly.voip.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.firefly.voip.freeswitch.FreeSwitchStandIn;
import io.firefly.voip.media.freeswitch.SwitchFabric;
import io.firefly.voip.testing.RunningFirefly;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The FreeSWITCH of a call dies before the call is answered. */
class NodeDeathWhileRingingTest {
    private static final String SECOND = "firefly.freeswitch.nodes[1].";

    private FreeSwitchStandIn one;
    private FreeSwitchStandIn two;
    private RunningFirefly firefly;

    @BeforeEach
    void start() {
        one = FreeSwitchStandIn.start();
        two = FreeSwitchStandIn.start();
        firefly = RunningFirefly.with(
                one,
                "firefly.routing.ring-delay",
                "4s",
                SECOND + "host",
                "127.0.0.1",
                SECOND + "port",
                String.valueOf(two.eslPort()),
                SECOND + "password",
                two.password(),
                SECOND + "sip",
                "127.0.0.1:" + two.sipPort());
        await().atMost(Duration.ofSeconds(20)).until(() -> firefly.bean(SwitchFabric.class).nodes().stream()
                .allMatch(node -> node.health().up()));
    }

    @AfterEach
    void stop() {
        firefly.close();
        one.close();
        two.close();
    }

    @Test
    void anotherOneAnswersAndWithoutAnyTheCallerHears503() throws Exception {
        FreeSwitchStandIn left;
        try (Caller caller = new Caller(firefly, "welcome")) {
            caller.invite();
            caller.await("SIP/2.0 180");
            FreeSwitchStandIn carries = one.channels() > 0 ? one : two;
            left = carries == one ? two : one;
            assertThat(left.channels()).isZero();
            carries.die();
            assertThat(caller.await("SIP/2.0 200", 20_000)).contains("m=audio");
            caller.ack();
            await().until(() -> left.channels() > 0);
            caller.listenFor(300);
            caller.bye();
            caller.await("SIP/2.0 200");
        }
        Rest.awaitRest(firefly, 10);
        try (Caller caller = new Caller(firefly, "welcome")) {
            caller.invite();
            caller.await("SIP/2.0 180");
            left.die();
            assertThat(caller.await("SIP/2.0 503", 20_000)).contains("media-unavailable");
            caller.ack();
        }
        Rest.awaitRest(firefly, 10);
    }
}
