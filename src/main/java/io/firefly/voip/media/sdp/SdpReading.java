package io.firefly.voip.media.sdp;

/** What came out of reading a text. */
sealed interface SdpReading {
    record Read(SessionDescription description) implements SdpReading {}

    /** @param line the first line that cannot be read, counted from 1; 0 when it is the text as a whole */
    record Malformed(int line, String reason) implements SdpReading {
        String sentence() {
            return line == 0 ? "malformed SDP: " + reason : "malformed SDP, line " + line + ": " + reason;
        }
    }
}
