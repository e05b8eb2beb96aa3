package io.firefly.voip.recording;

import java.nio.file.Path;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What is recorded, and where to.
 *
 * @param enabled false: nothing is kept of any call
 * @param format {@code wav}, or {@code raw}: the same 16 bit little-endian samples without a header
 * @param channels {@code stereo}: caller left, agent right; {@code mono}: mixed; {@code both}: a file of each
 * @param directory made when it is missing
 * @param prefix how every file name begins
 * @param metadata whether a JSON file with numbers, times and codec and the transcript are written beside the sound
 * @param maxOpen calls recorded at the same time; one more is not recorded, and the log says so
 * @param sweepInterval how often recordings are looked for whose tenant wants them kept no longer
 */
@ConfigurationProperties(value = "firefly.recording", ignoreUnknownFields = false)
record RecordingProperties(
        @DefaultValue("true") boolean enabled,
        @DefaultValue("wav") FileFormat format,
        @DefaultValue("stereo") Channels channels,
        @DefaultValue("data/recordings") Path directory,
        @DefaultValue("") String prefix,
        @DefaultValue("true") boolean metadata,
        @DefaultValue("2000") int maxOpen,
        @DefaultValue("1h") Duration sweepInterval) {

    enum FileFormat {
        WAV,
        RAW
    }

    enum Channels {
        MONO,
        STEREO,
        BOTH
    }

    RecordingProperties {
        if (!prefix.matches("[A-Za-z0-9._-]{0,40}")) {
            throw new IllegalArgumentException("firefly.recording.prefix '" + prefix
                    + "': at most 40 letters, digits, dots, dashes and underscores, because it begins a file name");
        }
        if (maxOpen < 1 || maxOpen > 20_000) {
            throw new IllegalArgumentException("firefly.recording.max-open " + maxOpen + ": 1 to 20000");
        }
        if (sweepInterval.toSeconds() < 1) {
            throw new IllegalArgumentException("firefly.recording.sweep-interval " + sweepInterval + ": at least 1s");
        }
    }
}
