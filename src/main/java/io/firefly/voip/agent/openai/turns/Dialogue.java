package io.firefly.voip.agent.openai.turns;

import io.firefly.voip.agent.Utterance;
import io.firefly.voip.agent.Utterance.Speaker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Brings what was said into the order of the dialogue. Transcripts arrive out of order: the caller's late, the agent's
 * before it is spoken. Items are chained by {@code previous_item_id}; a caller's item holds back what follows it until
 * its transcript is there, two seconds at most; an agent's item waits until it was heard or interrupted. Agent's thread
 * only.
 */
final class Dialogue {
    static final Duration PATIENCE = Duration.ofSeconds(2);
    private static final Duration QUEUE_WATCH = Duration.ofMillis(200);
    private static final int MAX_ENTRIES = 64;
    private static final int MAX_PARTIAL_CHARS = 8_000;
    private static final int UNHEARD = -1;
    private static final int ALL_HEARD = Integer.MAX_VALUE;

    /** Where the dialogue is told and what it must know about the sound. */
    interface Hall {
        void told(Utterance utterance);

        /** The length of an agent's item. */
        int generatedMillis(String itemId);

        boolean agentIsHeardNow();

        void after(Duration delay, Runnable task);

        long nanoTime();
    }

    private static final class Entry {
        private final String itemId;
        private final @Nullable Speaker speaker;
        private @Nullable String text;
        private final StringBuilder partial = new StringBuilder();
        private int heardMillis = UNHEARD;
        private long blocksSinceNanos;
        private boolean blocks;

        Entry(String itemId, @Nullable Speaker speaker) {
            this.itemId = itemId;
            this.speaker = speaker;
        }

        boolean waitsToBeHeard() {
            return speaker == Speaker.AI && text != null && heardMillis == UNHEARD;
        }

        boolean isReady() {
            return speaker == null || (text != null && (speaker == Speaker.CALLER || heardMillis != UNHEARD));
        }
    }

    private final Hall hall;
    private final boolean callerIsTranscribed;
    private final List<Entry> entries = new ArrayList<>();
    private final BoundedIds gone = new BoundedIds();
    private final BoundedIds skipped = new BoundedIds();
    private @Nullable String lastGone;
    private boolean nobodyInterrupts;
    private boolean queueWatched;

    Dialogue(Hall hall, boolean callerIsTranscribed) {
        this.hall = hall;
        this.callerIsTranscribed = callerIsTranscribed;
    }

    /**
     * An item entered the conversation.
     *
     * @param itemId null or empty: no item
     * @param speaker null for what is not speech: function calls and their outputs
     */
    void added(@Nullable String itemId, @Nullable String previousItemId, @Nullable Speaker speaker) {
        if (itemId == null || itemId.isEmpty()) return;
        add(itemId, previousItemId, speaker);
        tell();
    }

    private void add(String itemId, @Nullable String previousItemId, @Nullable Speaker speaker) {
        if (gone.contains(itemId) || find(itemId) != null) return;
        Entry entry = new Entry(itemId, speaker);
        if (speaker == Speaker.CALLER && !callerIsTranscribed) entry.text = "";
        if (speaker == Speaker.AI && nobodyInterrupts) entry.heardMillis = ALL_HEARD;
        entries.add(placeAfter(previousItemId), entry);
        if (entries.size() > MAX_ENTRIES) leave(entries.get(0));
    }

    private int placeAfter(@Nullable String previousItemId) {
        if (previousItemId == null) return entries.size();
        if (previousItemId.equals(lastGone)) return 0;
        for (int i = 0; i < entries.size(); i++) {
            if (entries.get(i).itemId.equals(previousItemId)) return i + 1;
        }
        return entries.size();
    }

    /** The final transcript of a caller's item; empty when there is none to be had. */
    void callerSaid(String itemId, String text) {
        if (skipped.remove(itemId)) {
            tell(Speaker.CALLER, text);
            return;
        }
        complete(itemId, Speaker.CALLER, text);
    }

    /** The next words of an agent's item. */
    void agentSays(String itemId, String words) {
        add(itemId, null, Speaker.AI);
        Entry entry = find(itemId);
        if (entry != null && entry.speaker == Speaker.AI && entry.partial.length() < MAX_PARTIAL_CHARS) {
            entry.partial.append(words);
        }
    }

    /** The session is gone: no further transcript comes. What was said of an item until now is all of it. */
    void cut() {
        for (Entry entry : entries) {
            if (entry.speaker != null && entry.text == null) entry.text = entry.partial.toString();
        }
        tell();
    }

    /** What is known to have been said and was not told yet. */
    List<Utterance> untold() {
        return entries.stream()
                .filter(entry -> entry.speaker != null && entry.text != null)
                .map(entry -> new Utterance(Objects.requireNonNull(entry.speaker), heardPart(entry)))
                .filter(utterance -> !utterance.text().isBlank())
                .toList();
    }

    /** Nothing that was said is still to be written down. */
    boolean isWrittenDown() {
        return entries.stream().allMatch(entry -> entry.speaker == null || entry.text != null);
    }

    /** The final text of an agent's item, as generated. */
    void agentSaid(String itemId, String text) {
        complete(itemId, Speaker.AI, text);
    }

