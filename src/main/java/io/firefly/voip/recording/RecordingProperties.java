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
 * @param by who writes the sound; {@code freeswitch}: who carries it, where it can; its folder must be this one, under
 *     the same name
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
        @DefaultValue("1h") Duration sweepInterval,
        @DefaultValue("firefly") By by) {
    /** Commands of an event socket are split at blanks, and have no other way to say this. */
    private static final String ONE_WORD = "[\\p{L}\\p{N}/\\\\:._~@+=,-]+";

    enum By {
        FIREFLY,
        FREESWITCH
    }

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
        if (by == By.FREESWITCH && !directory.toAbsolutePath().toString().matches(ONE_WORD)) {
            throw new IllegalArgumentException("firefly.recording.directory " + directory.toAbsolutePath()
                    + ": firefly.recording.by freeswitch needs a folder without blanks, quotes and brackets");
        }
        if (sweepInterval.toSeconds() < 1) {
            throw new IllegalArgumentException("firefly.recording.sweep-interval " + sweepInterval + ": at least 1s");
        }
    }

    /** Whether a stereo WAV file is among what is kept. */
    boolean keepsStereoWav() {
        return format == FileFormat.WAV && channels != Channels.MONO;
    }

    /** The same folder and names, for that one file. */
    RecordingProperties stereoWav() {
        return new RecordingProperties(
                enabled,
                FileFormat.WAV,
                Channels.STEREO,
                directory.toAbsolutePath().normalize(),
                prefix,
                metadata,
                maxOpen,
                sweepInterval,
                by);
    }
}
