package io.firefly.voip.agent.openai.sound;

import io.firefly.voip.agent.AgentMouth;
import io.firefly.voip.agent.AgentMouth.Heard;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the agent says, on its way from the wire to the mouth, and the ledger of it: how much of each item came, and
 * what of it the model must forget after a barge-in.
 *
 * <p>The provider refuses a truncation beyond its own idea of the item's length, which is a multiple of 50 ms and was
 * seen up to 85 ms below the sound it sent; so we stay 100 ms below what we received. Agent's thread only.
 */
public final class Speech {
    private static final int MAX_ITEMS = 64;
    private static final int MARGIN_MILLIS = 100;
    /** Who heard all but this of a finished sentence has heard the sentence. */
    private static final int NEARLY_ALL_MILLIS = 250;

    /** A {@code conversation.item.truncate} to be sent. */
    public record Truncation(String itemId, int contentIndex, int audioEndMillis) {}

    private static final class Item {
        private final int contentIndex;
        private long bytes;
        private boolean truncated;
        private boolean done;

        Item(int contentIndex) {
            this.contentIndex = contentIndex;
        }
    }

    private final AgentMouth mouth;
    private final LineCodec codec;
    private final short[] pcm;
    private final Map<String, Item> items = new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Item> eldest) {
            return size() > MAX_ITEMS;
        }
    };
    private long droppedSamples;

    public Speech(AgentMouth mouth, LineCodec codec) {
        this.mouth = mouth;
        this.codec = codec;
        this.pcm = new short[codec.frameSamples()];
    }

    public void say(String itemId, int contentIndex, byte[] sound) {
        discard(itemId, contentIndex, sound);
        int frame = codec.bytesPerMilli() * 20;
        for (int at = 0; at < sound.length; at += frame) {
            int samples = codec.decode(sound, at, Math.min(frame, sound.length - at), pcm);
            droppedSamples += mouth.say(itemId, pcm, samples);
        }
    }

    /** Sound of an interrupted response: the provider made it, nobody will hear it. */
    public void discard(String itemId, int contentIndex, byte[] sound) {
        items.computeIfAbsent(itemId, id -> new Item(contentIndex)).bytes += sound.length;
    }

    /** Nothing more comes of this item. May be told again. */
    public void done(String itemId) {
        Item item = items.get(itemId);
        if (item == null || item.done || item.truncated) return;
        item.done = true;
        mouth.itemDone(itemId);
    }

    /** The session is gone, and what it knew of items with it: what came is heard, and nothing of it is truncated. */
    public void cut() {
        items.forEach((itemId, item) -> {
            if (!item.done && !item.truncated) mouth.itemDone(itemId);
            item.done = true;
            item.truncated = true;
        });
    }

    public List<Heard> interrupt() {
        return mouth.interrupt();
    }

    public boolean isHeardNow() {
        return mouth.isSpeaking();
    }

    public int receivedMillis(String itemId) {
        Item item = items.get(itemId);
        return item == null ? 0 : (int) (item.bytes / codec.bytesPerMilli());
    }

    /** What the model must forget of an interrupted item; null when nothing. Once per item. */
    @Nullable
    public Truncation truncation(Heard heard) {
        Item item = items.get(heard.itemId());
        // Before its first delta an item has no audio and cannot be truncated: unsupported_content_type.
        if (item == null || item.bytes == 0 || item.truncated || isAsGoodAsHeard(heard)) return null;
        item.truncated = true;
        int most = Math.max(0, receivedMillis(heard.itemId()) - MARGIN_MILLIS);
        int end = Math.max(0, Math.min(heard.heardMillis(), most));
        return new Truncation(heard.itemId(), item.contentIndex, end);
    }

    /** A truncation would delete the transcript of something the caller did hear. */
    public boolean isAsGoodAsHeard(Heard heard) {
        int received = receivedMillis(heard.itemId());
        return heard.complete() && heard.heardMillis() > 0 && heard.heardMillis() >= received - NEARLY_ALL_MILLIS;
    }

    /** Samples the mouth had no room for. */
    public long droppedSamples() {
        return droppedSamples;
    }
}
