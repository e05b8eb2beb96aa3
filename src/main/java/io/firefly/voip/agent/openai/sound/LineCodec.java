package io.firefly.voip.agent.openai.sound;

import io.firefly.voip.agent.AgentBrief;
import io.firefly.voip.audio.AudioFormat;
import io.firefly.voip.audio.G711;
import io.firefly.voip.audio.Resampler;

/**
 * How sound is written on the wire. G.711 lines are passed through byte by byte; everything else goes as linear PCM at
 * 24 kHz, the only linear rate the provider takes. One per session: its resamplers remember.
 */
public interface LineCodec {
    /** The provider's name: {@code audio/pcmu}, {@code audio/pcma}, {@code audio/pcm}. */
    String mediaType();

    /** 8 or 48. */
    int bytesPerMilli();

    /** Room that one 20 ms frame needs in bytes, at most. */
    int frameBytes();

    /** Media thread. @return bytes written to {@code to} from {@code offset} */
    int encode(short[] pcm, int length, byte[] to, int offset);

    /** Agent's thread. @return samples written to {@code to}; {@code length} bytes are at most 20 ms */
    int decode(byte[] from, int offset, int length, short[] to);

    /** Samples that {@link #decode} writes for 20 ms, at most. */
    int frameSamples();

    /** The codec for a call. */
    static LineCodec of(AgentBrief brief) {
        if (!brief.format().equals(AudioFormat.NARROWBAND)) return new Linear(brief.format());
        // 8 kHz lines that are not G.711 lose nothing they had by mu-law's 14 bits, and need no resampling.
        return new Companded(brief.lineCodec().equalsIgnoreCase("PCMA") ? G711.PCMA : G711.PCMU);
    }

    /** G.711, one byte a sample at 8 kHz. */
    record Companded(G711 law) implements LineCodec {
        private static final int FRAME = AudioFormat.NARROWBAND.samplesPerFrame();

        @Override
        public String mediaType() {
            return law == G711.PCMA ? "audio/pcma" : "audio/pcmu";
        }

        @Override
        public int bytesPerMilli() {
            return 8;
        }

        @Override
        public int frameBytes() {
            return FRAME;
        }

        @Override
        public int frameSamples() {
            return FRAME;
        }

        @Override
        public int encode(short[] pcm, int length, byte[] to, int offset) {
            law.encode(pcm, to, offset, length);
            return length;
        }

        @Override
        public int decode(byte[] from, int offset, int length, short[] to) {
            law.decode(from, offset, to, length);
            return length;
        }
    }

    /** 16 bit little-endian at 24 kHz. */
    final class Linear implements LineCodec {
        /** A resampler may give a few samples more in one frame than in the next. */
        private static final int SLACK_SAMPLES = 16;

        private static final int FRAME = AudioFormat.REALTIME_PCM.samplesPerFrame();

        private final AudioFormat line;
        private final Resampler up;
        private final Resampler down;
        private final short[] sending = new short[FRAME + SLACK_SAMPLES];
        private final short[] receiving = new short[FRAME];

        public Linear(AudioFormat line) {
            this.line = line;
            this.up = new Resampler(line, AudioFormat.REALTIME_PCM);
            this.down = new Resampler(AudioFormat.REALTIME_PCM, line);
        }

        @Override
        public String mediaType() {
            return "audio/pcm";
        }

        @Override
        public int bytesPerMilli() {
            return 48;
        }

        @Override
        public int frameBytes() {
            return 2 * sending.length;
        }

        @Override
        public int frameSamples() {
            return line.samplesPerFrame() + SLACK_SAMPLES;
        }

        @Override
        public int encode(short[] pcm, int length, byte[] to, int offset) {
            int samples = up.process(pcm, length, sending);
            for (int i = 0, at = offset; i < samples; i++) {
                to[at++] = (byte) sending[i];
                to[at++] = (byte) (sending[i] >> 8);
            }
            return 2 * samples;
        }

        @Override
        public int decode(byte[] from, int offset, int length, short[] to) {
            int samples = length / 2;
            for (int i = 0, at = offset; i < samples; i++, at += 2) {
                receiving[i] = (short) ((from[at] & 0xFF) | from[at + 1] << 8);
            }
            return down.process(receiving, samples, to);
        }
    }
}
