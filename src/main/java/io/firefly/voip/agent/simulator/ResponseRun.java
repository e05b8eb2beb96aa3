package io.firefly.voip.agent.simulator;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.firefly.voip.agent.simulator.Conversation.Item;
import io.firefly.voip.agent.simulator.Receptionist.Output;
import io.firefly.voip.agent.simulator.Responses.Bill;
import io.firefly.voip.agent.simulator.Responses.Context;
import io.firefly.voip.agent.simulator.Responses.Order;
import io.firefly.voip.agent.simulator.protocol.ServerEvents;
import io.firefly.voip.agent.simulator.sound.Voice;
import io.firefly.voip.agent.simulator.sound.Voice.Speech;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** One response from {@code response.created} to {@code response.done}: its items, its pace, its end. */
final class ResponseRun {
    private static final int WORDS_AHEAD = 2;
    private static final int MIN_TICK_MILLIS = 1;

    private final Responses responses;
    private final Stage stage;
    private final Order order;
    private final List<Output> outputs;
    private final Context context;
    private final ArrayNode finishedItems = ServerEvents.JSON.createArrayNode();
    private boolean announced;
    private boolean over;
    private int outputIndex;
    private long audioTokens;
    private long textTokens;
    private @Nullable Message message;

    ResponseRun(Responses responses, Stage stage, Order order, List<Output> outputs, Context context) {
        this.responses = responses;
        this.stage = stage;
        this.order = order;
        this.outputs = outputs;
        this.context = context;
    }

    /** Runs a task on the session's thread after a while, unless the session is gone by then. */
    @FunctionalInterface
    interface Timer {
        void after(long millis, Runnable task);
    }

    /**
     * How fast the simulated model is.
     *
     * @param responseDelayMillis from the end of a turn to {@code response.created}
     * @param firstAudioDelayMillis from there to the first sound
     * @param speed how much faster than real time sound is generated
     * @param shuffled events whose order the protocol leaves open come in any order
     */
    record Pace(int responseDelayMillis, int firstAudioDelayMillis, double speed, boolean shuffled) {}

    /**
     * What a response plays on.
     *
     * @param congested true while the client reads too slowly
     */
    record Stage(
            ServerEvents events,
            Conversation conversation,
            Voice voice,
            Pace pace,
            Timer timer,
            BooleanSupplier congested) {}

    /** The message being spoken. */
    private static final class Message {
        final Item item;
        final Speech speech;
        final String[] words;
        final String deltaTail;
        int deltasSent;
        int wordsSent;
        final StringBuilder said = new StringBuilder();

        Message(Item item, Speech speech, String deltaTail) {
            this.item = item;
            this.speech = speech;
            this.deltaTail = deltaTail;
            this.words = speech.text().split(" ", -1);
        }
    }

    String id() {
        return order.id();
    }

    boolean isAnnounced() {
        return announced;
    }

    void announceLater() {
        stage.timer().after(stage.pace().responseDelayMillis(), () -> {
            if (!over) announce();
        });
    }

    void announce() {
        announced = true;
        ObjectNode event = stage.events().event("response.created");
        event.set("response", object("in_progress"));
        stage.events().send(event);
        stage.timer().after(stage.pace().firstAudioDelayMillis(), this::nextOutput);
    }

    /** Stops and says so. */
    void cancel(String reason) {
        if (over) return;
        closeMessage("incomplete");
        finish("cancelled", reason);
    }

    /** Stops without a word. */
    void drop() {
        over = true;
    }

    private void nextOutput() {
        if (over) return;
        if (outputIndex == outputs.size()) {
            finish("completed", null);
            return;
        }
        Output output = outputs.get(outputIndex);
        if (output.tool() != null) {
            call(output.tool(), output.arguments());
            outputIndex++;
            nextOutput();
        } else if (output.prompt() != null) {
            openMessage(stage.voice().speech(output.prompt(), order.encoding()));
            speak();
        }
    }

    private void openMessage(Speech speech) {
        ObjectNode json = newItem("message").put("role", "assistant");
        json.putArray("content");
        Item item = new Item(json);
        if (!order.textOnly()) item.speech = speech;
        String tail = ServerEvents.audioDeltaTail(order.id(), item.id(), outputIndex);
        message = new Message(item, speech, tail);
        itemAdded(item);
        ObjectNode event = itemEvent("response.content_part.added", item).put("content_index", 0);
        event.set("part", part(""));
        stage.events().send(event);
    }

