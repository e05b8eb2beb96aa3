package io.firefly.voip.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

import io.firefly.voip.audio.AudioFormat;
import io.firefly.voip.audio.Sound;
import io.firefly.voip.audio.Tones;
import io.firefly.voip.freeswitch.RawEsl;
import io.firefly.voip.freeswitch.RawEsl.Frame;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What we take for granted of a FreeSWITCH: the real one and its stand-in are held to the same words. */
abstract class FreeSwitchContract {
    private static final String UNKNOWN = "00000000-0000-0000-0000-000000000000";
    private static final int TONE_HZ = 1_000;
    private static final String G729_ONLY = String.join(
            "\r\n",
            "v=0",
            "o=- 1 1 IN IP4 127.0.0.1",
            "s=-",
            "c=IN IP4 127.0.0.1",
            "t=0 0",
            "m=audio 40000 RTP/AVP 18",
            "");

    abstract int eslPort();

    abstract String password();

    abstract int sipPort();

    @Test
    void aWrongPasswordIsRefusedAndTheLinkClosed() throws Exception {
        try (RawEsl esl = RawEsl.connect(eslPort(), InetAddress.getLoopbackAddress())) {
            assertThat(esl.read().header("Content-Type")).isEqualTo("auth/request");
            assertThat(esl.command("api status").header("Reply-Text")).isEqualTo("-ERR command not found");
            assertThat(esl.command("auth wrong").header("Reply-Text")).isEqualTo("-ERR invalid");
            Frame notice = esl.read();
            assertThat(notice.header("Content-Type")).isEqualTo("text/disconnect-notice");
            assertThat(notice.body()).startsWith("Disconnected, goodbye.");
            assertThat(esl.closes()).isTrue();
        }
    }

    @Test
    void aStrangerIsToldToGoAway() throws Exception {
        try (RawEsl esl = RawEsl.connect(eslPort(), InetAddress.getByName("127.0.0.2"))) {
            Frame refusal = esl.read();
            assertThat(refusal.header("Content-Type")).isEqualTo("text/rude-rejection");
            assertThat(refusal.body()).isEqualTo("Access Denied, go away.\n");
            assertThat(esl.read().header("Content-Type")).isEqualTo("text/disconnect-notice");
        }
    }

    @Test
    void everyCommandHasItsReplyInOrder() throws Exception {
        try (RawEsl esl = RawEsl.login(eslPort(), password())) {
            assertThat(replyTo(esl, "event plain BACKGROUND_JOB")).isEqualTo("+OK event listener enabled plain");
            assertThat(replyTo(esl, "nonsense")).isEqualTo("-ERR command not found");
            assertThat(replyTo(esl, "filter Unique-ID abc")).isEqualTo("+OK filter added. [Unique-ID]=[abc]");
            assertThat(replyTo(esl, "filter delete all")).startsWith("+OK filter deleted");
            assertThat(replyTo(esl, "sendmsg " + UNKNOWN + "\ncall-command: hangup"))
                    .isEqualTo("-ERR invalid session id [" + UNKNOWN + "]");
            assertThat(esl.api("nosuch")).isEqualTo("-ERR nosuch Command not found!\n");
            assertThat(esl.api("uuid_exists " + UNKNOWN)).isEqualTo("false");
            assertThat(esl.api("uuid_kill " + UNKNOWN)).isEqualTo("-ERR No such channel!\n");
            assertThat(esl.api("uuid_bridge " + UNKNOWN + " " + UNKNOWN)).isEqualTo("-ERR Invalid uuid\n");
            assertThat(esl.api("global_getvar core_uuid")).hasSize(36);
            assertThat(esl.api("show channels as json")).startsWith("{\"row_count\":");
            assertThat(replyTo(esl, "exit")).isEqualTo("+OK bye");
        }
    }

