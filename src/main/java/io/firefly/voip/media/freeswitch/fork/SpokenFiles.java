package io.firefly.voip.media.freeswitch.fork;

import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;

/**
 * What the caller shall hear, for a module that takes texts only (drachtio's build): each {@code playAudio} becomes a file
 * there, which {@link FilePlayback} has played. An utterance begins with silence, which is the time that its next piece has
 * to come. In a pause nothing is sent, and the delay of an utterance that stalled goes away.
 *
 * <p>Holder of the line only. Allocates the texts.
 */
final class SpokenFiles implements Voice {
    static final int PIECE_FRAMES = 12;
    static final int LEAD_FRAMES = 3;
    /** Of what is read until it is heard: a piece is filled, and FreeSWITCH begins with its next frame. */
    static final Duration DELAY = Duration.ofMillis((PIECE_FRAMES + LEAD_FRAMES + 1) * 20);

    private static final String BEGIN =
            "{\"type\":\"playAudio\",\"data\":{\"audioContentType\":\"raw\",\"sampleRate\":8000,"
                    + "\"textContent\":\"";

    private final FilePlayback playback;
    private final byte[] piece = new byte[(PIECE_FRAMES + LEAD_FRAMES) * FRAME * 2];
    private int frames;
    private int framesWanted;
    private int quietFrames = HANGOVER_FRAMES;
    private boolean speaking;

    SpokenFiles(FilePlayback playback) {
        this.playback = playback;
    }

    @Override
    public boolean prime(ForkSocket socket) {
        return true;
    }

    @Override
    public boolean speak(short[] pcm, ForkSocket socket) {
        quietFrames = Voice.isQuiet(pcm) ? quietFrames + 1 : 0;
        if (quietFrames == 0 && !speaking) begin();
        if (!speaking) return true;
        append(pcm);
        boolean over = quietFrames >= HANGOVER_FRAMES;
        if (frames < framesWanted && !over) return true;
        speaking = !over;
        return send(socket);
    }

    private void begin() {
        speaking = true;
        frames = LEAD_FRAMES;
        framesWanted = LEAD_FRAMES + PIECE_FRAMES;
        Arrays.fill(piece, 0, LEAD_FRAMES * FRAME * 2, (byte) 0);
    }

    private void append(short[] pcm) {
        int at = frames * FRAME * 2;
        for (int i = 0; i < FRAME; i++) {
            piece[at++] = (byte) pcm[i];
            piece[at++] = (byte) (pcm[i] >> 8);
        }
        frames++;
    }

    private boolean send(ForkSocket socket) {
        int length = frames * FRAME * 2;
        frames = 0;
        framesWanted = PIECE_FRAMES;
        String name = playback.next();
        if (name == null) return false;
        String sound = Base64.getEncoder().encodeToString(Arrays.copyOf(piece, length));
        return socket.send(BEGIN + name + "\",\"audioContent\":\"" + sound + "\"}}");
    }

    @Override
    public boolean discard(ForkSocket socket) {
        boolean was = speaking;
        speaking = false;
        if (!playback.discard() && !was) return true;
        return socket.send(KILL);
    }
}
