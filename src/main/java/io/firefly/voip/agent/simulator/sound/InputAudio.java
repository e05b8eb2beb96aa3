package io.firefly.voip.agent.simulator.sound;

import io.firefly.voip.agent.simulator.sound.Voice.Encoding;
import java.util.Arrays;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** The input audio buffer: what the caller's side appended, its clock and the turn detection on it. */
public final class InputAudio {
    /** Less than this cannot be committed. */
    public static final int MIN_COMMIT_MILLIS = 100;

    private static final int MAX_BYTES = 16 << 20;
    private static final int SLACK_BYTES = 64 << 10;

    private final SpeechDetector detector = new SpeechDetector();
    private final Listener listener;
    private final short[] samples = new short[SpeechDetector.UNITS_PER_FRAME];
    private Encoding encoding = Encoding.PCM;
    private @Nullable TurnDetection turns;
    private byte[] held = new byte[4096];
    private int length;
    private long writtenUnits;
    private long droppedBytes;

    public InputAudio(Listener listener) {
        this.listener = listener;
    }

    /** Turn detection's news, told while the buffer ends exactly where the decision fell. */
    public interface Listener {
        /** @param audioStartMillis in audio written since the session began, prefix padding included */
        void speechStarted(long audioStartMillis);

        void speechStopped(long audioEndMillis);
    }

    /** What decides that somebody speaks. */
    public record TurnDetection(double threshold, int prefixPaddingMillis, int silenceMillis) {}

    /** Audio that became an item. */
    public static final class Segment {
        private final byte[] bytes;
        private final Encoding encoding;

        Segment(byte[] bytes, Encoding encoding) {
            this.bytes = bytes;
            this.encoding = encoding;
        }

        public int millis() {
            return bytes.length / encoding.bytesPerMilli();
        }

        public String base64() {
            return Base64.getEncoder().encodeToString(bytes);
        }
    }

    /** What is appended from now on is in this format and judged by these rules; null judges nothing. */
    public void use(Encoding next, @Nullable TurnDetection rules) {
        if (next != encoding) {
            encoding = next;
            clear();
            detector.forgetNeighbours();
        }
        turns = rules;
        if (rules == null) {
            detector.rest();
        } else {
            detector.tune(rules.threshold(), rules.silenceMillis());
        }
    }

    /** Whether so many bytes are whole samples. */
    public boolean isWhole(int count) {
        return count % encoding.bytesPerSample() == 0;
    }

    /** @param count bytes, in whole samples */
    public void append(byte[] bytes, int count) {
        int units = SpeechDetector.UNITS_PER_MILLI / encoding.samplesPerMilli();
        for (int at = 0; at < count; ) {
            int fits = Math.min((count - at) / encoding.bytesPerSample(), detector.room(units));
            int size = fits * encoding.bytesPerSample();
            hold(bytes, at, size);
            encoding.decode(bytes, at, samples, fits);
            detector.add(samples, fits, units);
            writtenUnits += (long) fits * units;
            at += size;
            judge();
        }
    }

    /** Audio written since the session began; the only clock turn detection has. */
    public long writtenMillis() {
        return writtenUnits / SpeechDetector.UNITS_PER_MILLI;
    }

    public boolean isSpeaking() {
        return detector.isSpeaking();
    }

    /** Bytes that fell out because nobody committed them. */
    public long droppedBytes() {
        return droppedBytes;
    }

    public int heldMillis() {
        return length / encoding.bytesPerMilli();
    }

    /** Empties the buffer into an item. Speech under way ends with it, unannounced. */
    public Segment take() {
        Segment segment = new Segment(Arrays.copyOf(held, length), encoding);
        clear();
        return segment;
    }

    public void clear() {
        length = 0;
        detector.rest();
    }

    private void judge() {
        TurnDetection rules = turns;
        SpeechDetector.Change change = detector.judge();
        if (rules == null) {
            detector.rest();
            return;
        }
        switch (change) {
            case STARTED -> started(rules);
            case STOPPED -> listener.speechStopped(detector.frames() * SpeechDetector.FRAME_MILLIS);
            case NONE -> trim(rules);
        }
    }

    private void started(TurnDetection rules) {
        long onsetMillis = detector.onsetFrame() * SpeechDetector.FRAME_MILLIS;
        long startMillis = Math.max(0, onsetMillis - rules.prefixPaddingMillis());
        keepLast((int) ((writtenMillis() - startMillis) * encoding.bytesPerMilli()));
        listener.speechStarted(startMillis);
    }

    /** While nobody speaks only the padding of the next turn is worth keeping. */
    private void trim(TurnDetection rules) {
        if (detector.isSpeaking()) return;
        int millis = rules.prefixPaddingMillis() + (SpeechDetector.MAX_ONSET_FRAMES + 1) * SpeechDetector.FRAME_MILLIS;
        int keep = Math.max(millis, MIN_COMMIT_MILLIS) * encoding.bytesPerMilli();
        if (length > keep + SLACK_BYTES) keepLast(keep);
    }

    private void hold(byte[] bytes, int at, int size) {
        if (length + size > MAX_BYTES) {
            droppedBytes += length - MAX_BYTES / 2;
            keepLast(MAX_BYTES / 2);
        }
        if (length + size > held.length) held = Arrays.copyOf(held, Math.max(length + size, held.length * 2));
        System.arraycopy(bytes, at, held, length, size);
        length += size;
    }

    private void keepLast(int bytes) {
        if (bytes >= length) return;
        System.arraycopy(held, length - bytes, held, 0, bytes);
        length = bytes;
    }
}
