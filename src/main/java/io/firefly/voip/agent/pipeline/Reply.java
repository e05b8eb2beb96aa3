package io.firefly.voip.agent.pipeline;

import io.firefly.voip.agent.AgentUsage;
import io.firefly.voip.agent.ToolCall;
import io.firefly.voip.agent.ToolDescription;
import io.firefly.voip.agent.pipeline.Stages.Job;
import io.firefly.voip.agent.pipeline.Stages.Order;
import io.firefly.voip.agent.pipeline.Stages.Stage;
import io.firefly.voip.agent.pipeline.VoiceBackend.Answer;
import io.firefly.voip.agent.pipeline.VoiceBackend.Prompt;
import io.firefly.voip.agent.pipeline.settings.PipelineProperties;
import io.firefly.voip.audio.Sound;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One answer of the agent: generated, cut into sentences, spoken one after the other while the next are still being
 * generated; with tools, in several parts. Agent's thread.
 */
final class Reply {
    /** A model that calls tools without end is stopped here. */
    private static final int MAX_PARTS = 8;

    private static final int MAX_SENTENCE_SECONDS = 120;
    private static final int NO_PART = -1;
    private static final String INTERRUPTED =
            "{\"error\":\"the caller interrupted before the tool answered; what it does may have happened\"}";

    /** Why the agent speaks. */
    enum Purpose {
        GREETING,
        ANSWER,
        /** Of the agent's own accord. */
        REMARK,
        GOODBYE
    }

    /** Who asked for the answer. */
    interface Desk {
        /** The first sound is on its way to the caller, or waits to be. */
        void firstSound(Reply reply);

        /** All there is to say was handed to the mouth; it need not have been heard. */
        void complete(Reply reply);

        void failed(Reply reply, String why);

        /** No further part begins. */
        boolean isEnding();
    }

    private final PipelineSession.Setting setting;
    private final Stages stages;
    private final Purpose purpose;
    private final Desk desk;
    private final ToolRuns toolRuns;
    private final Voice voice;
    private final History history;
    private final Sentences sentences = new Sentences(this::sentence);
    private final Deque<Sentence> unspoken = new ArrayDeque<>();
    /** What history holds of each part. */
    private final Map<Integer, History.Entry> parts = new TreeMap<>();

    private final StringBuilder text = new StringBuilder();
    private @Nullable Job generating;
    private @Nullable Job speaking;
    private @Nullable Tools openTools;
    private int part;
    private int characters;
    private boolean streamed;
    private boolean generated;
    private boolean complete;
    private boolean over;
    private long firstTextNanos;
    private long firstSoundNanos;

    Reply(PipelineSession.Setting setting, Stages stages, History history, Purpose purpose, Manner manner) {
        this.setting = setting;
        this.stages = stages;
        this.history = history;
        this.purpose = purpose;
        this.desk = manner.desk();
        this.toolRuns = manner.toolRuns();
        long rewind = setting.properties().bargeIn().rewind().toMillis();
        this.voice =
                new Voice(setting.stage().mouth(), setting.brief().format(), rewind, "pipeline-" + manner.number());
    }

    /** @param part of the answer: tools are between them */
    private record Sentence(int part, String text) {}

    /** @param number which answer of the call it is */
    record Manner(Desk desk, ToolRuns toolRuns, int number) {}

    Purpose purpose() {
        return purpose;
    }

    Voice voice() {
        return voice;
    }

    boolean isComplete() {
        return complete;
    }

    /** It has words, heard or not yet: not just a tool that runs. */
    boolean hasWords() {
        return voice.sentences() > 0 || speaking != null || !unspoken.isEmpty() || text.length() > 0;
    }

    /** 0: none yet. */
    long firstTextNanos() {
        return firstTextNanos;
    }

    long firstSoundNanos() {
        return firstSoundNanos;
    }

    /** These words, without a model. */
    void say(String words) {
        parts.put(part, history.agent(words, List.of()));
        sentences.add(words);
        sentences.finish();
        generated = true;
        settle();
    }

    void generate() {
        generate(toolRuns.offered(), history.messages());
    }

    /** @param messages what the model is told, the history or something beside it */
    void generate(List<ToolDescription> tools, List<VoiceBackend.Message> messages) {
        Prompt prompt = new Prompt(messages, tools);
        streamed = false;
        text.setLength(0);
        generating = stages.start(new Order<>(
                Stage.GENERATE,
                setting.properties().generate().timeout(),
                () -> setting.backend().generate(setting.brief(), prompt, piece -> stages.post(() -> piece(piece))),
                this::generated,
                this::failed));
    }

    private void piece(String piece) {
        Job job = generating;
        if (over || job == null || job.isOver() || piece.isEmpty()) return;
        job.moved();
        streamed = true;
        take(piece);
        if (characters < setting.properties().longestAnswer()) return;
        job.cancel();
        generated(Answer.of(text.toString()));
    }

    private void take(String piece) {
        if (firstTextNanos == 0) firstTextNanos = stages.nanoTime();
        int room = Math.max(0, setting.properties().longestAnswer() - characters);
        String fits = piece.length() <= room ? piece : piece.substring(0, room);
        characters += fits.length();
        text.append(fits);
        sentences.add(fits);
    }

