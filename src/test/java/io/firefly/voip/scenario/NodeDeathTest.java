package io.firefly.voip.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.firefly.voip.callcontrol.CallController;
import io.firefly.voip.freeswitch.FreeSwitchStandIn;
import io.firefly.voip.media.freeswitch.SwitchFabric;
import io.firefly.voip.testing.Operator;
import io.firefly.voip.testing.RunningFirefly;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import javax.management.JMException;
import javax.management.ObjectName;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.core.env.Environment;

/** FreeSWITCH dies in the middle of a call, and comes back. */
class NodeDeathTest {
    private FreeSwitchStandIn freeSwitch;
    private RunningFirefly firefly;
    private Operator operator;

    @BeforeEach
    void start() {
        freeSwitch = FreeSwitchStandIn.start();
        firefly = RunningFirefly.with(freeSwitch);
        String port = firefly.bean(Environment.class).getProperty("local.server.port");
        operator = new Operator("http://localhost:" + port, "", "");
    }

    @AfterEach
    void stop() {
        firefly.close();
        freeSwitch.close();
    }

    @Test
    void itsCallersHearByeTheRecordSaysWhyAndItIsUsedAgainWhenItIsBack() throws IOException {
        try (Caller caller = Caller.connected(firefly, "echo")) {
            caller.listenFor(300);
            freeSwitch.die();

            assertThat(caller.await("BYE", 15_000)).contains("media-unavailable");
        }
        assertThat(operator.get("/ready").statusCode()).isEqualTo(503);
        assertThat(operator.get("/health").body()).contains("\"freeswitch\"").contains("\"up\":false");
        await().until(() -> lastRecord().contains("\"cause\":\"media-unavailable\""));
        Rest.awaitRest(firefly, 10);

        freeSwitch.resurrect();
        await().atMost(Duration.ofSeconds(20))
                .until(() -> operator.get("/ready").statusCode() == 200);
        try (Caller again = Caller.connected(firefly, "echo")) {
            again.listenFor(300);
            again.bye();
            again.await("SIP/2.0 200");
        }
        await().until(() -> firefly.bean(CallController.class).calls().isEmpty());
    }

    @Test
    void aNodeThatAnOperatorDrainsGetsNoCall() throws Exception {
        String node = firefly.bean(SwitchFabric.class).nodes().get(0).name();
        order("drainFreeSwitch", node);
        assertThat(operator.get("/ready").body()).contains("no FreeSWITCH takes calls");
        try (Caller caller = new Caller(firefly, "echo")) {
            caller.invite();
            assertThat(caller.await("SIP/2.0 503")).contains("media-unavailable");
            caller.ack();
        }

        order("undrainFreeSwitch", node);
        assertThat(operator.get("/ready").statusCode()).isEqualTo(200);
    }

    private static void order(String operation, String node) throws JMException {
        String text = String.class.getName();
        ManagementFactory.getPlatformMBeanServer()
                .invoke(
                        new ObjectName("io.firefly:type=Node"),
                        operation,
                        new Object[] {node, "a new disk"},
                        new String[] {text, text});
    }

    private String lastRecord() throws IOException {
        try (Stream<Path> files = Files.list(firefly.data().resolve("cdr"))) {
            List<String> lines = Files.readAllLines(files.findFirst().orElseThrow());
            return lines.get(lines.size() - 1);
        }
    }
}
