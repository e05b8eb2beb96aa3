package io.firefly.voip.call;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Everybody named by an incoming call.
 *
 * @param caller who calls: From
 * @param called who is called: the user of the Request-URI
 * @param to the To header, which forwarding leaves alone
 * @param assertedIdentity P-Asserted-Identity (RFC 3325), only from a source that is trusted to assert it
 * @param diversions newest first, as RFC 5806 puts them on the wire
 * @param withheld the caller asks not to be shown to anybody (Privacy, RFC 3323)
 * @param history History-Info entries, oldest first, as their index orders them
 */
public record Parties(
        Party caller,
        Party called,
        Party to,
        @Nullable Party assertedIdentity,
        List<Diversion> diversions,
        List<Party> history,
        boolean withheld) {
    /** The caller does not mind being known. */
    @SuppressWarnings("ParameterNumber") // the record's own, but for the last
    public Parties(
            Party caller,
            Party called,
            Party to,
            @Nullable Party assertedIdentity,
            List<Diversion> diversions,
            List<Party> history) {
        this(caller, called, to, assertedIdentity, diversions, history, false);
    }

    public Parties {
        diversions = List.copyOf(diversions);
        history = List.copyOf(history);
    }
}
