package io.firefly.voip.phone;

import io.firefly.voip.audio.AudioFormat;
import io.firefly.voip.audio.Chirp;
import io.firefly.voip.audio.G711;
import io.firefly.voip.audio.LevelMeter;
import io.firefly.voip.audio.Sound;
import io.firefly.voip.audio.Tones;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/**
 * What a test call found out; the machine-readable result. Times in milliseconds since the INVITE unless they say
 * otherwise; what is not known is null.
 *
 * @param status the final SIP status of the INVITE
 * @param setupMillis from the INVITE to its 200
 * @param hungUpBy {@code us}, {@code far end} or {@code network}
 * @param roundTripMillis mouth to ear and back, when the other side echoes
 */
record CallReport(
        String target,
        Outcome outcome,
        int exitCode,
        String verdict,
        @Nullable Integer status,
        @Nullable String codec,
        @Nullable Double ringingMillis,
        @Nullable Double setupMillis,
        @Nullable Double talkMillis,
        @Nullable String hungUpBy,
        @Nullable String byeReason,
        @Nullable Double roundTripMillis,
        Rtp rtp,
        Heard heard,
        List<Ladder.Step> ladder) {
    private static final double AUDIBLE_DBFS = -50;
    private static final double TONE_SHARE_DB = 3;
    private static final int MIN_AUDIBLE_MILLIS = 40;
    private static final int ECHO_SEARCH_MILLIS = 15_000;

    /** @param firstPacketMillis from the 200 OK to the first packet; negative for early media */
    record Rtp(
            long sent,
            long received,
            long lost,
            double lostPercent,
            long duplicates,
            double jitterMillis,
            double maxGapMillis,
            @Nullable Double firstPacketMillis,
            int digitsSent) {}

    /**
     * What the sound was like.
     *
     * @param audibleMillis how much of it is louder than -50 dBFS
     * @param speechDbfs the level of that part
     * @param dominantHz the loudest frequency of the loudest half second, 0 when nothing was heard
     * @param tone whether that frequency is most of the half second: a tone, not speech
     * @param digits telephone-events that were received
     */
    record Heard(
            long millis,
            long audibleMillis,
            @Nullable Double speechDbfs,
            double dominantHz,
            @Nullable Double dominantDbfs,
            boolean tone,
            String digits) {}

    /** Collects while the call runs. Main thread only. */
    static final class Facts {
        @Nullable
        RtpPhone phone;

        @Nullable
        G711 codec;

        @Nullable
        Integer status;

        @Nullable
        Double ringingMillis;

        @Nullable
        Double answeredMillis;

        @Nullable
        Double endedMillis;

        @Nullable
        String hungUpBy;

        @Nullable
        String byeReason;

        boolean takesDigits;
        private long answeredNanos;
        private @Nullable Outcome outcome;
        private String why = "";

        /** The first reason counts. */
        void end(Outcome how, String reason) {
            if (outcome != null) return;
            outcome = how;
            why = reason;
        }

        void ringing(double millis) {
            if (ringingMillis == null) ringingMillis = millis;
        }

        void answered(double millis, long nanos, SipMessage ok) {
            answeredMillis = millis;
            answeredNanos = nanos;
            status = ok.status();
        }

        void hungUp(double millis, String by) {
            if (hungUpBy != null) return;
            hungUpBy = by;
            endedMillis = millis;
        }

        private @Nullable Double talkMillis() {
            return answeredMillis == null || endedMillis == null ? null : endedMillis - answeredMillis;
        }
    }

    /** Reads the measurements out; the phone is closed by now. */
    static CallReport of(CallSettings settings, Facts facts, Ladder ladder) {
        RtpPhone phone = facts.phone;
        HeardSound arrived = phone == null ? new HeardSound() : phone.heard();
        RtpSpeaker speaker = phone == null ? null : phone.speaker();
        Sound sound = arrived.sound();
        Heard heard = listen(sound, arrived.digits());
        Double roundTrip = speaker == null ? null : roundTrip(speaker, arrived, sound);
        judge(facts, settings, arrived, heard);
        Outcome outcome = facts.outcome == null ? Outcome.OK : facts.outcome;
        return new CallReport(
                settings.target().uri(),
                outcome,
                outcome.exitCode(),
                facts.why,
                facts.status,
                facts.codec == null ? null : facts.codec.name(),
                facts.ringingMillis,
                facts.answeredMillis,
                facts.talkMillis(),
                facts.hungUpBy,
                facts.byeReason,
                roundTrip,
                rtp(arrived, speaker, facts),
                heard,
                ladder.steps());
    }

    private static void judge(Facts facts, CallSettings settings, HeardSound arrived, Heard heard) {
        if (facts.answeredMillis == null) {
            facts.end(Outcome.FAILED, "not answered");
        } else if (arrived.packets() == 0) {
            facts.end(
                    Outcome.FAILED, "answered, but not one RTP packet came: a firewall, or a wrong address in the SDP");
        } else if (heard.audibleMillis() < MIN_AUDIBLE_MILLIS) {
            facts.end(Outcome.FAILED, "answered, but only silence was heard in " + arrived.packets() + " packets");
        } else if (!settings.voice().dtmf().isEmpty() && !facts.takesDigits) {
            facts.end(Outcome.FAILED, "heard, but the other side takes no telephone-events: the digits were not sent");
        } else {
            facts.end(Outcome.OK, "answered and heard");
        }
    }

    private static Rtp rtp(HeardSound arrived, @Nullable RtpSpeaker speaker, Facts facts) {
        long expected = arrived.packets() - arrived.duplicates() + arrived.lost();
        boolean timed = arrived.packets() > 0 && facts.answeredMillis != null;
        return new Rtp(
                speaker == null ? 0 : speaker.packets(),
                arrived.packets(),
                arrived.lost(),
                expected == 0 ? 0 : 100.0 * arrived.lost() / expected,
                arrived.duplicates(),
                arrived.jitterMillis(),
                arrived.maxGapMillis(),
                timed ? (arrived.firstNanos() - facts.answeredNanos) / 1e6 : null,
                speaker == null ? 0 : speaker.digitsSent());
    }

    private static Heard listen(Sound sound, String digits) {
        short[] pcm = sound.pcm();
        int frame = sound.format().samplesPerFrame();
        int audible = 0;
        double energy = 0;
        for (int at = 0; at + frame <= pcm.length; at += frame) {
            double dbfs = LevelMeter.measure(pcm, at, frame);
            if (dbfs <= AUDIBLE_DBFS) continue;
            audible++;
            energy += Math.pow(10, dbfs / 10);
        }
        Sound loudest = loudestHalfSecond(sound);
        double hz = audible == 0 ? 0 : Tones.dominantHz(loudest);
        double level = Tones.level(loudest, hz);
        return new Heard(
                sound.durationMillis(),
                (long) audible * AudioFormat.FRAME_MILLIS,
                audible == 0 ? null : 10 * Math.log10(energy / audible),
                hz,
                hz == 0 ? null : level,
                hz > 0 && level > LevelMeter.measure(loudest.pcm(), 0, loudest.pcm().length) - TONE_SHARE_DB,
                digits);
    }

    private static Sound loudestHalfSecond(Sound sound) {
        short[] pcm = sound.pcm();
        int window = sound.format().sampleRateHz() / 2;
        int best = 0;
        double most = Double.NEGATIVE_INFINITY;
        for (int at = 0; at + window <= pcm.length; at += window / 2) {
            double dbfs = LevelMeter.measure(pcm, at, window);
            if (dbfs > most) {
                most = dbfs;
                best = at;
            }
        }
        return new Sound(sound.format(), Arrays.copyOfRange(pcm, best, Math.min(pcm.length, best + window)));
    }

    private static @Nullable Double roundTrip(RtpSpeaker speaker, HeardSound arrived, Sound sound) {
        int searched =
                Math.min(sound.pcm().length, ECHO_SEARCH_MILLIS * sound.format().samplesPerMilli());
        Sound beginning = new Sound(sound.format(), Arrays.copyOf(sound.pcm(), searched));
        OptionalDouble place = Chirp.find(beginning, speaker.pattern());
        if (place.isEmpty()) return null;
        Long nanos = arrived.arrivalNanos(place.getAsDouble());
        double delay = nanos == null ? Double.NaN : speaker.millisSincePattern(nanos);
        return Double.isNaN(delay) ? null : delay;
    }
}
