package io.firefly.voip.camel.freeswitch.audio;

import static io.firefly.voip.camel.freeswitch.audio.MeasuredLine.RECORD_LOSES_MILLIS;
import static io.firefly.voip.camel.freeswitch.audio.MeasuredLine.lastLoudMillis;
import static io.firefly.voip.camel.freeswitch.audio.MeasuredLine.loudMillis;
import static io.firefly.voip.camel.freeswitch.audio.MeasuredLine.median;
import static io.firefly.voip.camel.freeswitch.audio.MeasuredLine.pass;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.firefly.voip.audio.AudioFormat;
import io.firefly.voip.audio.AudioSink;
import io.firefly.voip.audio.AudioSource;
import io.firefly.voip.audio.Chirp;
import io.firefly.voip.audio.Sound;
import io.firefly.voip.call.CallId;
import io.firefly.voip.camel.freeswitch.audio.MeasuredLine.Tone;
import io.firefly.voip.media.freeswitch.ChannelAudio;
import io.firefly.voip.media.freeswitch.fork.ForkProperties.Playout;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The transport against a FreeSWITCH with mod_audio_fork (jambonz build). */
@Tag("freeswitch")
class ForkOnFreeSwitchTest {
    private static final Logger log = LoggerFactory.getLogger(ForkOnFreeSwitchTest.class);
    private static final int CHIRPS = 6;
    private static final int SPACING_MILLIS = 1_000;

    private final Path folder;
    private final RealSwitch fs = RealSwitch.orSkip();
    private final MeasuredLine line;

    ForkOnFreeSwitchTest(@TempDir Path folder) throws IOException {
        this.folder = folder;
        line = new MeasuredLine(fs, folder);
    }

    @AfterEach
    void hangUpAll() throws Exception {
        fs.now("hupall");
        fs.close();
    }

    /** Gives every frame back in the same tick. */
    static final class Echo implements AudioSink, AudioSource {
        private final short[] held = new short[160];

        @Override
        public void write(short[] pcm, int length) {
            System.arraycopy(pcm, 0, held, 0, length);
        }

        @Override
        public int read(short[] pcm, int length) {
            System.arraycopy(held, 0, pcm, 0, length);
            return length;
        }
    }

    private Path chirps() throws Exception {
        short[] chirp = Chirp.generate(AudioFormat.NARROWBAND).pcm();
        short[] pcm = new short[8 * SPACING_MILLIS * CHIRPS];
        for (int i = 0; i < CHIRPS; i++) System.arraycopy(chirp, 0, pcm, i * 8 * SPACING_MILLIS + 800, chirp.length);
        return wav("chirps.wav", pcm);
    }

    private Path wav(String name, short[] pcm) throws Exception {
        Path file = folder.resolve(name);
        WavWriting.write(file, pcm);
        return file;
    }

    /** What the caller said and heard, each in its own channel. */
    private double[] roundTrips(RealSwitch.Pair call, Path said) throws Exception {
        return delays(line.heardAndSaid(call, () -> {
            fs.now("uuid_broadcast " + call.caller() + " " + said + " aleg");
            pass(CHIRPS * SPACING_MILLIS + RECORD_LOSES_MILLIS);
        }));
    }

    private static double[] delays(short[][] sides) {
        List<Double> all = new ArrayList<>();
        OptionalDouble first = Chirp.find(sound(sides[1], 0, 8 * SPACING_MILLIS));
        if (first.isEmpty()) return new double[0];
        for (int i = 0; i < CHIRPS; i++) {
            int from = (int) (first.getAsDouble() * 8) + i * 8 * SPACING_MILLIS - 160;
            Sound said = sound(sides[1], from, 8 * 700);
            Sound heard = sound(sides[0], from, 8 * 700);
            OptionalDouble a = Chirp.find(said);
            OptionalDouble b = Chirp.find(heard);
            if (a.isPresent() && b.isPresent()) all.add(b.getAsDouble() - a.getAsDouble());
        }
        return all.stream().mapToDouble(Double::doubleValue).toArray();
    }

    private static Sound sound(short[] pcm, int from, int length) {
        return new Sound(
                AudioFormat.NARROWBAND,
                Arrays.copyOfRange(pcm, Math.max(0, from), Math.min(pcm.length, Math.max(0, from) + length)));
    }

