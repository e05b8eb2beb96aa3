package io.firefly.voip.camel.freeswitch.audio;

import static org.awaitility.Awaitility.await;

import io.firefly.voip.audio.AudioSource;
import io.firefly.voip.call.CallId;
import io.firefly.voip.media.freeswitch.ChannelAudio;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Callers' lines of a real FreeSWITCH, which records them for us, 8 kHz. */
record MeasuredLine(RealSwitch fs, Path folder) {
    private static final Logger log = LoggerFactory.getLogger(MeasuredLine.class);
    /** What FreeSWITCH has not written yet when a recording is stopped. */
    static final int RECORD_LOSES_MILLIS = 700;

    private static final int LOUD = 1_000;

    interface Step {
        void run() throws Exception;
    }

    /** The sound of our side, there and begun. */
    ChannelAudio attached(AudioRig rig, RealSwitch.Pair call) throws Exception {
        ChannelAudio audio = rig.transport.open(CallId.next(), fs);
        audio.attach(call.ours()).toCompletableFuture().get(5, TimeUnit.SECONDS);
        audio.start(() -> log.warn("lost"));
        return audio;
    }

    /** What the caller heard while {@code during} ran. */
    short[] heard(RealSwitch.Pair call, Step during) throws Exception {
        return heardAndSaid(call, during)[0];
    }

    /** The same, and what the caller said. */
    short[][] heardAndSaid(RealSwitch.Pair call, Step during) throws Exception {
        Path both = folder.resolve("both-" + System.nanoTime() + ".wav");
        fs.now("uuid_setvar " + call.caller() + " RECORD_STEREO true");
        fs.now("uuid_record " + call.caller() + " start " + both);
        during.run();
        fs.now("uuid_record " + call.caller() + " stop " + both);
        await().until(() -> Files.size(both) > 1000);
        return WavWriting.stereo(both);
    }

    static void pass(int millis) {
        await().pollDelay(millis, TimeUnit.MILLISECONDS)
                .atMost(Duration.ofSeconds(60))
                .until(() -> true);
    }

    /** Milliseconds of sound: 10 ms count when they are loud. */
    static int loudMillis(short[] pcm) {
        int loud = 0;
        for (int at = 0; at + 80 <= pcm.length; at += 80) if (isLoud(pcm, at)) loud += 10;
        return loud;
    }

    /** Milliseconds of quiet between the first and the last sound. */
    static int gaps(short[] pcm) {
        int gaps = 0;
        int quiet = 0;
        boolean begun = false;
        for (int at = 0; at + 80 <= pcm.length; at += 80) {
            if (isLoud(pcm, at)) {
                gaps += quiet;
                quiet = 0;
                begun = true;
            } else if (begun) quiet += 10;
        }
        return gaps;
    }

    private static boolean isLoud(short[] pcm, int at) {
        for (int i = at; i < at + 80; i++) if (Math.abs(pcm[i]) > LOUD) return true;
        return false;
    }

    static double lastLoudMillis(short[] pcm) {
        for (int i = pcm.length - 1; i >= 0; i--) if (Math.abs(pcm[i]) > LOUD) return i / 8.0;
        return Double.NaN;
    }

    static double median(List<Double> values) {
        List<Double> sorted = new ArrayList<>(values);
        Collections.sort(sorted);
        return sorted.get(sorted.size() / 2);
    }

    /** A tone in 20 ms frames while {@code frames} are left. */
    static final class Tone implements AudioSource {
        final AtomicInteger frames = new AtomicInteger();
        private int position;

        @Override
        public int read(short[] pcm, int length) {
            if (frames.get() <= 0) return 0;
            frames.decrementAndGet();
            for (int i = 0; i < length; i++)
                pcm[i] = (short) (8_000 * Math.sin(2 * Math.PI * 440 * position++ / 8_000));
            return length;
        }
    }
}
