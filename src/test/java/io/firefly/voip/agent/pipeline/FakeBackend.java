package io.firefly.voip.agent.pipeline;

import io.firefly.voip.agent.AgentBrief;
import io.firefly.voip.audio.AudioFormat;
import io.firefly.voip.audio.Sound;
import io.firefly.voip.audio.Tones;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Stages that do at once what the test says; a sentence takes a tenth of a second per character. */
final class FakeBackend implements VoiceBackend {
    static final int MILLIS_PER_CHARACTER = 100;

    final Deque<String> transcripts = new ArrayDeque<>();
    final Deque<Model> models = new ArrayDeque<>();
    final List<Sound> heard = new ArrayList<>();
    final List<Prompt> prompts = new ArrayList<>();
    final List<String> spoken = new ArrayList<>();
    final List<String> hooks = new ArrayList<>();
    final List<Turn> turns = new ArrayList<>();
    /** These stages never come back. */
    boolean deaf;

    boolean mute;
    /** Of every sentence; 0: by its length. */
    int spokenMillis;

    @Nullable
    IOException deafness;

    @Nullable
    IOException muteness;

    boolean hooksThrow;

    /** One answer of the model. */
    interface Model {
        Answer answer(Prompt prompt, Consumer<String> text) throws Exception;
    }

    static Model saying(String... pieces) {
        return (prompt, text) -> {
            for (String piece : pieces) text.accept(piece);
            return Answer.of(String.join("", pieces));
        };
    }

    static Model failing(String why) {
        return (prompt, text) -> {
            throw new IOException(why);
        };
    }

    /** As if it was interrupted: nothing ever comes of it. */
    static Model stalled(String... pieces) {
        return (prompt, text) -> {
            for (String piece : pieces) text.accept(piece);
            throw new InterruptedException("stalled");
        };
    }

    @Override
    public String transcribe(AgentBrief call, Sound speech) throws Exception {
        heard.add(speech);
        if (deaf) throw new InterruptedException("deaf");
        if (deafness != null) throw deafness;
        return transcripts.isEmpty() ? "" : transcripts.remove();
    }

    @Override
    public Answer generate(AgentBrief call, Prompt prompt, Consumer<String> text) throws Exception {
        prompts.add(prompt);
        Model model = models.isEmpty() ? saying("You said " + prompt.lastWords() + ".") : models.remove();
        return model.answer(prompt, text);
    }

    @Override
    public Sound speak(AgentBrief call, String sentence) throws Exception {
        spoken.add(sentence);
        if (mute) throw new InterruptedException("mute");
        if (muteness != null) throw muteness;
        int millis = spokenMillis == 0 ? sentence.length() * MILLIS_PER_CHARACTER : spokenMillis;
        return new Sound(AudioFormat.REALTIME_PCM, Tones.sine(AudioFormat.REALTIME_PCM, 440, -12, millis));
    }

    @Override
    public void callBegins(AgentBrief call) {
        hook("begins");
    }

    @Override
    public void callEnds(AgentBrief call) {
        hook("ends");
    }

    @Override
    public void callerSpeaks(AgentBrief call) {
        hook("speaks");
    }

    @Override
    public void callerStops(AgentBrief call) {
        hook("stops");
    }

    @Override
    public void turn(AgentBrief call, Turn turn) {
        turns.add(turn);
        hook("turn");
    }

    private void hook(String name) {
        hooks.add(name);
        if (hooksThrow) throw new IllegalStateException("hook " + name);
    }
}
