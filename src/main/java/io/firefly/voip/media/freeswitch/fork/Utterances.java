package io.firefly.voip.media.freeswitch.fork;

import io.firefly.voip.audio.AudioFormat;
import io.firefly.voip.audio.Resampler;
import io.firefly.voip.media.freeswitch.fork.ForkProperties.Playout;
import org.jspecify.annotations.Nullable;

/**
 * What the caller shall hear, in the pieces that the module plays at once: it keeps back less than 640 samples, so a
 * piece has exactly these and nothing ever stays behind. In a pause nothing is sent; what FreeSWITCH had put by for late
 * pieces is used up then, and delay that came by a stall goes away.
 *
 * <p>Holder of the line only. Allocates nothing.
 */
final class Utterances implements Voice {
    /**
     * killAudio is obeyed with the channel's next frame; what came in between would be thrown away with the rest.
     */
    private static final int FRAMES_AFTER_KILL = 2;

    private final int framesPerPiece;
    private final int samplesPerFrame;
    private final @Nullable Resampler resampler;
    private final short[] upsampled;
    private final byte[] piece;
    private int frames;
    private int quietFrames = HANGOVER_FRAMES;
    private boolean speaking;
    private int hold;

    Utterances(Playout playout) {
        framesPerPiece = playout.framesPerPiece;
        samplesPerFrame = FRAME * playout.upsampling;
        resampler = playout.upsampling == 1
                ? null
                : new Resampler(AudioFormat.NARROWBAND, new AudioFormat(8_000 * playout.upsampling));
        upsampled = new short[samplesPerFrame];
        piece = new byte[(framesPerPiece + FRAMES_AFTER_KILL) * samplesPerFrame * 2];
    }

    /** At its beginning the module keeps back twice as much: silence takes that place, or the first word would come late. */
    @Override
    public boolean prime(ForkSocket socket) {
        int bytes = 2 * framesPerPiece * samplesPerFrame * 2;
        return socket.send(new byte[bytes], bytes);
    }

    @Override
    public boolean speak(short[] pcm, ForkSocket socket) {
        if (hold > 0) hold--;
        quietFrames = Voice.isQuiet(pcm) ? quietFrames + 1 : 0;
        if (quietFrames == 0) speaking = true;
        if (!speaking) return true;
        append(pcm);
        if (frames < framesPerPiece || hold > 0) return true;
        boolean sent = socket.send(piece, frames * samplesPerFrame * 2);
        frames = 0;
        if (quietFrames >= HANGOVER_FRAMES) speaking = false;
        return sent;
    }

    @Override
    public boolean discard(ForkSocket socket) {
        frames = 0;
        if (!speaking) return true;
        speaking = false;
        hold = FRAMES_AFTER_KILL;
        return socket.send(KILL);
    }

    private void append(short[] pcm) {
        short[] samples = pcm;
        if (resampler != null) {
            resampler.process(pcm, FRAME, upsampled);
            samples = upsampled;
        }
        int at = frames * samplesPerFrame * 2;
        for (int i = 0; i < samplesPerFrame; i++) {
            // The module takes -1 for one of its marks.
            int sample = samples[i] == -1 ? 0 : samples[i];
            piece[at++] = (byte) sample;
            piece[at++] = (byte) (sample >> 8);
        }
        frames++;
    }
}
