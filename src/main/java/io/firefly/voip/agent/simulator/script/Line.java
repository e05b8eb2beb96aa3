package io.firefly.voip.agent.simulator.script;

import io.firefly.voip.audio.Sound;
import org.jspecify.annotations.Nullable;

/**
 * One item of a response: a message, or a function call when {@code tool} is set.
 *
 * @param say one of the recorded sentences by name, or any text
 * @param sound how the text sounds; null: its recording, or else a murmur
 * @param arguments a JSON object; empty: made up from the tool's schema
 */
public record Line(
        String say, @Nullable Sound sound, @Nullable String tool, String arguments) {
    public static Line say(String say) {
        return new Line(say, null, null, "");
    }

    public static Line call(String tool, String arguments) {
        return new Line("", null, tool, arguments);
    }
}