    @Test
    void aJobsResultHasItsNumberAndTheNestedLength() throws Exception {
        try (RawEsl esl = RawEsl.login(eslPort(), password())) {
            replyTo(esl, "event plain BACKGROUND_JOB");
            String job = UUID.randomUUID().toString();
            assertThat(replyTo(esl, "bgapi status\nJob-UUID: " + job)).isEqualTo("+OK Job-UUID: " + job);
            Frame result = esl.event("BACKGROUND_JOB");
            assertThat(result.event("Job-UUID")).isEqualTo(job);
            assertThat(result.event("Job-Command")).isEqualTo("status");
            String inner = result.body().substring(result.body().indexOf("\n\n") + 2);
            assertThat(result.event("Content-Length")).isEqualTo(String.valueOf(inner.length()));
            assertThat(inner).startsWith("UP ");
        }
    }

    @Test
    void theEchoSendsBackWhatItHears() throws Exception {
        try (Caller caller = connected("9999")) {
            assertHearsItsTone(caller, caller);
            caller.hangUp();
        }
    }

    @Test
    void twoLegsAreFoundByCallIdBridgedHeldAndEnded() throws Exception {
        try (RawEsl esl = RawEsl.login(eslPort(), password());
                Caller caller = new Caller(sipPort(), "firefly").saying("X-Firefly-Call", "call one");
                Caller ours = new Caller(sipPort(), "firefly-media")) {
            replyTo(
                    esl,
                    "event plain CHANNEL_ANSWER CHANNEL_PARK CHANNEL_BRIDGE CHANNEL_HOLD CHANNEL_UNHOLD DTMF"
                            + " CHANNEL_UNBRIDGE CHANNEL_HANGUP CHANNEL_HANGUP_COMPLETE");
            connect(caller);
            Frame answer = esl.event("CHANNEL_ANSWER");
            assertThat(answer.event("variable_sip_call_id")).isEqualTo(caller.callId());
            assertThat(answer.event("variable_sip_h_X-Firefly-Call")).isEqualTo("call one");
            assertThat(answer.event("Caller-Destination-Number")).isEqualTo("firefly");
            assertThat(answer.event("variable_read_codec")).isEqualTo("PCMU");
            String callerUuid = answer.event("Unique-ID");
            assertThat(esl.event("CHANNEL_PARK").event("Unique-ID")).isEqualTo(callerUuid);
            connect(ours);
            String ourUuid = esl.event("CHANNEL_PARK").event("Unique-ID");

            replyTo(esl, "bgapi uuid_bridge " + callerUuid + " " + ourUuid);
            Frame bridge = esl.event("CHANNEL_BRIDGE");
            assertThat(bridge.event("Bridge-A-Unique-ID")).isEqualTo(callerUuid);
            assertThat(bridge.event("Bridge-B-Unique-ID")).isEqualTo(ourUuid);
            assertHearsItsTone(caller, ours);
            assertHearsItsTone(ours, caller);

            pressFive(caller);
            Frame key = esl.event("DTMF");
            assertThat(key.event("Unique-ID")).isEqualTo(callerUuid);
            assertThat(key.event("DTMF-Digit")).isEqualTo("5");

            caller.reinvite("sendonly");
            assertThat(caller.await("SIP/2.0 200")).contains("a=recvonly");
            caller.ack();
            assertThat(esl.event("CHANNEL_HOLD").event("Unique-ID")).isEqualTo(callerUuid);
            caller.reinvite("sendrecv");
            caller.await("SIP/2.0 200");
            caller.ack();
            assertThat(esl.event("CHANNEL_UNHOLD").event("Unique-ID")).isEqualTo(callerUuid);

            caller.hangUp();
            assertThat(ours.hearsBye(3_000))
                    .as("our leg ends with the caller's")
                    .isTrue();
            Frame end = esl.event("CHANNEL_HANGUP_COMPLETE");
            assertThat(end.event("Hangup-Cause")).isEqualTo("NORMAL_CLEARING");
        }
        nobodyIsLeft();
    }

