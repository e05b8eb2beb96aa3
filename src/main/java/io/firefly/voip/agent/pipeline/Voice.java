package io.firefly.voip.agent.pipeline;

import io.firefly.voip.agent.AgentMouth;
import io.firefly.voip.agent.AgentMouth.Heard;
import io.firefly.voip.audio.AudioFormat;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What one answer says, sentence by sentence: brings it to the mouth, can stop in the middle of a word and go on there,
 * and knows what was heard. Agent's thread.
 */
final class Voice {
    /** What is left out of the last sentence at so late a point was understood anyway. */
    private static final double AS_GOOD_AS_HEARD = 0.9;

    private final AgentMouth mouth;
    private final AudioFormat format;
    private final int rewindSamples;
    private final String name;
    private final List<Spoken> sentences = new ArrayList<>();
    private int items;
    private boolean held;
    private long droppedSamples;

    /** @param name of the answer, no other in this call has it */
    Voice(AgentMouth mouth, AudioFormat format, long rewindMillis, String name) {
        this.mouth = mouth;
        this.format = format;
        this.rewindSamples = (int) rewindMillis * format.samplesPerMilli();
        this.name = name;
    }

    /** A sentence on its way to the caller's ear. Positions are samples. */
    private static final class Spoken {
        private final int part;
        private final String text;
        private short[] pcm;
        private final int length;
        private int from;
        private int heardUntil;
        private String item = "";

        Spoken(int part, String text, short[] pcm) {
            this.part = part;
            this.text = text;
            this.pcm = pcm;
            this.length = pcm.length;
        }

        boolean isHeard() {
            return heardUntil >= length;
        }
    }

    /** @param part of the answer, which may come in several with tools between them */
    void say(int part, String text, short[] pcm) {
        Spoken sentence = new Spoken(part, text, pcm);
        sentences.add(sentence);
        if (!held) send(sentence);
    }

    private void send(Spoken sentence) {
        sentence.item = name + "." + items++;
        short[] rest = sentence.from == 0
                ? sentence.pcm
                : Arrays.copyOfRange(sentence.pcm, sentence.from, sentence.pcm.length);
        droppedSamples += mouth.say(sentence.item, rest, rest.length);
        mouth.itemDone(sentence.item);
    }

    /** Silence at once; what was not heard is kept. */
    void hold() {
        if (held) return;
        held = true;
        Map<String, Heard> left = new HashMap<>();
        for (Heard heard : mouth.interrupt()) left.put(heard.itemId(), heard);
        for (Spoken sentence : sentences) {
            if (sentence.item.isEmpty() || sentence.isHeard()) continue;
            Heard heard = left.get(sentence.item);
            sentence.heardUntil = heard == null
                    ? sentence.length
                    : Math.min(sentence.length, sentence.from + heard.heardMillis() * format.samplesPerMilli());
            if (heard != null && sentence.heardUntil >= sentence.length) sentence.heardUntil = sentence.length - 1;
            sentence.from = Math.max(0, sentence.heardUntil - rewindSamples);
            sentence.item = "";
        }
    }

    /** Goes on where it was held, a little before that. */
    void resume() {
        if (!held) return;
        held = false;
        for (Spoken sentence : sentences) {
            if (!sentence.isHeard()) send(sentence);
        }
    }

    /** All that was said is heard. */
    boolean isSilent() {
        return !held && !mouth.isSpeaking();
    }

    boolean isHeld() {
        return held;
    }

    /** Everything was heard to its end. */
    void settle() {
        for (Spoken sentence : sentences) {
            sentence.heardUntil = sentence.length;
            sentence.pcm = new short[0];
        }
    }

    /** How many sentences there are to be heard, or were. */
    int sentences() {
        return sentences.size();
    }

    /** The words of one part as far as they were heard. */
    String heard(int part) {
        StringBuilder words = new StringBuilder();
        for (Spoken sentence : sentences) {
            if (sentence.part == part) append(words, heard(sentence));
        }
        return words.toString();
    }

    String heard() {
        StringBuilder words = new StringBuilder();
        for (Spoken sentence : sentences) append(words, heard(sentence));
        return words.toString();
    }

    private static void append(StringBuilder words, String more) {
        if (!more.isEmpty() && words.length() > 0) words.append(' ');
        words.append(more);
    }

    private static String heard(Spoken sentence) {
        double share = sentence.length == 0 ? 1 : (double) sentence.heardUntil / sentence.length;
        if (share >= AS_GOOD_AS_HEARD) return sentence.text;
        int end = sentence.text.lastIndexOf(' ', (int) (share * sentence.text.length()));
        return end <= 0 ? "" : sentence.text.substring(0, end) + "...";
    }

    long droppedSamples() {
        return droppedSamples;
    }
}
