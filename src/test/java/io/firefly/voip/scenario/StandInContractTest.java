package io.firefly.voip.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import io.firefly.voip.freeswitch.FreeSwitchStandIn;
import io.firefly.voip.freeswitch.FreeSwitchStandIn.Mood;
import io.firefly.voip.freeswitch.RawEsl;
import io.firefly.voip.freeswitch.RawEsl.Frame;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The stand-in keeps the contract, and fails on demand. */
class StandInContractTest extends FreeSwitchContract {
    private final FreeSwitchStandIn standIn = FreeSwitchStandIn.start();

    @AfterEach
    void stop() {
        assertThat(standIn.notes()).noneMatch(note -> note.startsWith("mistake"));
        standIn.close();
    }

    @Override
    int eslPort() {
        return standIn.eslPort();
    }

    @Override
    String password() {
        return standIn.password();
    }

    @Override
    int sipPort() {
        return standIn.sipPort();
    }

    @Test
    void itRefusesOnDemandAndIsDeafOnDemand() throws Exception {
        try (Caller caller = new Caller(sipPort(), "firefly")) {
            standIn.mood(new Mood(false, "503 Service Unavailable", false, false));
            caller.invite();
            assertThat(caller.awaitFinal("INVITE")).startsWith("SIP/2.0 503");
        }
        standIn.mood(new Mood(true, null, false, false));
        try (Caller caller = new Caller(sipPort(), "firefly")) {
            caller.invite();
            assertThat(standIn.channelsByCallId()).isEmpty();
        }
    }

    @Test
    void aCallForSomebodyElseIsHandedOverByEventSocketAndSurvivesItsEnd() throws Exception {
        try (ServerSocket exchange = listening();
                Caller caller = new Caller(sipPort(), "+380441234567").saying("Diversion", "<sip:1@x>")) {
            standIn.trunkLeadsTo("127.0.0.1:" + exchange.getLocalPort());
            caller.invite();
            try (RawEsl esl = new RawEsl(exchange.accept())) {
                Frame call = esl.command("connect");
                assertThat(call.header("Reply-Text")).isEqualTo("%2BOK%0A");
                assertThat(call.header("Caller-Destination-Number")).isEqualTo("%2B380441234567");
                assertThat(call.header("variable_sip_h_Diversion")).isEqualTo("%3Csip%3A1%40x%3E");
                esl.command("sendmsg\ncall-command: execute\nexecute-app-name: ring_ready");
                caller.await("SIP/2.0 180");
                esl.command("sendmsg\ncall-command: execute\nexecute-app-name: answer");
                caller.await("SIP/2.0 200");
                caller.ack();
            }
            try (RawEsl esl = RawEsl.login(eslPort(), password())) {
                assertThat(standIn.channelsByCallId()).containsExactly(caller.callId());
                String uuid = esl.api("show channels").replaceFirst("(?s),.*", "");
                String socket = "127.0.0.1:" + exchange.getLocalPort();
                assertThat(esl.api("uuid_transfer " + uuid + " 'socket:" + socket + " async full' inline"))
                        .isEqualTo("+OK\n");
                try (RawEsl again = new RawEsl(exchange.accept())) {
                    assertThat(again.command("connect").header("Unique-ID")).isEqualTo(uuid);
                    again.command("linger 1");
                    again.command("myevents plain");
                    caller.hangUp();
                    assertThat(again.event("CHANNEL_HANGUP").event("Unique-ID")).isEqualTo(uuid);
                    Frame notice = again.read();
                    while (!notice.header("Content-Type").equals("text/disconnect-notice")) notice = again.read();
                    assertThat(notice.header("Content-Disposition")).isEqualTo("linger");
                    assertThat(again.read().header("Content-Disposition")).isEqualTo("disconnect");
                    assertThat(again.closes()).isTrue();
                }
            }
        }
    }

    @Test
    void itDiesAndComesBackAsAnother() throws Exception {
        String before = standIn.coreUuid();
        standIn.die();
        standIn.resurrect();
        try (RawEsl esl = RawEsl.login(eslPort(), password())) {
            assertThat(esl.api("global_getvar core_uuid"))
                    .isEqualTo(standIn.coreUuid())
                    .isNotEqualTo(before);
        }
    }

    private static ServerSocket listening() throws IOException {
        ServerSocket socket = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
        socket.setSoTimeout(5_000);
        return socket;
    }
}
