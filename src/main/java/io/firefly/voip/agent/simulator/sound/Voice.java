package io.firefly.voip.agent.simulator.sound;

import io.firefly.voip.audio.AudioFormat;
import io.firefly.voip.audio.G711;
import io.firefly.voip.audio.Resampler;
import io.firefly.voip.audio.Sound;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * What the simulator can say: recorded sentences and their texts, cut into deltas and encoded once for all calls.
 * Thread-safe.
 */
public final class Voice {
    /** Audio at the server is counted in 50 ms: one output token. */
    public static final int TOKEN_MILLIS = 50;

    private static final String FOLDER = "/simulator/";
    private static final short WAV_MULAW = 7;

    private final int deltaMillis;
    private final Map<String, Prompt> prompts;
    private final Map<Encoding, Map<String, Speech>> encoded = new ConcurrentHashMap<>();

    private Voice(int deltaMillis, Map<String, Prompt> prompts) {
        this.deltaMillis = deltaMillis;
        this.prompts = prompts;
    }

    /** Reads the sentences from the class path. */
    public static Voice load(int deltaMillis) {
        Properties texts = new Properties();
        try (InputStream in = open("prompts.properties")) {
            texts.load(in);
            Map<String, Prompt> prompts = new LinkedHashMap<>();
            for (String name : texts.stringPropertyNames()) {
                prompts.put(name, new Prompt(texts.getProperty(name), readWav(name + ".wav")));
            }
            return new Voice(deltaMillis, prompts);
        } catch (IOException e) {
            throw new IllegalStateException("cannot read the simulator's prompts from " + FOLDER, e);
        }
    }

    /**
     * Anything, in the format a session asked for.
     *
     * @param text the name of a recorded sentence, or any text: then it is murmured
     * @param sound how the text sounds instead; null for the above
     */
    public Speech speech(String text, @Nullable Sound sound, Encoding encoding) {
        if (sound != null)
            return encode(new Prompt(text, sound.as(AudioFormat.WIDEBAND).pcm()), encoding);
        if (prompts.containsKey(text)) return speech(text, encoding);
        return encode(new Prompt(text, Murmur.of(text)), encoding);
    }

    /** One recorded sentence in the format a session asked for. */
    public Speech speech(String name, Encoding encoding) {
        return encoded.computeIfAbsent(encoding, any -> new ConcurrentHashMap<>())
                .computeIfAbsent(name, any -> encode(prompt(name), encoding));
    }

    /** The recording of a sentence, linear at 16 kHz. */
    public short[] recording(String name) {
        return prompt(name).wideband.clone();
    }

    private Prompt prompt(String name) {
        Prompt prompt = prompts.get(name);
        if (prompt == null) throw new IllegalArgumentException("no prompt '" + name + "' in " + prompts.keySet());
        return prompt;
    }

    private Speech encode(Prompt prompt, Encoding encoding) {
        short[] pcm = resample(prompt.wideband, encoding);
        int perToken = TOKEN_MILLIS * encoding.samplesPerMilli();
        int tokens = (pcm.length + perToken - 1) / perToken;
        byte[] bytes = encoding.encode(Arrays.copyOf(pcm, tokens * perToken));
        int perDelta = deltaMillis * encoding.bytesPerMilli();
        List<String> deltas = new ArrayList<>();
        for (int at = 0; at < bytes.length; at += perDelta) {
            byte[] delta = Arrays.copyOfRange(bytes, at, Math.min(bytes.length, at + perDelta));
            deltas.add(Base64.getEncoder().encodeToString(delta));
        }
        return new Speech(prompt.text, encoding, List.copyOf(deltas), deltaMillis, tokens * TOKEN_MILLIS);
    }

    /** From 16 kHz to the rate of an encoding. */
    public static short[] resample(short[] wideband, Encoding encoding) {
        Resampler resampler = new Resampler(AudioFormat.WIDEBAND, new AudioFormat(encoding.samplesPerMilli() * 1_000));
        short[] out = new short[resampler.maxOutput(wideband.length)];
        int length = resampler.process(wideband, wideband.length, out);
        return Arrays.copyOf(out, length);
    }

    private static InputStream open(String name) throws IOException {
        InputStream in = Voice.class.getResourceAsStream(FOLDER + name);
        if (in == null) throw new IOException("no resource " + FOLDER + name);
        return in;
    }