    private void generated(Answer answer) {
        generating = null;
        if (over) return;
        if (!streamed) take(answer.text());
        sentences.finish();
        used(answer.usage());
        String words = text.toString().strip();
        // What it was not offered any more it does not get.
        List<ToolCall> calls = part < MAX_PARTS ? answer.calls() : List.of();
        if (words.isEmpty() && calls.isEmpty() && voice.sentences() == 0 && unspoken.isEmpty()) {
            failed("the stage pipeline-generate failed: it answered with neither words nor a tool");
            return;
        }
        if (!words.isEmpty() || !calls.isEmpty()) parts.put(part, history.agent(words, calls));
        if (calls.isEmpty()) {
            generated = true;
            settle();
        } else {
            Tools tools = new Tools(calls);
            openTools = tools;
            tools.run();
        }
    }

    private void used(AgentUsage tokens) {
        PipelineProperties.Generate settings = setting.properties().generate();
        stages.used(settings.cost(settings.model(setting.brief().profile()), tokens));
    }

    private void sentence(String words) {
        unspoken.add(new Sentence(part, words));
        speakNext();
    }

    private void speakNext() {
        if (speaking != null || (voice.isHeld() && purpose != Purpose.GREETING)) return;
        Sentence sentence = unspoken.poll();
        if (sentence == null) return;
        speaking = stages.start(new Order<>(
                Stage.SPEAK,
                setting.properties().speak().timeout(),
                () -> pcm(setting.backend().speak(setting.brief(), sentence.text())),
                pcm -> spoken(sentence, pcm),
                this::failed));
    }

    /** Worker thread. */
    private short[] pcm(Sound sound) {
        if (sound.durationMillis() > MAX_SENTENCE_SECONDS * 1_000L) {
            throw new IllegalStateException("one sentence takes " + sound.durationMillis() / 1_000 + " s to say");
        }
        return sound.as(setting.brief().format()).pcm();
    }

    private void spoken(Sentence sentence, short[] pcm) {
        speaking = null;
        stages.used(setting.properties().speak().cost(sentence.text().length()));
        if (over) return;
        voice.say(sentence.part(), sentence.text(), pcm);
        if (firstSoundNanos == 0) {
            firstSoundNanos = stages.nanoTime();
            desk.firstSound(this);
        }
        speakNext();
        settle();
    }

    private void settle() {
        if (over || complete || !generated || speaking != null || !unspoken.isEmpty()) return;
        complete = true;
        desk.complete(this);
    }

    private void failed(String why) {
        if (!over) desk.failed(this, why);
    }

    /** While a tool runs; it is heard, and no word of the answer. */
    void fill(String phrase) {
        if (over || openTools == null || voice.isHeld()) return;
        unspoken.add(new Sentence(NO_PART, phrase));
        speakNext();
    }

    /** The caller interrupts: silence at once, nothing is lost yet. */
    void hold() {
        voice.hold();
    }

    /** It was no interruption. */
    void resume() {
        voice.resume();
        speakNext();
    }

    /** Nothing more is said of it. What was not heard is forgotten, by the model too. */
    void cut() {
        if (over) return;
        voice.hold();
        close();
        parts.forEach((each, entry) -> history.correct(entry, voice.heard(each)));
        if (openTools != null) openTools.giveUp();
        String begun = parts.containsKey(part) ? "" : voice.heard(part);
        if (!begun.isEmpty()) parts.put(part, history.agent(begun, List.of()));
    }

    /** It was heard to its end. */
    void settleAsHeard() {
        voice.settle();
        close();
    }

    void close() {
        over = true;
        if (generating != null) generating.cancel();
        if (speaking != null) speaking.cancel();
        unspoken.clear();
    }

    /** Functions that the model called together; their answers go back together. */
    private final class Tools {
        private final List<ToolCall> calls;
        private final @Nullable String[] answers;
        private int open;

        Tools(List<ToolCall> calls) {
            this.calls = calls;
            this.answers = new String[calls.size()];
            this.open = calls.size();
        }

        void run() {
            for (int i = 0; i < calls.size(); i++) {
                int index = i;
                toolRuns.run(calls.get(i), answer -> answered(index, answer));
            }
        }

        private void answered(int index, String answer) {
            answers[index] = answer;
            if (--open > 0 || over) return;
            openTools = null;
            boolean ends = desk.isEnding();
            for (String each : answers)
                ends |= each != null && each.replaceAll("\\s", "").contains("\"status\":\"ending\"");
            tell();
            if (ends) {
                generated = true;
                settle();
            } else {
                part++;
                generate(part < MAX_PARTS ? toolRuns.offered() : List.of(), history.messages());
            }
        }

        /** The caller interrupts: the model is told what is known, for no question of it may stay without an answer. */
        void giveUp() {
            tell();
        }

        private void tell() {
            for (int i = 0; i < answers.length; i++) {
                String answer = answers[i];
                history.tool(calls.get(i).toolCallId(), answer == null ? INTERRUPTED : answer);
            }
        }
    }
}
