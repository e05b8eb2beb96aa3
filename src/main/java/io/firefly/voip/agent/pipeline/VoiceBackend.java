package io.firefly.voip.agent.pipeline;

import io.firefly.voip.agent.AgentBrief;
import io.firefly.voip.agent.AgentUsage;
import io.firefly.voip.agent.ToolCall;
import io.firefly.voip.agent.ToolDescription;
import io.firefly.voip.audio.Sound;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The three stages of a conversation, and what happens around them. Ours runs routes; a bean of this type takes its place.
 *
 * <p>Stages run on a worker thread of the call and may wait. They are interrupted when they take longer than the settings
 * {@code firefly.pipeline.*.timeout} say, or when the caller interrupts; what they throw is a failure, for which the caller
 * is asked to repeat. The hooks run on the agent's thread and return at once.
 */
public interface VoiceBackend {
    /** What was said, without a comment; empty when nothing was. {@code speech} is mono at the line's rate. */
    String transcribe(AgentBrief call, Sound speech) throws Exception;

    /**
     * Answers the last message of the prompt.
     *
     * @param text takes the answer piece by piece while it is generated; who has it as a whole may leave it to the result
     * @return the whole answer
     */
    Answer generate(AgentBrief call, Prompt prompt, Consumer<String> text) throws Exception;

    /** One sentence as sound, at any rate from 8 to 48 kHz. */
    Sound speak(AgentBrief call, String sentence) throws Exception;

    /** The conversation is about to begin; the phone may still ring. */
    default void callBegins(AgentBrief call) {}

    /** The conversation is over. Once for every {@link #callBegins}. */
    default void callEnds(AgentBrief call) {}

    default void callerSpeaks(AgentBrief call) {}

    default void callerStops(AgentBrief call) {}

    /** The caller said something, and the agent's answer was heard or interrupted. */
    default void turn(AgentBrief call, Turn turn) {}

    /** Something that lies around the stages, whoever carries them out; beans of this type are asked in their order. */
    @FunctionalInterface
    interface Layer {
        VoiceBackend around(VoiceBackend stages);
    }

    /**
     * What is known when an answer is due.
     *
     * @param messages instructions first, the caller's last words at the end, tools between
     * @param tools what may be called; empty when there are none, or when it is time to talk
     */
    record Prompt(List<Message> messages, List<ToolDescription> tools) {
        public Prompt {
            messages = List.copyOf(messages);
            tools = List.copyOf(tools);
        }

        /** What the caller said last, or what came instead of it. */
        public String lastWords() {
            for (int i = messages.size() - 1; i >= 0; i--) {
                if (messages.get(i).role() == Role.USER) return messages.get(i).text();
            }
            return "";
        }
    }

    /** Whose message. */
    enum Role {
        SYSTEM,
        USER,
        ASSISTANT,
        TOOL
    }

    /**
     * One message of a conversation.
     *
     * @param calls of functions, by the assistant
     * @param toolCallId of a tool's answer: which call it answers
     */
    record Message(
            Role role,
            String text,
            List<ToolCall> calls,
            @Nullable String toolCallId) {
        public Message {
            calls = List.copyOf(calls);
        }

        static Message of(Role role, String text) {
            return new Message(role, text, List.of(), null);
        }
    }

    /** @param calls of functions; when they are answered, {@link #generate} is asked to go on */
    record Answer(String text, List<ToolCall> calls, AgentUsage usage) {
        public Answer {
            calls = List.copyOf(calls);
        }

        public static Answer of(String text) {
            return new Answer(text, List.of(), AgentUsage.NONE);
        }
    }

    /**
     * One exchange of words and where its time went, counted from the caller's last sound. Null: did not come to that.
     *
     * @param said as far as it was heard
     * @param endpointing until the caller's turn counted as over
     * @param transcribed until it was written down
     * @param firstText until the answer began to be generated
     * @param firstSound until the first sound of the answer was there to be heard
     */
    record Turn(
            String heard,
            String said,
            boolean interrupted,
            @Nullable Duration endpointing,
            @Nullable Duration transcribed,
            @Nullable Duration firstText,
            @Nullable Duration firstSound) {}
}