    /** One delta, then the next one after a while. */
    private void speak() {
        Message now = message;
        if (over || now == null) return;
        if (now.deltasSent == now.speech.deltas().size()) {
            closeMessage("completed");
            outputIndex++;
            nextOutput();
            return;
        }
        if (audioTokens + textTokens + tokensOfNextDelta(now) > order.tokenLimit()) {
            closeMessage("incomplete");
            finish("incomplete", "max_output_tokens");
            return;
        }
        if (!stage.congested().getAsBoolean()) sendNext(now);
        long tickMillis = Math.round(now.speech.deltaMillis() / stage.pace().speed());
        stage.timer().after(Math.max(MIN_TICK_MILLIS, tickMillis), this::speak);
    }

    private void sendNext(Message now) {
        sendWords(now);
        String delta = now.speech.deltas().get(now.deltasSent);
        if (!order.textOnly()) {
            audioTokens += tokensOfNextDelta(now);
            responses.speaking();
            stage.events().audioDelta(now.deltaTail, delta);
        }
        now.deltasSent++;
        if (!order.textOnly() && !now.item.truncated) now.item.spokenMillis = now.speech.millisOf(now.deltasSent);
    }

    private long tokensOfNextDelta(Message now) {
        if (order.textOnly()) return 1;
        int millis = now.speech.millisOf(now.deltasSent + 1) - now.speech.millisOf(now.deltasSent);
        return millis / Voice.TOKEN_MILLIS;
    }

    /** The transcript runs a little ahead of the sound. */
    private void sendWords(Message now) {
        int total = now.words.length;
        int due = (now.deltasSent + 1) * total / now.speech.deltas().size() + WORDS_AHEAD;
        StringBuilder delta = new StringBuilder();
        for (; now.wordsSent < Math.min(total, due); now.wordsSent++) {
            if (now.wordsSent > 0) delta.append(' ');
            delta.append(now.words[now.wordsSent]);
        }
        if (delta.isEmpty()) return;
        now.said.append(delta);
        String type = order.textOnly() ? "response.output_text.delta" : "response.output_audio_transcript.delta";
        stage.events()
                .send(itemEvent(type, now.item)
                        .put("content_index", 0)
                        .put("delta", delta.toString())
                        .put("obfuscation", stage.events().obfuscation(delta.length())));
    }

    private void closeMessage(String status) {
        Message closing = message;
        if (closing == null) return;
        message = null;
        String said = closing.said.toString();
        textTokens += Responses.textTokens(said.length());
        if (order.textOnly()) {
            stage.events()
                    .send(itemEvent("response.output_text.done", closing.item)
                            .put("content_index", 0)
                            .put("text", said));
        } else {
            sendInAnyOrder(
                    () -> stage.events()
                            .send(itemEvent("response.output_audio.done", closing.item)
                                    .put("content_index", 0)),
                    () -> stage.events()
                            .send(itemEvent("response.output_audio_transcript.done", closing.item)
                                    .put("content_index", 0)
                                    .put("transcript", said)));
        }
        sendPartDone(closing.item, said);
        ObjectNode content = ((ArrayNode) closing.item.json.get("content")).addObject();
        content.put("type", order.textOnly() ? "output_text" : "output_audio");
        if (!closing.item.truncated) content.put(order.textOnly() ? "text" : "transcript", said);
        itemDone(closing.item, status);
    }

    private void sendPartDone(Item item, String said) {
        ObjectNode event = itemEvent("response.content_part.done", item).put("content_index", 0);
        event.set("part", part(said));
        stage.events().send(event);
    }

    private void call(String tool, String arguments) {
        String callId = stage.events().id("call_");
        ObjectNode json = newItem("function_call")
                .put("name", tool)
                .put("call_id", callId)
                .put("arguments", "");
        Item item = new Item(json);
        itemAdded(item);
        int half = arguments.length() / 2;
        for (String delta : List.of(arguments.substring(0, half), arguments.substring(half))) {
            stage.events()
                    .send(itemEvent("response.function_call_arguments.delta", item)
                            .put("call_id", callId)
                            .put("delta", delta)
                            .put("obfuscation", stage.events().obfuscation(delta.length())));
        }
        stage.events()
                .send(itemEvent("response.function_call_arguments.done", item)
                        .put("call_id", callId)
                        .put("name", tool)
                        .put("arguments", arguments));
        json.put("arguments", arguments);
        textTokens += Responses.textTokens(arguments.length() + tool.length());
        itemDone(item, "completed");
    }

