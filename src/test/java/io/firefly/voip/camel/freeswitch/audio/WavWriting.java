package io.firefly.voip.camel.freeswitch.audio;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** WAV as FreeSWITCH reads and writes it: 16 bit. What it records at 16 kHz is halved. */
final class WavWriting {
    private WavWriting() {}

    static void write(Path file, short[] pcm) throws IOException {
        ByteBuffer all = ByteBuffer.allocate(44 + pcm.length * 2).order(ByteOrder.LITTLE_ENDIAN);
        all.put("RIFF".getBytes(StandardCharsets.US_ASCII)).putInt(36 + pcm.length * 2);
        all.put("WAVEfmt ".getBytes(StandardCharsets.US_ASCII))
                .putInt(16)
                .putShort((short) 1)
                .putShort((short) 1);
        all.putInt(8_000).putInt(16_000).putShort((short) 2).putShort((short) 16);
        all.put("data".getBytes(StandardCharsets.US_ASCII)).putInt(pcm.length * 2);
        for (short sample : pcm) all.putShort(sample);
        Files.write(file, all.array());
    }

    /** Both channels, at 8 kHz. */
    static short[][] stereo(Path file) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        ByteBuffer all = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        int step = all.getInt(24) / 8_000;
        int data = new String(bytes, 0, 200, StandardCharsets.ISO_8859_1).indexOf("data") + 8;
        int frames = (bytes.length - data) / 4;
        short[][] sides = new short[2][frames / step];
        for (int i = 0; i < frames / step; i++) {
            sides[0][i] = all.getShort(data + i * step * 4);
            sides[1][i] = all.getShort(data + i * step * 4 + 2);
        }
        return sides;
    }
}
