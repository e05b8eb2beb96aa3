package io.firefly.voip.sip.header;

import io.firefly.voip.call.Party;
import org.jspecify.annotations.Nullable;

/**
 * One entry of History-Info (RFC 7044).
 *
 * @param index such as {@code 1.1}; empty when the sender left it out
 * @param reason why the call went on from here, in the words of a Diversion's reason; null when it did not
 * @param privateAddress true when the entry carries {@code Privacy} other than {@code none}
 */
public record HistoryEntry(
        Party party, String index, @Nullable String reason, boolean privateAddress) {}
