package io.firefly.voip.media.freeswitch.fork;

import java.time.Duration;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings of the websocket that mod_audio_fork dials.
 *
 * @param listen {@code host:port} where it comes in; open only while {@code firefly.freeswitch.audio} is websocket
 * @param advertise what FreeSWITCH is told to dial: {@code host:port}, or a whole address ({@code wss://proxy/audio}) to
 *     which the ticket is appended; null: as it listens
 * @param connectWithin a call's socket must be there after this time, and its ticket is void
 * @param playout which rate FreeSWITCH is told that it gets
 * @param maxCalls sockets at the same time
 */
@ConfigurationProperties(value = "firefly.audio-socket", ignoreUnknownFields = false)
public record ForkProperties(
        @DefaultValue("127.0.0.1:8085") String listen,
        @Nullable String advertise,
        @DefaultValue("4s") Duration connectWithin,
        @DefaultValue("quick") Playout playout,
        @DefaultValue("1000") int maxCalls) {
    private static final String PREFIX = "firefly.audio-socket.";
    /** The module splits its order at blanks, knows quotes, and finds no host between square brackets. */
    private static final Pattern ADDRESS = Pattern.compile(
            "(?:(?:ws|wss|http|https)://)?[A-Za-z0-9._-]{1,253}(?::[0-9]{1,5})?" + "(?:/[A-Za-z0-9._~/-]*)?");

    private static final Pattern LISTEN = Pattern.compile(".{1,253}:[0-9]{1,5}");

    public ForkProperties {
        if (!LISTEN.matcher(listen).matches())
            throw new IllegalArgumentException(PREFIX + "listen is '" + listen + "', it must be host:port");
        if (advertise != null && advertise.isBlank()) advertise = null;
        if (advertise != null && !ADDRESS.matcher(advertise).matches())
            throw new IllegalArgumentException(PREFIX + "advertise is '" + advertise
                    + "', it must be host:port or ws://host:port/path, with a name or an IPv4 address");
        if (connectWithin.toMillis() < 100 || connectWithin.toMillis() > 60_000)
            throw new IllegalArgumentException(
                    PREFIX + "connect-within is " + connectWithin + ", it must be 100ms to 60s");
        if (maxCalls < 1)
            throw new IllegalArgumentException(PREFIX + "max-calls is " + maxCalls + ", it must be above 0");
    }

    /**
     * The module plays what it got when 640 samples are together, whatever the rate; only from twice the line's rate on it
     * waits for twice as many.
     */
    public enum Playout {
        /** Just below 16 kHz: pieces of 40 ms. */
        QUICK(2, 2, 15_999),
        /** The line's own rate, not resampled by FreeSWITCH: pieces of 80 ms. */
        PLAIN(1, 4, 8_000);

        final int upsampling;
        final int framesPerPiece;
        final int toldRateHz;

        Playout(int upsampling, int framesPerPiece, int toldRateHz) {
            this.upsampling = upsampling;
            this.framesPerPiece = framesPerPiece;
            this.toldRateHz = toldRateHz;
        }
    }

    /** What the ticket is appended to. */
    String address() {
        String told = advertise == null ? listen.replaceFirst("^(0\\.0\\.0\\.0|::|\\*)(?=:)", "127.0.0.1") : advertise;
        String whole = told.contains("://") ? told : "ws://" + told;
        String path = whole.replaceFirst("^[a-z]+://[^/]*", "");
        return path.isEmpty() ? whole + "/audio/" : whole.endsWith("/") ? whole : whole + "/";
    }
}
