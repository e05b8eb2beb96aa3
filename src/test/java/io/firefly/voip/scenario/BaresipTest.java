package io.firefly.voip.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.firefly.voip.audio.AudioFormat;
import io.firefly.voip.audio.LevelMeter;
import io.firefly.voip.audio.Sound;
import io.firefly.voip.audio.Tones;
import io.firefly.voip.audio.WavFile;
import io.firefly.voip.events.EventState;
import io.firefly.voip.freeswitch.Engine;
import io.firefly.voip.registrar.LocationService;
import io.firefly.voip.testing.RunningFirefly;
import io.firefly.voip.testing.Tool;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** A softphone that is a subscriber and nobody special: it registers, calls, and what it heard is measured. */
@Tag("real-calls")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BaresipTest {
    private static final int TONE_HZ = 700;
    private static final int WAV_HEADER = 44;

    private static RunningFirefly firefly;

    @TempDir
    private Path folder;

    private Engine engine = Engine.EMBEDDED;

    /** Who carries the media; an exchange of its own for each. */
    Engine engine() throws Exception {
        return Engine.EMBEDDED;
    }

    @BeforeAll
    void start() throws Exception {
        Tool.needs("baresip");
        engine = engine();
        firefly = RunningFirefly.with(engine, "firefly.sip.trusted-addresses", "");
    }

    @AfterAll
    void stop() {
        if (firefly != null) firefly.close();
        engine.close();
    }

    @Test
    void aPhoneThatPublishesAndWatchesItselfIsToldThatItIsThere() throws Exception {
        assumeTrue(Baresip.knowsPresence(), "baresip came without its module presence: left out");

        Tool phone = Baresip.watchingItself(firefly.sipPort(), folder).stays(10);

        int told = phone.output().indexOf("NOTIFY sip:linphone");
        assertThat(told).as(phone.output()).isPositive();
        assertThat(phone.output().substring(told))
                .contains("Subscription-State: active;expires=", "<basic>open</basic>", "terminated;reason=timeout");
        EventState events = firefly.bean(EventState.class);
        // Its publication may stay until it expires: baresip does not wait for the challenge to its last PUBLISH.
        await().until(() -> events.subscriptions() == 0);
    }

    @Test
    void aRegisteredPhoneHearsItsOwnToneFromTheEchoTest() throws Exception {
        Path tone = write("tone.wav", Tones.sine(AudioFormat.NARROWBAND, TONE_HZ, -12, 20_000));
        Baresip phone = Baresip.registeringAt(firefly.sipPort(), folder, tone);

        Tool printed = callWatchingTheRegistration(phone, "echo", 5);

        Sound heard = loudestSecond(phone.heard());
        assertThat(Tones.dominantHz(heard)).as(printed.output()).isCloseTo(TONE_HZ, within(5.0));
        assertThat(Tones.level(heard, TONE_HZ)).as("as loud as it was said").isCloseTo(-12, within(1.0));
        Rest.awaitRest(firefly, 10);
    }

    @Test
    void aRegisteredPhoneHearsTheAgentAndTheCallIsKept() throws Exception {
        short[] silence = new short[8 * 7_000];
        short[] count = Arrays.copyOf(WavFile.read(Path.of("audio/count.wav")).pcm(), 8 * 1_500);
        short[] said = Arrays.copyOf(silence, silence.length + count.length + 8 * 20_000);
        System.arraycopy(count, 0, said, silence.length, count.length);
        Baresip phone = Baresip.registeringAt(firefly.sipPort(), folder, write("speech.wav", said));

        Tool printed = callWatchingTheRegistration(phone, "chat", 12);

        Sound heard = phone.heard();
        assertThat(audibleMillis(heard))
                .as("speech of the agent; " + printed.output())
                .isGreaterThan(3_000);
        assertThat(Tones.level(loudestSecond(heard), Tones.dominantHz(loudestSecond(heard))))
                .as("no tone: its loudest frequency is a part of it")
                .isLessThan(level(loudestSecond(heard)) - 3);
        Rest.awaitRest(firefly, 10);
        assertKept(detailOf("chat"));
    }

    /** Beside the sound are the words; left is the caller, right the agent, and it is as long as the call was. */
    private static void assertKept(JsonNode detail) throws IOException {
        String callId = detail.path("callId").asText();
        byte[] wav = Files.readAllBytes(kept(callId, ".wav"));
        ByteBuffer bytes = ByteBuffer.wrap(wav).order(ByteOrder.LITTLE_ENDIAN);
        assertThat(bytes.getShort(22)).as("channels").isEqualTo((short) 2);
        int rate = bytes.getInt(24);
        long millis = 1_000L * (wav.length - WAV_HEADER) / 4 / rate;
        assertThat(millis)
                .as("length of the recording, talkMillis is the truth")
                .isCloseTo(detail.path("talkMillis").asLong(), within(20L));

        Sound left = channel(bytes, rate, 0);
        Sound right = channel(bytes, rate, 1);
        long agentFirst = firstAudibleMillis(right);
        long callerFirst = firstAudibleMillis(left);
        assertThat(agentFirst).as("the agent speaks first, on the right").isLessThan(3_000);
        assertThat(callerFirst).as("the caller after 7 s, on the left").isBetween(6_000L, 9_000L);

        String words = Files.readString(kept(callId, ".txt"));
        assertThat(words).contains("] AI: ").contains("] CALLER: ");
        JsonNode facts = new ObjectMapper().readTree(kept(callId, ".json").toFile());
        assertThat(facts.path("subscriber").asText()).isEqualTo("linphone");
    }

    private static Tool callWatchingTheRegistration(Baresip phone, String user, int seconds) throws Exception {
        String uri = "sip:" + user + "@127.0.0.1:" + firefly.sipPort();
        Callable<Tool> calling = () -> phone.call(uri, seconds);
        FutureTask<Tool> call = new FutureTask<>(calling);
        Thread runner = new Thread(call, "baresip");
        runner.start();
        LocationService locations = firefly.bean(LocationService.class);
        await().atMost(Duration.ofSeconds(5))
                .untilAsserted(() -> assertThat(locations.lookup("linphone")).hasSize(1));
        Tool printed = call.get(60, TimeUnit.SECONDS);
        runner.join();
        await().atMost(Duration.ofSeconds(3)).untilAsserted(() -> assertThat(locations.lookup("linphone"))
                .as("unregistered; " + printed.output())
                .isEmpty());
        return printed;
    }

    private Path write(String name, short[] pcm) throws IOException {
        Path file = folder.resolve(name);
        try (WavFile.Writer writer = new WavFile.Writer(file, AudioFormat.NARROWBAND, 1)) {
            writer.write(pcm, pcm.length);
        }
        return file;
    }

    private static JsonNode detailOf(String callflow) throws IOException {
        try (Stream<Path> days = Files.list(firefly.data().resolve("cdr"))) {
            for (Path day : days.toList()) {
                for (String line : Files.readAllLines(day)) {
                    JsonNode detail = new ObjectMapper().readTree(line);
                    if (detail.path("callflow").asText().equals(callflow)) return detail;
                }
            }
        }
        throw new AssertionError("no detail record of a call to " + callflow);
    }

    private static Path kept(String callId, String suffix) throws IOException {
        try (Stream<Path> files = Files.list(firefly.data().resolve("recordings"))) {
            return files.filter(file ->
                            file.toString().contains(callId) && file.toString().endsWith(suffix))
                    .findFirst()
                    .orElseThrow(() -> new AssertionError("no " + suffix + " of call " + callId));
        }
    }

    private static Sound channel(ByteBuffer stereo, int rate, int which) {
        short[] pcm = new short[(stereo.limit() - WAV_HEADER) / 4];
        for (int i = 0; i < pcm.length; i++) pcm[i] = stereo.getShort(WAV_HEADER + 4 * i + 2 * which);
        return new Sound(new AudioFormat(rate), pcm);
    }

    private static Sound loudestSecond(Sound sound) {
        int length = Math.min(sound.pcm().length, sound.format().sampleRateHz());
        int best = 0;
        double most = -200;
        for (int at = 0; at + length <= sound.pcm().length; at += length / 4) {
            double level = LevelMeter.measure(sound.pcm(), at, length);
            if (level > most) {
                most = level;
                best = at;
            }
        }
        return new Sound(sound.format(), Arrays.copyOfRange(sound.pcm(), best, best + length));
    }

    private static double level(Sound sound) {
        return LevelMeter.measure(sound.pcm(), 0, sound.pcm().length);
    }

    private static long audibleMillis(Sound sound) {
        int frame = sound.format().samplesPerFrame();
        long millis = 0;
        for (int at = 0; at + frame <= sound.pcm().length; at += frame)
            if (LevelMeter.measure(sound.pcm(), at, frame) > RtpVoice.AUDIBLE_DBFS) millis += AudioFormat.FRAME_MILLIS;
        return millis;
    }

    private static long firstAudibleMillis(Sound sound) {
        int frame = sound.format().samplesPerFrame();
        int at = 0;
        while (at + frame <= sound.pcm().length && LevelMeter.measure(sound.pcm(), at, frame) <= RtpVoice.AUDIBLE_DBFS)
            at += frame;
        return at / sound.format().samplesPerMilli();
    }
}