    @Test
    void ourLegLeavesAndTheCallersStaysUntilItIsKilled() throws Exception {
        try (RawEsl esl = RawEsl.login(eslPort(), password());
                Caller caller = new Caller(sipPort(), "firefly");
                Caller ours = new Caller(sipPort(), "firefly-media")) {
            replyTo(esl, "event plain CHANNEL_PARK CHANNEL_BRIDGE CHANNEL_UNBRIDGE CHANNEL_EXECUTE_COMPLETE");
            connect(caller);
            String callerUuid = esl.event("CHANNEL_PARK").event("Unique-ID");
            connect(ours);
            String ourUuid = esl.event("CHANNEL_PARK").event("Unique-ID");
            replyTo(esl, "bgapi uuid_bridge " + callerUuid + " " + ourUuid);
            esl.event("CHANNEL_BRIDGE");

            ours.hangUp();
            esl.event("CHANNEL_UNBRIDGE");
            assertThat(esl.event("CHANNEL_PARK").event("Unique-ID")).isEqualTo(callerUuid);
            assertThat(esl.api("uuid_exists " + callerUuid)).isEqualTo("true");

            assertThat(replyTo(
                            esl,
                            "sendmsg " + callerUuid + "\ncall-command: execute\nexecute-app-name: set"
                                    + "\nexecute-app-arg: firefly_x=1\nEvent-UUID: cmd-1"))
                    .isEqualTo("+OK");
            Frame done = esl.event("CHANNEL_EXECUTE_COMPLETE");
            assertThat(done.event("Application-UUID")).isEqualTo("cmd-1");
            assertThat(done.event("Application-Response")).isEqualTo("_none_");
            assertThat(esl.api("uuid_getvar " + callerUuid + " firefly_x")).isEqualTo("1");
            assertThat(esl.api("uuid_getvar " + callerUuid + " nosuch")).isEqualTo("_undef_");

            assertThat(esl.api("uuid_kill " + callerUuid + " USER_BUSY")).isEqualTo("+OK\n");
            String bye = caller.await("BYE ");
            assertThat(Caller.header(bye, "Reason")).isEqualTo("Q.850;cause=17;text=\"USER_BUSY\"");
        }
        nobodyIsLeft();
    }

    @Test
    void anInviteWithoutACommonCodecHears488() throws Exception {
        try (Caller caller = new Caller(sipPort(), "firefly")) {
            caller.inviteWith(G729_ONLY);
            assertThat(caller.awaitFinal("INVITE")).startsWith("SIP/2.0 488");
        }
        nobodyIsLeft();
    }

    private static String replyTo(RawEsl esl, String command) throws IOException {
        return esl.command(command).header("Reply-Text");
    }

    private Caller connected(String user) throws IOException {
        Caller caller = new Caller(sipPort(), user);
        connect(caller);
        return caller;
    }

    private static void connect(Caller caller) throws IOException {
        caller.invite();
        caller.await("SIP/2.0 200");
        caller.ack();
        caller.voice().start();
    }

    private static void assertHearsItsTone(Caller speaker, Caller listener) throws IOException {
        speaker.voice().say(Tones.source(AudioFormat.NARROWBAND, TONE_HZ, -12));
        speaker.listenFor(500);
        long from = System.nanoTime();
        listener.listenFor(600);
        Sound heard = RtpVoice.sound(listener.voice().since(from));
        assertThat(Tones.level(heard, TONE_HZ)).isCloseTo(-12, within(1.5));
        speaker.voice().hush();
    }

    /** RFC 4733: eight packets, the last three say that it ended. */
    private static void pressFive(Caller caller) throws IOException {
        for (int i = 0; i < 8; i++) {
            byte end = i >= 5 ? (byte) 0x8a : 0x0a;
            int duration = 160 * Math.min(i + 1, 5);
            byte marker = i == 0 ? (byte) 0xe5 : 0x65;
            caller.voice().raw(new byte[] {
                (byte) 0x80,
                marker,
                0x60,
                (byte) i,
                0x01,
                0x02,
                0x03,
                0x04,
                1,
                2,
                3,
                4,
                5,
                end,
                (byte) (duration >> 8),
                (byte) duration
            });
            caller.listenFor(20);
        }
    }

    /** The list of channels is written with a delay. */
    private void nobodyIsLeft() throws IOException {
        try (RawEsl esl = RawEsl.login(eslPort(), password())) {
            await().atMost(Duration.ofSeconds(5))
                    .until(() -> esl.api("show channels count").contains("0 total"));
        }
    }
}
