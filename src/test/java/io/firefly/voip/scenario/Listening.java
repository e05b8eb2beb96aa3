package io.firefly.voip.scenario;

import static org.awaitility.Awaitility.await;

import io.firefly.voip.audio.AudioFormat;
import io.firefly.voip.audio.Sound;
import io.firefly.voip.audio.WavFile;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;

/** Finds recordings in what a caller heard. */
final class Listening {
    /** 800 ms are like nothing else. */
    private static final int PATTERN_SAMPLES = 6_400;

    private static final double ALIKE = 0.9;

    private Listening() {}

    /** The name of one of the simulator's sentences, or a file of {@code audio}. */
    static Sound sound(String name) throws IOException {
        String file = name.endsWith(".wav") ? "audio/" + name : "src/main/resources/simulator/" + name + ".wav";
        return WavFile.read(Path.of(file)).as(AudioFormat.NARROWBAND);
    }

    static void awaitSound(Caller caller, long since, String name) {
        await().atMost(Duration.ofSeconds(30))
                .pollInterval(Duration.ofMillis(700))
                .until(() -> placeOf(caller, since, name) >= 0);
    }

    /** Milliseconds from the first frame to where the sound began; -1 when it was not heard. */
    static double placeOf(Caller caller, long since, String name) throws IOException {
        return placeOf(caller, since, name, 0);
    }

    /** @param afterMillis only from there on */
    static double placeOf(Caller caller, long since, String name, double afterMillis) throws IOException {
        short[] heard = RtpVoice.sound(caller.voice().since(since)).pcm();
        short[] whole = sound(name).pcm();
        short[] pattern = Arrays.copyOf(whole, Math.min(whole.length, PATTERN_SAMPLES));
        double best = ALIKE;
        double place = -1;
        for (int at = (int) (8 * afterMillis); at + pattern.length <= heard.length; at++) {
            double likeness = ChatCallTest.likenessAt(heard, pattern, at);
            if (likeness > best) {
                best = likeness;
                place = at / 8.0;
            }
        }
        return place;
    }

    /** From where all of it was heard, in pieces of half a second; -1 when some was missing. */
    static double placeOfAll(Caller caller, long since, String name) throws IOException {
        double begin = placeOf(caller, since, name);
        if (begin < 0) return -1;
        short[] heard = RtpVoice.sound(caller.voice().since(since)).pcm();
        short[] whole = sound(name).pcm();
        int piece = 4_000;
        for (int at = 0; at + piece <= whole.length; at += piece) {
            Sound part = new Sound(AudioFormat.NARROWBAND, Arrays.copyOfRange(whole, at, at + piece));
            if (RtpVoice.audibleMillis(RtpVoice.frames(part)) < 200) continue;
            if (ChatCallTest.likeness(new Sound(AudioFormat.NARROWBAND, heard), part) < 0.8) return -1;
        }
        return begin;
    }
}