    /** The usual order, or either one when order is not to be relied on. */
    private void sendInAnyOrder(Runnable usuallyFirst, Runnable usuallySecond) {
        boolean swapped = stage.pace().shuffled() && stage.events().coin();
        (swapped ? usuallySecond : usuallyFirst).run();
        (swapped ? usuallyFirst : usuallySecond).run();
    }

    private ObjectNode newItem(String type) {
        return ServerEvents.JSON
                .createObjectNode()
                .put("id", stage.events().id("item_"))
                .put("object", "realtime.item")
                .put("type", type)
                .put("status", "in_progress");
    }

    private void itemAdded(Item item) {
        sendOutputItem("response.output_item.added", item);
        if (!order.isOutOfBand()) stage.conversation().begin(item);
    }

    private void itemDone(Item item, String status) {
        item.json.put("status", status);
        finishedItems.add(item.json.deepCopy());
        sendInAnyOrder(() -> sendOutputItem("response.output_item.done", item), () -> {
            if (!order.isOutOfBand()) stage.conversation().done(item);
        });
    }

    private void sendOutputItem(String type, Item item) {
        ObjectNode event =
                stage.events().event(type).put("response_id", order.id()).put("output_index", outputIndex);
        event.set("item", item.json);
        stage.events().send(event);
    }

    private ObjectNode itemEvent(String type, Item item) {
        return stage.events()
                .event(type)
                .put("response_id", order.id())
                .put("item_id", item.id())
                .put("output_index", outputIndex);
    }

    private ObjectNode part(String said) {
        ObjectNode part = ServerEvents.JSON.createObjectNode().put("type", order.textOnly() ? "text" : "audio");
        return part.put(order.textOnly() ? "text" : "transcript", said);
    }

    private void finish(String status, @Nullable String reason) {
        over = true;
        ObjectNode response = object(status);
        if (reason != null) {
            response.putObject("status_details").put("type", status).put("reason", reason);
        }
        response.set("output", finishedItems);
        response.set("usage", usage());
        ObjectNode event = stage.events().event("response.done");
        event.set("response", response);
        stage.events().send(event);
        double unplayed =
                audioTokens * Voice.TOKEN_MILLIS * (1 - 1 / stage.pace().speed());
        long tokens = context.text() + context.audio() + textTokens + audioTokens;
        responses.finished(this, order, new Bill(tokens, (int) Math.max(0, unplayed)));
    }

    private ObjectNode object(String status) {
        ObjectNode response = ServerEvents.JSON
                .createObjectNode()
                .put("object", "realtime.response")
                .put("id", order.id())
                .put("status", status)
                .putNull("status_details");
        response.putArray("output");
        response.put("conversation_id", order.conversationId());
        response.putArray("output_modalities").add(order.textOnly() ? "text" : "audio");
        response.set("max_output_tokens", order.maxTokens());
        response.putObject("audio").set("output", order.output());
        response.putNull("usage");
        if (order.metadata().isObject()) {
            response.set("metadata", order.metadata());
        } else {
            response.putNull("metadata");
        }
        return response;
    }

    private ObjectNode usage() {
        ObjectNode usage = ServerEvents.JSON.createObjectNode();
        long in = context.text() + context.audio();
        long out = textTokens + audioTokens;
        usage.put("total_tokens", in + out).put("input_tokens", in).put("output_tokens", out);
        ObjectNode input = usage.putObject("input_token_details");
        input.put("text_tokens", context.text())
                .put("audio_tokens", context.audio())
                .put("image_tokens", 0)
                .put("cached_tokens", context.cachedText() + context.cachedAudio());
        input.putObject("cached_tokens_details")
                .put("text_tokens", context.cachedText())
                .put("audio_tokens", context.cachedAudio())
                .put("image_tokens", 0);
        usage.putObject("output_token_details").put("text_tokens", textTokens).put("audio_tokens", audioTokens);
        return usage;
    }
}
