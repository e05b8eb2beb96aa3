package io.firefly.voip.sip.digest;

/** What became of a header text from the network. */
public sealed interface HeaderReading<T> {
    record Value<T>(T value) implements HeaderReading<T> {}

    /** @param reason what is wrong with the text, without quoting secrets of it; fit for a log line and a 400 */
    record Malformed<T>(String reason) implements HeaderReading<T> {}
}
