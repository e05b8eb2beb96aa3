package io.firefly.voip.call;

import org.jspecify.annotations.Nullable;

/**
 * One station a call was forwarded by (RFC 5806), or the same fact told by History-Info (RFC 7044).
 *
 * @param reason such as {@code unconditional}, {@code user-busy}, {@code no-answer}; null when not said
 * @param counter how many diversions this entry stands for, at least 1
 * @param privateAddress true when {@code privacy=} asks not to show the address ({@code full} or {@code uri})
 */
public record Diversion(Party party, @Nullable String reason, int counter, boolean privateAddress) {}
