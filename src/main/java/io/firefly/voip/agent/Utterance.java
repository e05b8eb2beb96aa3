package io.firefly.voip.agent;

/** What one side said, once it is final. */
public record Utterance(Speaker speaker, String text) {
    /** Which side. */
    public enum Speaker {
        CALLER,
        AI
    }
}
