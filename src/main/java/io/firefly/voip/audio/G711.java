package io.firefly.voip.audio;

import java.util.Arrays;

/**
 * The two laws of ITU-T G.711 by table: one byte a sample at 8 kHz. Decoding and encoding again gives the same byte
 * (but for mu-law's negative zero, 0x7F, which becomes 0xFF), so PCM between two G.711 ends costs no quality.
 */
@SuppressWarnings("ImmutableEnumChecker") // the tables are filled once and never handed out
public enum G711 {
    /** mu-law, RTP payload type 0. */
    PCMU((byte) 0xFF) {
        @Override
        short expand(int code) {
            int inverted = ~code & 0xFF;
            int exponent = (inverted >> 4) & 7;
            int magnitude = ((((inverted & 0x0F) << 3) + ULAW_BIAS) << exponent) - ULAW_BIAS;
            return (short) ((inverted & 0x80) != 0 ? -magnitude : magnitude);
        }
    },
    /** A-law, RTP payload type 8. */
    PCMA((byte) 0xD5) {
        @Override
        short expand(int code) {
            int toggled = code ^ 0x55;
            int exponent = (toggled >> 4) & 7;
            int magnitude = ((toggled & 0x0F) << 4) + 8;
            if (exponent > 0) magnitude = (magnitude + 0x100) << (exponent - 1);
            return (short) ((toggled & 0x80) != 0 ? magnitude : -magnitude);
        }
    };

    private static final int ULAW_BIAS = 0x84;

    private final byte silence;
    private final short[] linear = new short[256];
    private final byte[] codes = new byte[1 << 16];

    G711(byte silence) {
        this.silence = silence;
        fill();
    }

    abstract short expand(int code);

    /** The code of a sample of value 0. */
    public byte silence() {
        return silence;
    }

    public short decode(byte code) {
        return linear[code & 0xFF];
    }

    public byte encode(short sample) {
        return codes[sample & 0xFFFF];
    }

    public void decode(byte[] from, int offset, short[] to, int length) {
        for (int i = 0; i < length; i++) to[i] = linear[from[offset + i] & 0xFF];
    }

    public void encode(short[] from, byte[] to, int offset, int length) {
        for (int i = 0; i < length; i++) to[offset + i] = codes[from[i] & 0xFFFF];
    }

    /** Every sample gets the code whose value is nearest; of two equally near ones the quieter. */
    private void fill() {
        Integer[] byValue = new Integer[256];
        for (int code = 0; code < 256; code++) {
            linear[code] = expand(code);
            byValue[code] = code;
        }
        Arrays.sort(byValue, (a, b) -> Integer.compare(linear[a], linear[b]));
        int nearest = 0;
        for (int sample = Short.MIN_VALUE; sample <= Short.MAX_VALUE; sample++) {
            while (nearest < 255 && isNearer(sample, linear[byValue[nearest + 1]], linear[byValue[nearest]])) nearest++;
            codes[sample & 0xFFFF] = (byte) (int) byValue[nearest];
        }
        codes[0] = silence;
    }

    private static boolean isNearer(int sample, int candidate, int current) {
        int gain = Math.abs(sample - current) - Math.abs(sample - candidate);
        return gain > 0 || (gain == 0 && Math.abs(candidate) <= Math.abs(current));
    }
}
