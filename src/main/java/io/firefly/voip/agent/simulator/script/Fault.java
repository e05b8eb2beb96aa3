package io.firefly.voip.agent.simulator.script;

import java.util.function.Consumer;

/**
 * Something that goes wrong, once.
 *
 * @param afterMillis from there on; for {@link At#AUDIO} in sound that was sent
 * @param deed what is done
 * @param told the deed in words, such as {@code close 1006}
 */
public record Fault(At at, long afterMillis, Consumer<Victim> deed, String told) {
    /** Where in a connection or a response. */
    public enum At {
        /** The session begins; only for a connection. */
        OPEN,
        /** The caller's turn is over, or the client asked. */
        TURN,
        /** After {@code response.created}. */
        RESPONSE,
        /** While the response is spoken. */
        AUDIO,
        /** Before {@code response.done}. */
        DONE
    }
}
