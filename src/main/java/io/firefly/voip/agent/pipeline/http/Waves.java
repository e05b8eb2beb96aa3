package io.firefly.voip.agent.pipeline.http;

import io.firefly.voip.audio.AudioFormat;
import io.firefly.voip.audio.Sound;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** WAV in memory: 16 bit linear PCM. Reads what servers stream, whose headers do not know their length. */
public final class Waves {
    private static final int HEADER_BYTES = 44;
    private static final int PCM = 1;
    private static final int EXTENSIBLE = 0xFFFE;

    private Waves() {}

    /** Mono. */
    public static byte[] write(Sound sound) {
        short[] pcm = sound.pcm();
        int rate = sound.format().sampleRateHz();
        ByteBuffer wav = ByteBuffer.allocate(HEADER_BYTES + 2 * pcm.length).order(ByteOrder.LITTLE_ENDIAN);
        wav.put(ascii("RIFF")).putInt(HEADER_BYTES - 8 + 2 * pcm.length).put(ascii("WAVEfmt "));
        wav.putInt(16).putShort((short) PCM).putShort((short) 1);
        wav.putInt(rate).putInt(2 * rate).putShort((short) 2).putShort((short) 16);
        wav.put(ascii("data")).putInt(2 * pcm.length);
        wav.asShortBuffer().put(pcm);
        return wav.array();
    }

    /**
     * A WAV file, or else bare samples.
     *
     * @param bareRateHz of samples without a header
     * @throws IOException when it is something else, naming what
     */
    public static Sound read(byte[] bytes, int bareRateHz) throws IOException {
        ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        if (!startsWith(in, 0, "RIFF")) {
            if (bytes.length == 0) throw new IOException("the speech is empty");
            if (startsWith(in, 0, "ID3") || startsWith(in, 0, "OggS") || bytes[0] == '{') {
                throw new IOException("the speech is neither WAV nor PCM: ask for response_format wav");
            }
            return new Sound(format(bareRateHz), samples(in, 1));
        }
        int channels = 0;
        int rate = 0;
        int at = 12;
        while (at + 8 <= bytes.length) {
            long size = in.getInt(at + 4) & 0xFFFF_FFFFL;
            if (startsWith(in, at, "fmt ") && at + 24 <= bytes.length) {
                checkEncoding(in.getShort(at + 8) & 0xFFFF, in.getShort(at + 22));
                channels = in.getShort(at + 10);
                rate = in.getInt(at + 12);
            } else if (startsWith(in, at, "data")) {
                if (channels < 1 || channels > 8) throw new IOException("the WAV file has " + channels + " channels");
                long length = Math.min(size, bytes.length - at - 8L);
                in.position(at + 8).limit(at + 8 + (int) length);
                return new Sound(format(rate), samples(in, channels));
            }
            at = (int) Math.min(bytes.length, at + 8 + size + size % 2);
        }
        throw new IOException("the WAV file has no data");
    }

    private static void checkEncoding(int encoding, int bits) throws IOException {
        if ((encoding != PCM && encoding != EXTENSIBLE) || bits != 16) {
            throw new IOException("the WAV file is not 16 bit PCM (format " + encoding + ", " + bits + " bit)");
        }
    }

    private static AudioFormat format(int rate) throws IOException {
        try {
            return new AudioFormat(rate);
        } catch (IllegalArgumentException e) {
            throw new IOException("the speech has " + rate + " Hz: 8000 to 48000 in steps of 1000 can be played", e);
        }
    }

    /** The first channel. */
    private static short[] samples(ByteBuffer in, int channels) {
        var all = in.slice().order(ByteOrder.LITTLE_ENDIAN).asShortBuffer();
        short[] pcm = new short[all.remaining() / channels];
        for (int i = 0; i < pcm.length; i++) pcm[i] = all.get(i * channels);
        return pcm;
    }

    private static boolean startsWith(ByteBuffer in, int at, String word) {
        for (int i = 0; i < word.length(); i++) {
            if (at + i >= in.limit() || in.get(at + i) != word.charAt(i)) return false;
        }
        return true;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