    private void complete(String itemId, Speaker speaker, String text) {
        add(itemId, null, speaker);
        Entry entry = find(itemId);
        if (entry != null && entry.speaker == speaker && entry.text == null) entry.text = text;
        tell();
    }

    /** An agent's item was interrupted after this much of it. {@link #allElseWasHeard} must follow. */
    void heard(String itemId, int heardMillis) {
        Entry entry = find(itemId);
        if (entry != null && entry.heardMillis == UNHEARD) entry.heardMillis = heardMillis;
    }

    /** Whatever sound there was of agent's items has been heard; what had none never will be. */
    void allElseWasHeard() {
        for (Entry entry : entries) {
            if (entry.speaker == Speaker.AI && entry.heardMillis == UNHEARD) {
                entry.heardMillis = hall.generatedMillis(entry.itemId) > 0 ? ALL_HEARD : 0;
            }
        }
        tell();
    }

    /** The caller is no longer listened to: what is generated will be heard. */
    void nobodyInterrupts() {
        nobodyInterrupts = true;
        for (Entry entry : entries) {
            if (entry.speaker == Speaker.AI) heard(entry.itemId, ALL_HEARD);
        }
        tell();
    }

    /** The conversation is over: tells all there is, in order. */
    void tellTheRest() {
        while (!entries.isEmpty()) leave(entries.get(0));
    }

    private void tell() {
        while (!entries.isEmpty() && (entries.get(0).isReady() || isSkippable(entries.get(0)))) leave(entries.get(0));
        watchQueue();
    }

    /** The agent's queue runs empty without a word: then what is complete in text was heard to its end. */
    private void watchQueue() {
        if (queueWatched || entries.stream().noneMatch(Entry::waitsToBeHeard)) return;
        queueWatched = true;
        hall.after(QUEUE_WATCH, () -> {
            queueWatched = false;
            if (!hall.agentIsHeardNow()) {
                entries.stream().filter(Entry::waitsToBeHeard).forEach(entry -> entry.heardMillis = ALL_HEARD);
            }
            tell();
        });
    }

    /** A caller's item without transcript that holds back what was said after it, for too long. */
    private boolean isSkippable(Entry first) {
        if (!holdsBackSomething(first)) return false;
        long now = hall.nanoTime();
        if (!first.blocks) {
            first.blocks = true;
            first.blocksSinceNanos = now;
            hall.after(PATIENCE, this::tell);
        }
        boolean skippable = now - first.blocksSinceNanos >= PATIENCE.toNanos();
        if (skippable) skipped.add(first.itemId);
        return skippable;
    }

    private boolean holdsBackSomething(Entry first) {
        return first.speaker == Speaker.CALLER
                && entries.stream().anyMatch(other -> other.speaker != null && other.isReady());
    }

    private void leave(Entry entry) {
        entries.remove(entry);
        gone.add(entry.itemId);
        lastGone = entry.itemId;
        if (entry.speaker != null && entry.text != null) tell(entry.speaker, heardPart(entry));
    }

    private void tell(Speaker speaker, String text) {
        if (!text.isBlank()) hall.told(new Utterance(speaker, text.strip()));
    }

    /** By time share, at a word's end: the provider does not say which word was where. */
    private String heardPart(Entry entry) {
        String text = entry.text == null ? "" : entry.text;
        if (entry.speaker == Speaker.CALLER || entry.heardMillis == ALL_HEARD) return text;
        int generated = hall.generatedMillis(entry.itemId);
        if (entry.heardMillis == UNHEARD || (generated > 0 && entry.heardMillis >= generated)) return text;
        if (entry.heardMillis <= 0 || generated <= 0) return "";
        int end = (int) ((long) text.length() * entry.heardMillis / generated);
        int wordEnd = text.lastIndexOf(' ', end);
        return wordEnd <= 0 ? "" : text.substring(0, wordEnd);
    }

    private @Nullable Entry find(String itemId) {
        for (Entry entry : entries) {
            if (entry.itemId.equals(itemId)) return entry;
        }
        return null;
    }

    /** The latest ids of something. */
    private static final class BoundedIds {
        private static final int MAX = 128;
        private final Set<String> ids = new LinkedHashSet<>();

        void add(String id) {
            ids.add(id);
            if (ids.size() > MAX) {
                Iterator<String> eldest = ids.iterator();
                eldest.next();
                eldest.remove();
            }
        }

        boolean contains(String id) {
            return ids.contains(id);
        }

        boolean remove(String id) {
            return ids.remove(id);
        }
    }

    /** What the caller says on the keypad: keys pressed one after the other are told together. */
    static final class Keys {
        private static final Duration PAUSE = Duration.ofMillis(1_500);
        private static final int MAX = 32;

        private final Hall hall;
        private final Consumer<String> told;
        private final StringBuilder row = new StringBuilder();
        private int presses;

        Keys(Hall hall, Consumer<String> told) {
            this.hall = hall;
            this.told = told;
        }

        void pressed(char key) {
            if ("0123456789*#ABCD".indexOf(key) < 0 || row.length() >= MAX) return;
            row.append(key);
            int press = ++presses;
            hall.after(PAUSE, () -> {
                if (press == presses) tell();
            });
        }

        private void tell() {
            String keys = row.toString();
            row.setLength(0);
            told.accept(keys);
        }
    }
}