    /** A mu-law WAV: chunks of a 4-letter name, a length and data, padded to even. */
    private static short[] readWav(String name) throws IOException {
        try (InputStream in = open(name)) {
            ByteBuffer wav = ByteBuffer.wrap(in.readAllBytes()).order(ByteOrder.LITTLE_ENDIAN);
            wav.position(12);
            while (wav.remaining() >= 8) {
                byte[] id = new byte[4];
                wav.get(id);
                int length = wav.getInt();
                int start = wav.position();
                String chunk = new String(id, StandardCharsets.US_ASCII);
                if (chunk.equals("fmt ")) requireWidebandMulaw(wav, name);
                if (chunk.equals("data")) return mulaw(wav.array(), start, length);
                wav.position(start + length + (length & 1));
            }
            throw new IOException("no data in " + name);
        }
    }

    private static void requireWidebandMulaw(ByteBuffer wav, String name) throws IOException {
        short format = wav.getShort();
        short channels = wav.getShort();
        int rate = wav.getInt();
        if (format != WAV_MULAW || channels != 1 || rate != AudioFormat.WIDEBAND.sampleRateHz()) {
            throw new IOException(name + " must be mono mu-law at 16 kHz");
        }
    }

    private static short[] mulaw(byte[] wav, int start, int length) {
        byte[] codes = Arrays.copyOfRange(wav, start, start + length);
        short[] pcm = new short[length];
        G711.PCMU.decode(codes, 0, pcm, length);
        return pcm;
    }

    /** One sentence and its recording, linear at 16 kHz. */
    private static final class Prompt {
        final String text;
        final short[] wideband;

        Prompt(String text, short[] wideband) {
            this.text = text;
            this.wideband = wideband;
        }
    }

    /**
     * One sentence, ready to be sent.
     *
     * @param deltas base64, {@code deltaMillis} each, the last one maybe shorter
     * @param millis length of the whole; a multiple of 50
     */
    public record Speech(String text, Encoding encoding, List<String> deltas, int deltaMillis, int millis) {
        /** How much audio the first {@code count} deltas hold. */
        public int millisOf(int count) {
            return Math.min(millis, count * deltaMillis);
        }

        /** The first milliseconds of the whole. */
        public String base64(int firstMillis) {
            ByteBuffer all = ByteBuffer.allocate(millis * encoding.bytesPerMilli());
            for (String delta : deltas) all.put(Base64.getDecoder().decode(delta));
            byte[] first = Arrays.copyOf(all.array(), Math.min(firstMillis, millis) * encoding.bytesPerMilli());
            return Base64.getEncoder().encodeToString(first);
        }
    }

    /** How audio is written on the wire. */
    public enum Encoding {
        PCM("audio/pcm", null),
        PCMU("audio/pcmu", G711.PCMU),
        PCMA("audio/pcma", G711.PCMA);

        private final String type;
        private final @Nullable G711 law;

        Encoding(String type, @Nullable G711 law) {
            this.type = type;
            this.law = law;
        }

        public static Encoding named(String type) {
            for (Encoding encoding : values()) if (encoding.type.equals(type)) return encoding;
            throw new IllegalArgumentException("audio format " + type);
        }

        public int samplesPerMilli() {
            return law == null ? AudioFormat.REALTIME_PCM.samplesPerMilli() : AudioFormat.NARROWBAND.samplesPerMilli();
        }

        public int bytesPerSample() {
            return law == null ? 2 : 1;
        }

        public int bytesPerMilli() {
            return samplesPerMilli() * bytesPerSample();
        }

        /** Fills {@code to} with {@code count} samples; {@code offset} is in bytes. */
        public void decode(byte[] from, int offset, short[] to, int count) {
            if (law != null) {
                law.decode(from, offset, to, count);
                return;
            }
            for (int i = 0; i < count; i++) {
                int at = offset + 2 * i;
                to[i] = (short) ((from[at] & 0xFF) | from[at + 1] << 8);
            }
        }

        public byte[] encode(short[] pcm) {
            byte[] bytes = new byte[pcm.length * bytesPerSample()];
            if (law != null) {
                law.encode(pcm, bytes, 0, pcm.length);
            } else {
                ByteBuffer.wrap(bytes)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .asShortBuffer()
                        .put(pcm);
            }
            return bytes;
        }
    }
}
