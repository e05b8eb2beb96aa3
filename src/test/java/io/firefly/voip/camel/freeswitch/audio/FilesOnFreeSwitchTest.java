package io.firefly.voip.camel.freeswitch.audio;

import static io.firefly.voip.camel.freeswitch.audio.MeasuredLine.RECORD_LOSES_MILLIS;
import static io.firefly.voip.camel.freeswitch.audio.MeasuredLine.gaps;
import static io.firefly.voip.camel.freeswitch.audio.MeasuredLine.lastLoudMillis;
import static io.firefly.voip.camel.freeswitch.audio.MeasuredLine.loudMillis;
import static io.firefly.voip.camel.freeswitch.audio.MeasuredLine.median;
import static io.firefly.voip.camel.freeswitch.audio.MeasuredLine.pass;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.firefly.voip.audio.AudioSink;
import io.firefly.voip.camel.freeswitch.audio.MeasuredLine.Tone;
import io.firefly.voip.media.freeswitch.ChannelAudio;
import io.firefly.voip.media.freeswitch.fork.ForkProperties.Playout;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The transport against a FreeSWITCH with drachtio's build of mod_audio_fork, which plays files only. */
@Tag("freeswitch")
class FilesOnFreeSwitchTest {
    private static final Logger log = LoggerFactory.getLogger(FilesOnFreeSwitchTest.class);
    private static final String VARIABLE = "FIREFLY_TEST_FREESWITCH_FILES";

    private final Path folder;
    private final RealSwitch fs = RealSwitch.orSkip(VARIABLE);
    private final MeasuredLine line;
    private AudioRig rig;

    FilesOnFreeSwitchTest(@TempDir Path folder) throws Exception {
        this.folder = folder;
        line = new MeasuredLine(fs, folder);
        rig = new AudioRig(Playout.QUICK, Duration.ofSeconds(4));
    }

    @BeforeEach
    void hear() throws IOException {
        fs.hearEvents();
    }

    @AfterEach
    void hangUpAll() throws Exception {
        fs.now("hupall");
        rig.close();
        fs.close();
    }

    @Test
    void aLongUtteranceIsHeardWithoutAGap() throws Exception {
        RealSwitch.Pair call = fs.call("PCMA");
        ChannelAudio audio = line.attached(rig, call);
        Tone tone = new Tone();
        audio.connect(AudioSink.NOWHERE, tone);
        short[] heard = line.heard(call, () -> {
            tone.frames.set(400);
            pass(8_000 + RECORD_LOSES_MILLIS + 600);
        });
        int gaps = gaps(heard);
        int loud = loudMillis(heard);
        log.info("8000 ms of speech: heard {} ms with {} ms of gaps, delay {}", loud, gaps, audio.delay());
        assertThat(loud).isBetween(7_960, 8_040);
        assertThat(gaps).isLessThanOrEqualTo(20);
        assertThat(audio.statistics().packetsLost()).isZero();
    }

    @Test
    void everyUtteranceIsHeardToItsEndHoweverShort() throws Exception {
        RealSwitch.Pair call = fs.call("PCMA");
        ChannelAudio audio = line.attached(rig, call);
        Tone tone = new Tone();
        audio.connect(AudioSink.NOWHERE, tone);
        List<String> wrong = new ArrayList<>();
        for (int frames : new int[] {1, 2, 12, 13, 25, 1}) {
            short[] heard = line.heard(call, () -> {
                pass(200);
                tone.frames.set(frames);
                pass(frames * 20 + RECORD_LOSES_MILLIS + 600);
            });
            int loud = loudMillis(heard);
            log.info("utterance of {} ms: heard {} ms", frames * 20, loud);
            if (loud < frames * 20 - 10 || loud > frames * 20 + 20) wrong.add(frames * 20 + " heard as " + loud);
        }
        assertThat(wrong).isEmpty();
    }

    @Test
    void aBargeInSilencesTheCallersLineAtOnceAndTheNextWordIsHeard() throws Exception {
        List<Double> tails = new ArrayList<>();
        List<Integer> afterwards = new ArrayList<>();
        RealSwitch.Pair call = fs.call("PCMA");
        ChannelAudio audio = line.attached(rig, call);
        Tone tone = new Tone();
        audio.connect(AudioSink.NOWHERE, tone);
        for (int i = 0; i < 10; i++) {
            int phase = i * 27;
            long[] stamps = new long[2];
            short[] heard = line.heard(call, () -> {
                stamps[0] = System.nanoTime();
                tone.frames.set(500);
                pass(700 + phase);
                stamps[1] = System.nanoTime();
                tone.frames.set(0);
                audio.discardUnheard();
                pass(RECORD_LOSES_MILLIS + 300);
            });
            tails.add(lastLoudMillis(heard) - (stamps[1] - stamps[0]) / 1e6);
            afterwards.add(loudMillis(line.heard(call, () -> {
                tone.frames.set(20);
                pass(400 + RECORD_LOSES_MILLIS + 600);
            })));
        }
        log.info("barge-in to silence, at most: {}; 400 ms said after it: {}", tails, afterwards);
        assertThat(median(tails)).isBetween(-20.0, 100.0);
        assertThat(afterwards).allMatch(millis -> millis >= 390 && millis <= 420);
    }

    @Test
    void theCallerIsHeardWhileTheAgentSpeaks() throws Exception {
        RealSwitch.Pair call = fs.call("PCMA");
        ChannelAudio audio = line.attached(rig, call);
        AtomicInteger loud = new AtomicInteger();
        Tone tone = new Tone();
        tone.frames.set(100_000);
        audio.connect(
                (pcm, length) -> {
                    int peak = 0;
                    for (int i = 0; i < length; i++) peak = Math.max(peak, Math.abs(pcm[i]));
                    if (peak > 1_000) loud.incrementAndGet();
                },
                tone);
        short[] said = new short[8 * 6_000];
        for (int i = 0; i < said.length; i++) said[i] = (short) (8_000 * Math.sin(2 * Math.PI * 700 * i / 8_000));
        Path file = folder.resolve("said.wav");
        WavWriting.write(file, said);
        pass(500);
        fs.now("uuid_broadcast " + call.caller() + " " + file + " aleg");
        pass(7_000);
        log.info("6000 ms said while we spoke: heard {} ms", loud.get() * 20);
        assertThat(loud.get() * 20).isBetween(5_900, 6_100);
    }

    @Test
    void nothingIsLeftOfItsFiles() throws Exception {
        RealSwitch.Pair call = fs.call("PCMA");
        ChannelAudio audio = line.attached(rig, call);
        Tone tone = new Tone();
        tone.frames.set(200);
        audio.connect(AudioSink.NOWHERE, tone);
        pass(3_000);
        log.info("files after 3 s of speech: {}", files(call));
        assertThat(files(call)).isLessThan(6);
        audio.close();
        await().untilAsserted(() -> assertThat(files(call)).isZero());
        await().untilAsserted(() -> assertThat(rig.sockets.statistics().open()).isZero());
    }

    private long files(RealSwitch.Pair call) throws IOException {
        Path temp = Path.of(fs.now("global_getvar temp_dir").strip());
        try (Stream<Path> all = Files.list(temp)) {
            return all.filter(file ->
                            file.getFileName().toString().startsWith(call.ours().uuid()))
                    .count();
        }
    }
}
