package io.firefly.voip.agent.simulator;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.firefly.voip.agent.simulator.Conversation.Item;
import io.firefly.voip.agent.simulator.Responses.Bill;
import io.firefly.voip.agent.simulator.Responses.Context;
import io.firefly.voip.agent.simulator.Responses.Order;
import io.firefly.voip.agent.simulator.protocol.ServerEvents;
import io.firefly.voip.agent.simulator.script.Fault;
import io.firefly.voip.agent.simulator.script.Fault.At;
import io.firefly.voip.agent.simulator.script.Line;
import io.firefly.voip.agent.simulator.script.Tempo;
import io.firefly.voip.agent.simulator.sound.Voice;
import io.firefly.voip.agent.simulator.sound.Voice.Speech;
import io.firefly.voip.agent.simulator.wire.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One response from {@code response.created} to {@code response.done}: its items, its pace, its end. */
final class ResponseRun {
    private static final int WORDS_AHEAD = 2;
    private static final int MIN_TICK_MILLIS = 1;
    /** Text is written much faster than it could be said. */
    private static final int TEXT_DELTA_MILLIS = 10;

    private final Responses responses;
    private final Stage stage;
    private final Order order;
    private final List<Line> lines;
    private final List<Fault> faultsInSound;
    private final Tempo tempo;
    private final Context context;
    private final ArrayNode finishedItems = ServerEvents.JSON.createArrayNode();
    private boolean announced;
    private boolean over;
    private boolean failed;
    private long soundMillis;
    private int outputIndex;
    private long audioTokens;
    private long textTokens;
    private @Nullable Message message;

    ResponseRun(Responses responses, Stage stage, Order order, List<Line> lines, Context context) {
        this.responses = responses;
        this.stage = stage;
        this.order = order;
        this.lines = lines;
        this.context = context;
        this.tempo = order.step().tempo().or(stage.tempo());
        this.faultsInSound = new ArrayList<>(order.step().faults().stream()
                .filter(fault -> fault.at() == At.AUDIO)
                .toList());
    }

    /**
     * What a response plays on.
     *
     * @param shuffled events whose order the protocol leaves open come in any order
     * @param congested true while the client reads too slowly
     */
    record Stage(
            ServerEvents events,
            Conversation conversation,
            Voice voice,
            Tempo tempo,
            boolean shuffled,
            Clock clock,
            BooleanSupplier congested,
            Consumer<Fault> saboteur) {}

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
        trouble(At.TURN);
        stage.clock().after(tempo.responseDelayMillis(), () -> {
            if (!over) announce();
        });
    }

    void announce() {
        announced = true;
        ObjectNode event = stage.events().event("response.created");
        event.set("response", order.object("in_progress"));
        stage.events().send(event);
        responses.begun(this);
        if (over) return;
        trouble(At.RESPONSE);
        stage.clock().after(tempo.firstAudioDelayMillis(), this::nextOutput);
    }

    /** Stops and says so. */
    void cancel(String reason) {
        if (over) return;
        for (int late = order.step().lateDeltas(); late > 0 && hasMoreSound(); late--) sendNext(message);
        closeMessage("incomplete");
        ObjectNode details = ServerEvents.JSON.createObjectNode().put("type", "cancelled");
        finish("cancelled", details.put("reason", reason));
    }

    /** Goes wrong on the server's side: nothing of it is billed. */
    void fail(String code, String message) {
        if (over) return;
        if (!announced) announce();
        closeMessage("incomplete");
        failed = true;
        ObjectNode details = ServerEvents.JSON.createObjectNode().put("type", "failed");
        String type = code.equals("server_error") ? code : "invalid_request_error";
        details.putObject("error").put("type", type).put("code", code).put("message", message);
        finish("failed", details);
    }

    /** Stops without a word. */
    void drop() {
        over = true;
    }

    private void trouble(At at) {
        for (Fault fault : order.step().faults()) {
            if (fault.at() == at && !over) stage.saboteur().accept(responses.faultOf(this, fault));
        }
    }

    private void nextOutput() {
        if (over) return;
        if (outputIndex == lines.size()) {
            finish("completed", null);
            return;
        }
        Line line = lines.get(outputIndex);
        String tool = line.tool();
        if (tool == null) {
            openMessage(stage.voice().speech(line.say(), line.sound(), order.encoding()));
            speak();
            return;
        }
        stage.clock().after(tempo.toolDelayMillis(), () -> {
            if (over) return;
            call(tool, line.arguments());
            outputIndex++;
            nextOutput();
        });
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
            ObjectNode details = ServerEvents.JSON.createObjectNode().put("type", "incomplete");
            finish("incomplete", details.put("reason", "max_output_tokens"));
            return;
        }
        if (!stage.congested().getAsBoolean()) sendNext(now);
        sabotageSound();
        if (over) return;
        long late = tempo.jitterMillis() > 0 ? stage.events().below((int) tempo.jitterMillis()) : 0;
        long paceMillis = order.textOnly() ? TEXT_DELTA_MILLIS : Math.round(now.speech.deltaMillis() / tempo.speed());
        long tickMillis = paceMillis + late;
        stage.clock().after(Math.max(MIN_TICK_MILLIS, tickMillis), this::speak);
    }

    private void sabotageSound() {
        for (Fault fault : List.copyOf(faultsInSound)) {
            if (soundMillis < fault.afterMillis() || over) continue;
            faultsInSound.remove(fault);
            stage.saboteur().accept(responses.faultOf(this, new Fault(At.AUDIO, 0, fault.deed(), fault.told())));
        }
    }

    private boolean hasMoreSound() {
        return message != null
                && !order.textOnly()
                && message.deltasSent < message.speech.deltas().size();
    }

    private void sendNext(@Nullable Message now) {
        if (now == null) return;
        sendWords(now);
        String delta = now.speech.deltas().get(now.deltasSent);
        if (!order.textOnly()) {
            audioTokens += tokensOfNextDelta(now);
            responses.speaking();
            stage.events().audioDelta(now.deltaTail, delta);
        }
        soundMillis += now.speech.millisOf(now.deltasSent + 1) - now.speech.millisOf(now.deltasSent);
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
        boolean swapped = stage.shuffled() && stage.events().coin();
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

    private void finish(String status, @Nullable ObjectNode details) {
        trouble(At.DONE);
        if (over) return;
        over = true;
        ObjectNode response = order.object(status);
        if (details != null) response.set("status_details", details);
        response.set("output", finishedItems);
        response.set("usage", failed ? new Context(0, 0, 0, 0).usage(0, 0) : context.usage(textTokens, audioTokens));
        ObjectNode event = stage.events().event("response.done");
        event.set("response", response);
        stage.events().send(event);
        double unplayed = audioTokens * Voice.TOKEN_MILLIS * (1 - 1 / tempo.speed());
        long tokens = failed ? 0 : context.text() + context.audio() + textTokens + audioTokens;
        responses.finished(this, order, new Bill(tokens, (int) Math.max(0, unplayed)));
    }
}
