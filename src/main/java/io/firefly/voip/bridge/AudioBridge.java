package io.firefly.voip.bridge;

import io.firefly.voip.agent.AgentMouth;
import io.firefly.voip.audio.AudioFormat;
import io.firefly.voip.audio.AudioPath;
import io.firefly.voip.audio.AudioSink;
import io.firefly.voip.audio.AudioSource;
import io.firefly.voip.audio.Tap;
import io.firefly.voip.media.MediaSession;
import java.util.Arrays;

/**
 * Both directions of one call's sound, written down in the order it travels; {@code toString} prints them.
 *
 * <p>The paths stand for the whole call; only their far ends are exchanged when a flow changes: who listens
 * ({@link #listener}) and who speaks ({@link #speaker}). Sound is tapped between the media session and these ends, so a
 * recording holds what was heard, a frame of each side per tick.
 *
 * <p>An agent's ears are no such end where the media side can give them the caller's sound as it arrives: they hear it
 * past tap and tick. Elsewhere they hear what the listener would.
 */
public final class AudioBridge {
    private final AudioFormat format;
    private final AudioPath fromCaller;
    private final AudioPath toCaller;
    private final Playout playout;

    private volatile AudioSink listener = AudioSink.NOWHERE;
    private volatile AudioSink ears = AudioSink.NOWHERE;
    private volatile boolean heardOnArrival;
    private volatile AudioSource speaker = AudioSource.SILENCE;
    /** Heard while nobody speaks. */
    private volatile AudioSource background = AudioSource.SILENCE;

    private volatile Runnable discardUnheard = () -> {};
    private volatile boolean onHold;
    private final short[] silence;

    /**
     * @param callerTap hears every frame of the caller
     * @param agentTap hears every frame the caller is sent, silence included
     * @param agentTempo tempo of an agent's speech, 0.1 to 5.0
     */
    public AudioBridge(AudioFormat format, AudioSink callerTap, AudioSink agentTap, double agentTempo) {
        this.format = format;
        this.silence = new short[format.samplesPerFrame()];
        this.playout = new Playout(format, agentTempo, () -> discardUnheard.run());
        this.fromCaller = AudioPath.named("caller to us")
                .then(new Tap("record", callerTap))
                .to("listener", this::hear);
        this.toCaller = AudioPath.named("us to caller: speaker")
                .then(new Tap("record", agentTap))
                .to("rtp", AudioSink.NOWHERE);
    }

    /** Sound flows from the next frame on. */
    public void join(MediaSession media) {
        heardOnArrival = media.hearOnArrival(this::hearOnArrival);
        discardUnheard = media::discardUnheard;
        media.connect(fromCaller, this::nextFrame);
    }

    /** Media thread: one frame of whoever speaks, filled up with silence, past the tap. */
    private int nextFrame(short[] pcm, int length) {
        int spoken = onHold ? 0 : speaker.read(pcm, length);
        if (spoken == 0 && !onHold) spoken = background.read(pcm, length);
        Arrays.fill(pcm, spoken, length, (short) 0);
        toCaller.write(pcm, length);
        return spoken;
    }

    private void hear(short[] pcm, int length) {
        short[] heard = onHold ? silence : pcm;
        listener.write(heard, length);
        if (!heardOnArrival) ears.write(heard, length);
    }

    private void hearOnArrival(short[] pcm, int length) {
        ears.write(onHold ? silence : pcm, length);
    }

    /** While the caller is away who speaks waits, and who listens hears silence. The recording goes on. */
    public void hold(boolean away) {
        onHold = away;
    }

    public boolean isOnHold() {
        return onHold;
    }

    /** The caller hears themselves, in the same tick. */
    public void echo() {
        EchoLoop loop = new EchoLoop(format.samplesPerFrame());
        speaker = loop;
        listener = loop;
        ears = AudioSink.NOWHERE;
    }

    /**
     * Plays a sound from its beginning; whoever spoke before waits meanwhile and then goes on.
     *
     * @param whenOver runs once, on the media thread, after the last sample was sent; hand over there
     */
    public void play(short[] sound, Runnable whenOver) {
        AudioSource interrupted = speaker;
        speaker = new SoundSource(sound, () -> {
            speaker = interrupted;
            whenOver.run();
        });
    }

    /** The caller hears this again and again, but only while nobody speaks; empty: silence. */
    public void fillSilence(short[] sound) {
        background = sound.length == 0 ? AudioSource.SILENCE : new LoopedSound(sound);
    }

    /** The caller and another party hear each other from the next frame on; an agent hears and speaks no more. */
    public void connectParty(MediaSession party) {
        PartyLink toParty = new PartyLink(format, party.format());
        PartyLink fromParty = new PartyLink(party.format(), format);
        party.connect(fromParty, toParty);
        ears = AudioSink.NOWHERE;
        listener = toParty;
        speaker = fromParty;
    }

    /** From the next frame on nobody speaks and nobody listens. */
    public void hush() {
        background = AudioSource.SILENCE;
        speaker = AudioSource.SILENCE;
        listener = AudioSink.NOWHERE;
        ears = AudioSink.NOWHERE;
    }

    /** From the next frame on the agent hears and speaks. What it said until now is still to be heard. */
    public void connectAgent(AudioSink agentsEars) {
        listener = AudioSink.NOWHERE;
        ears = agentsEars;
        speaker = playout;
    }

    /** Where an agent speaks; what it says waits until it is connected. */
    public AgentMouth mouth() {
        return playout;
    }

    /** Runs once, on the media thread, when the agent's speech was heard to its end; hand over there. */
    public void whenAgentIsSilent(Runnable action) {
        playout.whenDrained(action);
    }

    /** Speech that found no room, in samples. */
    public long droppedSamples() {
        return playout.droppedSamples();
    }

    public AudioFormat format() {
        return format;
    }

    @Override
    public String toString() {
        return fromCaller + "; " + toCaller;
    }
}
