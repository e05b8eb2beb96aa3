package io.firefly.voip.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.firefly.voip.audio.AudioSink;
import io.firefly.voip.audio.AudioSource;
import io.firefly.voip.bridge.AudioBridge;
import io.firefly.voip.call.CallId;
import io.firefly.voip.call.HangupCause;
import io.firefly.voip.media.MediaEngine;
import io.firefly.voip.media.MediaListener;
import io.firefly.voip.media.MediaSession;
import io.firefly.voip.media.Negotiated;
import io.firefly.voip.media.Negotiated.Agreed;
import io.firefly.voip.media.Negotiated.Refused;
import io.firefly.voip.media.freeswitch.SwitchFabric;
import io.firefly.voip.media.freeswitch.SwitchNode;
import io.firefly.voip.testing.RunningFirefly;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The media engine over a real FreeSWITCH; the test is caller and call at once. */
@Tag("freeswitch")
class FreeSwitchEngineTest {
    private static final String ADDRESS = "FIREFLY_TEST_FREESWITCH";
    private static final int MANY = 50;

    private static RunningFirefly firefly;
    private static SwitchNode node;

    private final List<Talk> talks = new ArrayList<>();

    @BeforeAll
    static void start() {
        String address = System.getenv(ADDRESS);
        Assumptions.assumeTrue(address != null, ADDRESS + " names no FreeSWITCH (host:eslPort:password:sipPort)");
        String[] parts = String.valueOf(address).split(":", -1);
        firefly = RunningFirefly.with(
                "firefly.media.engine",
                "freeswitch",
                "firefly.media.rtp.timeout",
                "2s",
                "firefly.freeswitch.instance",
                "engine-test",
                "firefly.freeswitch.nodes[0].host",
                parts[0],
                "firefly.freeswitch.nodes[0].port",
                parts[1],
                "firefly.freeswitch.nodes[0].password",
                parts[2],
                "firefly.freeswitch.nodes[0].sip",
                parts[0] + ":" + parts[3]);
        node = firefly.bean(SwitchFabric.class).nodes().get(0);
        await().until(() -> node.health().up());
    }

    @AfterAll
    static void stop() {
        if (firefly != null) firefly.close();
    }

    /** FreeSWITCH holds no channel of ours, and we hold nothing. */
    @AfterEach
    void atRest() {
        talks.forEach(Talk::close);
        MediaEngine engine = firefly.bean(MediaEngine.class);
        await().atMost(Duration.ofSeconds(10)).until(() -> engine.openSessions() == 0);
        await().atMost(Duration.ofSeconds(10)).untilAsserted(() -> assertThat(get(node.api("show", "channels")))
                .contains("0 total"));
    }

    @Test
    void theCallerHearsItself() throws Exception {
        assertThat(talk().echoes()).isTrue();
    }

    @Test
    void holdAndBack() throws Exception {
        Talk talk = talk();
        assertThat(talk.echoes()).isTrue();
        Agreed held = (Agreed) get(talk.session.answer(talk.voice.offer() + "a=sendonly\r\n"));
        assertThat(held.callerHears()).isFalse();
        await().during(Duration.ofSeconds(3)).atMost(Duration.ofSeconds(4)).until(talk.told::isEmpty);
        Agreed back = (Agreed) get(talk.session.answer(talk.voice.offer()));
        assertThat(back.callerHears()).isTrue();
        assertThat(talk.echoes()).isTrue();
    }

    @Test
    void aCodecNobodyHasIsRefusedAndTheCallGoesOn() throws Exception {
        Talk talk = talk();
        assertThat(talk.echoes()).isTrue();
        assertThat(get(talk.session.answer(talk.voice.offer().replace("AVP 0 101", "AVP 3 101"))))
                .isInstanceOf(Refused.class);
        assertThat(talk.echoes()).isTrue();
    }

    @Test
    void theCodecMayChange() throws Exception {
        Talk talk = talk();
        Agreed changed = (Agreed) get(talk.session.answer(talk.voice.offer().replace("AVP 0 101", "AVP 8 101")));
        assertThat(changed.codec()).isEqualTo("PCMA");
        assertThat(((Agreed) get(talk.session.answer(talk.voice.offer()))).codec())
                .isEqualTo("PCMU");
        assertThat(talk.echoes()).isTrue();
    }

    @Test
    void wideBandIsFreeSwitchsWork() throws Exception {
        MediaSession session = firefly.bean(MediaEngine.class).open(CallId.next());
        try (RtpVoice voice = new RtpVoice()) {
            Agreed agreed = (Agreed) get(session.answer(voice.offer().replace("AVP 0 101", "AVP 9 101")));
            assertThat(agreed.codec()).isEqualTo("G722");
        } finally {
            session.close();
        }
    }

    @Test
    void aKeyIsHeardOnce() throws Exception {
        Talk talk = talk();
        talk.press(5);
        await().until(() -> talk.told.contains("key 5"));
        talk.press(11);
        await().until(() -> talk.told.contains("key #"));
        assertThat(talk.told).containsExactly("key 5", "key #");
    }

