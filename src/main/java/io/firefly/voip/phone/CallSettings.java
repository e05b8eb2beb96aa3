package io.firefly.voip.phone;

import io.firefly.voip.audio.G711;
import io.firefly.voip.audio.Sound;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the user asked for.
 *
 * @param headers lines {@code Name: value} for the INVITE
 * @param talk how long to stay when the other side does not hang up
 * @param ring how long to let it ring
 */
record CallSettings(
        Target target,
        String transport,
        String from,
        @Nullable Credentials credentials,
        List<String> headers,
        Voice voice,
        Duration talk,
        Duration ring) {

    record Credentials(String user, String password) {
        @Override
        public String toString() {
            return user + ":***";
        }
    }

    /**
     * What we say.
     *
     * @param codecs the laws we offer, best first
     * @param play 8 kHz; null: nothing is played
     * @param playAfter silence before {@code play}, so that the other side may speak first
     * @param chirp whether to send a chirp when nothing is played
     */
    record Voice(List<G711> codecs, @Nullable Sound play, Duration playAfter, String dtmf, boolean chirp) {}
}