    @Test
    void theEchoTakesLittleLongerThanFreeSwitchsOwn() throws Exception {
        for (String codec : List.of("PCMA", "G722")) {
            List<Double> own = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                RealSwitch.Pair call = fs.call(codec);
                fs.now("uuid_transfer " + call.ours().uuid() + " echo inline");
                for (double delay : roundTrips(call, chirps())) own.add(delay);
                fs.now("uuid_kill " + call.ours().uuid());
            }
            log.info("{} own echo median {} all {}", codec, median(own), own);
            for (Playout playout : Playout.values()) {
                List<Double> ours = echoesOfOurs(playout, codec);
                log.info("{} {} echo median {} all {}", codec, playout, median(ours), ours);
                assertThat(ours).hasSizeGreaterThanOrEqualTo(CHIRPS);
                if (playout == Playout.QUICK)
                    assertThat(median(ours) - median(own)).isLessThanOrEqualTo(80);
            }
        }
    }

    private List<Double> echoesOfOurs(Playout playout, String codec) throws Exception {
        List<Double> ours = new ArrayList<>();
        try (AudioRig rig = new AudioRig(playout, Duration.ofSeconds(4))) {
            for (int i = 0; i < 3; i++) {
                RealSwitch.Pair call = fs.call(codec);
                ChannelAudio audio = line.attached(rig, call);
                Echo echo = new Echo();
                audio.connect(echo, echo);
                for (double delay : roundTrips(call, chirps())) ours.add(delay);
                audio.close();
                fs.now("uuid_kill " + call.ours().uuid());
            }
        }
        return ours;
    }

    @Test
    void everyUtteranceIsHeardToItsEndHoweverShort() throws Exception {
        try (AudioRig rig = new AudioRig(Playout.QUICK, Duration.ofSeconds(4))) {
            RealSwitch.Pair call = fs.call("PCMA");
            ChannelAudio audio = line.attached(rig, call);
            Tone tone = new Tone();
            audio.connect(AudioSink.NOWHERE, tone);
            List<String> wrong = new ArrayList<>();
            for (int frames : new int[] {1, 2, 3, 5, 25, 1, 2, 3}) {
                short[] heard = line.heard(call, () -> {
                    pass(200);
                    tone.frames.set(frames);
                    pass(frames * 20 + RECORD_LOSES_MILLIS + 300);
                });
                int loud = loudMillis(heard);
                log.info("utterance of {} ms: heard {} ms", frames * 20, loud);
                if (loud < frames * 20 - 10 || loud > frames * 20 + 20) wrong.add(frames * 20 + " heard as " + loud);
            }
            assertThat(wrong).isEmpty();
            audio.close();
        }
    }

    @Test
    void aBargeInSilencesTheCallersLineAtOnce() throws Exception {
        List<Double> tails = new ArrayList<>();
        try (AudioRig rig = new AudioRig(Playout.QUICK, Duration.ofSeconds(4))) {
            RealSwitch.Pair call = fs.call("PCMA");
            ChannelAudio audio = line.attached(rig, call);
            Tone tone = new Tone();
            audio.connect(AudioSink.NOWHERE, tone);
            for (int i = 0; i < 10; i++) {
                int phase = i * 7;
                long[] stamps = new long[2];
                short[] heard = line.heard(call, () -> {
                    stamps[0] = System.nanoTime();
                    tone.frames.set(500);
                    pass(500 + phase);
                    stamps[1] = System.nanoTime();
                    tone.frames.set(0);
                    audio.discardUnheard();
                    pass(RECORD_LOSES_MILLIS + 300);
                });
                tails.add(lastLoudMillis(heard) - (stamps[1] - stamps[0]) / 1e6);
            }
            audio.close();
        }
        log.info("barge-in to silence, at most: {}", tails);
        assertThat(median(tails)).isBetween(0.0, 100.0);
    }

    @Test
    void fiftyCallsAreCarriedTogether() throws Exception {
        List<Double> all = new ArrayList<>();
        try (AudioRig rig = new AudioRig(Playout.QUICK, Duration.ofSeconds(10))) {
            List<ChannelAudio> audios = new ArrayList<>();
            List<RealSwitch.Pair> calls = new ArrayList<>();
            for (int i = 0; i < 50; i++) {
                RealSwitch.Pair call = fs.call("PCMA");
                ChannelAudio audio = line.attached(rig, call);
                Echo echo = new Echo();
                audio.connect(echo, echo);
                audios.add(audio);
                calls.add(call);
            }
            for (int i = 0; i < 3; i++) for (double delay : roundTrips(calls.get(i * 20), chirps())) all.add(delay);
            for (ChannelAudio audio : audios) {
                assertThat(audio.statistics().packetsLost()).isZero();
                assertThat(audio.statistics().packetsReceived()).isGreaterThan(500);
                audio.close();
            }
            await().untilAsserted(
                            () -> assertThat(rig.sockets.statistics().open()).isZero());
            assertThat(rig.transport.openCalls()).isZero();
        }
        log.info("50 calls, echo median {} all {}", median(all), all);
        assertThat(all).hasSizeGreaterThan(12);
    }

    @Test
    void aSecondStartOnTheSameChannelTakesItOver() throws Exception {
        try (AudioRig rig = new AudioRig(Playout.QUICK, Duration.ofSeconds(4))) {
            RealSwitch.Pair call = fs.call("PCMA");
            ChannelAudio first = line.attached(rig, call);
            ChannelAudio second = line.attached(rig, call);
            await().until(() -> second.statistics().packetsReceived() > 20);
            first.close();
            second.close();
        }
    }

    @Test
    void theEndOfTheChannelIsToldOnceAsALoss() throws Exception {
        try (AudioRig rig = new AudioRig(Playout.QUICK, Duration.ofSeconds(4))) {
            RealSwitch.Pair call = fs.call("PCMA");
            AtomicInteger lost = new AtomicInteger();
            ChannelAudio audio = rig.transport.open(CallId.next(), fs);
            audio.attach(call.ours()).toCompletableFuture().get(5, TimeUnit.SECONDS);
            audio.start(lost::incrementAndGet);
            fs.now("uuid_kill " + call.ours().uuid());
            await().until(() -> lost.get() == 1);
            audio.close();
        }
    }
}