    @Test
    void freeSwitchMayOfferAndTheCallerAnswers() throws Exception {
        Talk talk = new Talk();
        talks.add(talk);
        String offer = get(talk.session.offer());
        assertThat(offer).containsOnlyOnce("m=audio");
        Agreed agreed = (Agreed) get(talk.session.accept(talk.voice.offer()));
        assertThat(agreed.codec()).isEqualTo("PCMU");
        talk.begin(agreed);
        assertThat(talk.echoes()).isTrue();
    }

    @Test
    void whatFreeSwitchEndsIsLost() throws Exception {
        Talk talk = talk();
        assertThat(talk.echoes()).isTrue();
        Matcher uuid = Pattern.compile("(?m)^([0-9a-f-]{36}),").matcher(get(node.api("show", "channels")));
        assertThat(uuid.find()).isTrue();
        get(node.api("uuid_kill", uuid.group(1) + " ALLOTTED_TIMEOUT"));
        await().until(() -> !talk.told.isEmpty());
        assertThat(talk.told.get(0)).startsWith("lost ");
    }

    @Test
    void aCallerWhoFallsSilentIsMissed() throws Exception {
        Talk talk = talk();
        assertThat(talk.echoes()).isTrue();
        talk.voice.close();
        await().atMost(Duration.ofSeconds(8)).until(() -> talk.told.contains("timed out"));
    }

    @Test
    void manyCallsAtATimeHearThemselves() throws Exception {
        List<Talk> all = new ArrayList<>();
        for (int i = 0; i < MANY; i++) all.add(talk());
        long since = System.nanoTime();
        for (Talk talk : all) talk.voice.say(tone());
        await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> assertThat(all)
                .allMatch(talk -> RtpVoice.audibleMillis(talk.voice.since(since)) > 500));
        assertThat(firefly.bean(MediaEngine.class).openSessions()).isEqualTo(MANY);
        assertThat(all).allMatch(talk -> talk.told.isEmpty());
    }

    private Talk talk() throws Exception {
        Talk talk = new Talk();
        talks.add(talk);
        Negotiated answer = get(talk.session.answer(talk.voice.offer()));
        assertThat(answer).isInstanceOf(Agreed.class);
        talk.begin((Agreed) answer);
        return talk;
    }

    private static <T> T get(CompletionStage<T> stage) throws Exception {
        return stage.toCompletableFuture().get(15, TimeUnit.SECONDS);
    }

    private static AudioSource tone() {
        int[] at = {0};
        return (pcm, length) -> {
            for (int i = 0; i < length; i++) pcm[i] = (short) (8_000 * Math.sin(2 * Math.PI * 440 * at[0]++ / 8_000));
            return length;
        };
    }

    /** A caller and its call. */
    private static final class Talk implements MediaListener, AutoCloseable {
        final MediaSession session = firefly.bean(MediaEngine.class).open(CallId.next());
        final RtpVoice voice = new RtpVoice();
        final List<String> told = new CopyOnWriteArrayList<>();
        private int timestamp = 1_000_000;
        private int sequence = 20_000;

        Talk() throws IOException {}

        void begin(Agreed agreed) {
            Matcher port = Pattern.compile("m=audio (\\d+)").matcher(agreed.sdp());
            assertThat(port.find()).isTrue();
            voice.talkTo(Integer.parseInt(port.group(1)));
            voice.start();
            AudioBridge bridge = new AudioBridge(session.format(), AudioSink.NOWHERE, AudioSink.NOWHERE, 1.0);
            bridge.echo();
            bridge.join(session);
            session.start(this);
        }

        /** Whether the caller hears what it says, and nothing when it says nothing. */
        boolean echoes() {
            voice.hush();
            await().atMost(Duration.ofSeconds(5)).until(() -> {
                var last = voice.since(System.nanoTime() - 200_000_000);
                return !last.isEmpty() && RtpVoice.audibleMillis(last) == 0;
            });
            long since = System.nanoTime();
            voice.say(tone());
            await().atMost(Duration.ofSeconds(5)).until(() -> RtpVoice.audibleMillis(voice.since(since)) > 300);
            voice.hush();
            return true;
        }

        /** RFC 4733: 100 ms of a key, its end said three times. */
        void press(int event) throws Exception {
            timestamp += 16_000;
            for (int i = 1; i <= 7; i++) {
                ByteBuffer packet = ByteBuffer.allocate(16);
                packet.put((byte) 0x80).put((byte) (i == 1 ? 0x80 | 101 : 101)).putShort((short) sequence++);
                packet.putInt(timestamp).putInt(0x0BAD_CAFE).put((byte) event);
                packet.put((byte) (i > 4 ? 0x8A : 0x0A)).putShort((short) (160 * Math.min(i, 5)));
                voice.raw(packet.array());
            }
        }

        @Override
        public void dtmf(char digit, int millis) {
            told.add("key " + digit);
        }

        @Override
        public void timedOut() {
            told.add("timed out");
        }

        @Override
        public void lost(HangupCause cause, String why) {
            told.add("lost " + cause.label() + " " + why);
        }

        @Override
        public void close() {
            session.close();
            voice.close();
        }
    }
}
