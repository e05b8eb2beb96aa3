package io.firefly.voip.audio;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Reads RIFF/WAVE files: PCM of 16 or 8 bit, A-law, mu-law; mono, or stereo mixed down; at a rate of
 * {@link AudioFormat}. {@link Writer} is the other direction.
 */
public final class WavFile {
    /** More than an hour of 8 kHz mono; whoever plays a file holds all of it in memory. */
    static final long MAX_BYTES = 64L << 20;

    private static final int PCM = 1;
    private static final int ALAW = 6;
    private static final int MULAW = 7;
    private static final int EXTENSIBLE = 0xFFFE;
    private static final String ALLOWED = "allowed are PCM of 16 or 8 bit, A-law and mu-law, mono or stereo, at 8000,"
            + " 16000, 24000, 32000 or 48000 Hz";

    private final Path path;
    private final ByteBuffer bytes;

    private WavFile(Path path, ByteBuffer bytes) {
        this.path = path;
        this.bytes = bytes;
    }

    /** @throws IOException when the file cannot be read or is not such a file: names it, what was found, what is allowed */
    public static Sound read(Path path) throws IOException {
        long size = Files.size(path);
        if (size > MAX_BYTES) {
            throw new IOException(path + ": " + size + " bytes; allowed are " + MAX_BYTES);
        }
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(path)).order(ByteOrder.LITTLE_ENDIAN);
        return new WavFile(path, bytes).parse();
    }

    private Sound parse() throws IOException {
        if (bytes.remaining() < 12 || !tag().equals("RIFF")) throw malformed("no RIFF header");
        bytes.getInt(); // the size of everything: wrong in files of a crashed writer, and not needed
        if (!tag().equals("WAVE")) throw malformed("RIFF, but not WAVE");
        Layout layout = null;
        while (bytes.remaining() >= 8) {
            String name = tag();
            long length = bytes.getInt() & 0xFFFFFFFFL;
            if (name.equals("data")) {
                if (layout == null) throw malformed("sound before its format");
                return sound(layout, length);
            }
            if (length > bytes.remaining()) throw malformed("chunk '" + name + "' ends behind the file");
            int end = bytes.position() + (int) length;
            if (name.equals("fmt ")) layout = layout((int) length);
            bytes.position(Math.min(bytes.limit(), end + (end & 1)));
        }
        throw malformed("no sound ('data') in it");
    }

    private Layout layout(int length) throws IOException {
        if (length < 16) throw malformed("a format of " + length + " bytes");
        int start = bytes.position();
        int encoding = bytes.getShort() & 0xFFFF;
        int channels = bytes.getShort() & 0xFFFF;
        int rate = bytes.getInt();
        bytes.position(start + 14);
        int bits = bytes.getShort() & 0xFFFF;
        if (encoding == EXTENSIBLE && length >= 26) encoding = bytes.getShort(start + 24) & 0xFFFF;
        boolean known =
                encoding == PCM ? bits == 16 || bits == 8 : (encoding == ALAW || encoding == MULAW) && bits == 8;
        if (!known) throw malformed("encoding " + encoding + " with " + bits + " bit");
        if (channels < 1 || channels > 2) throw malformed(channels + " channels");
        if (rate < 8_000 || rate > 48_000 || rate % 1_000 != 0) throw malformed(rate + " Hz");
        return new Layout(encoding, channels, new AudioFormat(rate), bits / 8);
    }

    private Sound sound(Layout layout, long told) throws IOException {
        // 0 and the largest sizes are what a writer leaves that streams or has died: the rest of the file is meant.
        boolean unfinished = told == 0 || told >= 0x7FFF_0000L;
        if (!unfinished && told > bytes.remaining()) {
            throw malformed(told + " bytes of sound promised, " + bytes.remaining() + " there");
        }
        long length = unfinished ? bytes.remaining() : told;
        short[] pcm = new short[(int) (length / layout.bytesPerFrame())];
        for (int i = 0; i < pcm.length; i++) {
            int sum = 0;
            for (int channel = 0; channel < layout.channels(); channel++) sum += sample(layout);
            pcm[i] = (short) (sum / layout.channels());
        }
        return new Sound(layout.format(), pcm);
    }

    private short sample(Layout layout) {
        if (layout.encoding() == ALAW) return G711.PCMA.decode(bytes.get());
        if (layout.encoding() == MULAW) return G711.PCMU.decode(bytes.get());
        return layout.bytesPerSample() == 2 ? bytes.getShort() : (short) (((bytes.get() & 0xFF) - 128) << 8);
    }

    private String tag() {
        byte[] name = new byte[4];
        bytes.get(name);
        return new String(name, StandardCharsets.ISO_8859_1);
    }

    private IOException malformed(String found) {
        return new IOException(path + ": " + found + "; " + ALLOWED);
    }

    private record Layout(int encoding, int channels, AudioFormat format, int bytesPerSample) {
        int bytesPerFrame() {
            return channels * bytesPerSample;
        }
    }

    /**
     * Writes a WAV file of 16 bit PCM, mono or stereo. The sizes in the header are put right every 5 s of sound and on
     * close, so a crash costs at most the last 5 s; when the disk is full, close puts them right for what found room,
     * and says so by its exception. At 4 GB, the most the format can say, it stops and is {@link #isFull}.
     *
     * <p>One thread at a time; blocks on the disk, so never the media thread.
     */
    public static final class Writer implements AutoCloseable {
        static final long MAX_DATA_BYTES = 0xFFFF_FFFFL - 36 - 3;

        private static final int HEADER_BYTES = 44;
        private static final int SAFE_SECONDS = 5;

        private final FileChannel file;
        private final AudioFormat format;
        private final int channels;
        private final long maxDataBytes;
        private final ByteBuffer buffer;
        private long written;
        private long safe;
        private boolean full;

        /** @throws IOException when the file cannot be made; an old one of that name is replaced */
        public Writer(Path path, AudioFormat format, int channels) throws IOException {
            this(path, format, channels, MAX_DATA_BYTES);
        }

        Writer(Path path, AudioFormat format, int channels, long maxDataBytes) throws IOException {
            this(open(path, channels), format, channels, maxDataBytes);
        }

        Writer(FileChannel file, AudioFormat format, int channels, long maxDataBytes) throws IOException {
            this.file = file;
            this.format = format;
            this.channels = channels;
            this.maxDataBytes = maxDataBytes;
            this.buffer = ByteBuffer.allocate(16 << 10).order(ByteOrder.LITTLE_ENDIAN);
            try {
                writeHeader();
            } catch (IOException e) {
                file.close();
                throw e;
            }
        }

        private static FileChannel open(Path path, int channels) throws IOException {
            if (channels < 1 || channels > 2) throw new IllegalArgumentException(channels + " channels; 1 or 2");
            return FileChannel.open(
                    path, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING);
        }

        /**
         * Appends samples; in stereo left and right take turns.
         *
         * @return false when the file is full and these samples were left out
         */
        public boolean write(short[] pcm, int length) throws IOException {
            if (full || written + 2L * length > maxDataBytes) {
                full = true;
                return false;
            }
            for (int i = 0; i < length; i++) {
                if (buffer.remaining() < 2) drain();
                buffer.putShort(pcm[i]);
            }
            written += 2L * length;
            if (written - safe >= (long) SAFE_SECONDS * format.sampleRateHz() * channels * 2) makeSafe();
            return true;
        }

        public boolean isFull() {
            return full;
        }

        /** How much sound has been taken, in samples of one channel; after close: how much is in the file. */
        public long samples() {
            return written / 2 / channels;
        }

        @Override
        public void close() throws IOException {
            if (!file.isOpen()) return;
            try (file) {
                try {
                    drain();
                } finally {
                    // Takes no room: these bytes are there since the beginning.
                    written = (file.position() - HEADER_BYTES) / (2L * channels) * (2L * channels);
                    writeHeader();
                }
            }
        }

        private void makeSafe() throws IOException {
            drain();
            writeHeader();
            safe = written;
        }

        private void drain() throws IOException {
            buffer.flip();
            try {
                while (buffer.hasRemaining()) file.write(buffer);
            } finally {
                buffer.compact();
            }
        }

        private void writeHeader() throws IOException {
            int frameBytes = channels * 2;
            ByteBuffer header = ByteBuffer.allocate(HEADER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
            header.put(ascii("RIFF")).putInt((int) (36 + written)).put(ascii("WAVE"));
            header.put(ascii("fmt ")).putInt(16).putShort((short) 1).putShort((short) channels);
            header.putInt(format.sampleRateHz()).putInt(format.sampleRateHz() * frameBytes);
            header.putShort((short) frameBytes).putShort((short) 16);
            header.put(ascii("data")).putInt((int) written).flip();
            for (int at = 0; header.hasRemaining(); ) at += file.write(header, at);
            if (file.position() < HEADER_BYTES) file.position(HEADER_BYTES);
        }

        private static byte[] ascii(String text) {
            return text.getBytes(StandardCharsets.US_ASCII);
        }
    }
}
