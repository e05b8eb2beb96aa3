package io.firefly.voip.call;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One call and where it stands. State only: what is done with it belongs to {@code callcontrol}.
 *
 * <p>Written on the call's own thread; what routes read ({@code ${body.callerNumber}}) is safe from any thread.
 */
public final class Call {
    private final CallId id;
    private final Parties parties;
    private final Source source;
    private final String networkCallId;
    private final Instant offeredAt;
    private volatile CallState state = CallState.OFFERED;

    public Call(IncomingCall offered, Instant offeredAt) {
        this.id = offered.id();
        this.parties = offered.parties();
        this.source = offered.source();
        this.networkCallId = offered.networkCallId();
        this.offeredAt = offeredAt;
    }

    /** Moves the call on; a late or repeated event (a BYE after BYE) is refused, not an error. Call thread only. */
    public boolean become(CallState wanted) {
        if (!state.next().contains(wanted)) return false;
        state = wanted;
        return true;
    }

    public CallId id() {
        return id;
    }

    public CallState state() {
        return state;
    }

    public Parties parties() {
        return parties;
    }

    public Source source() {
        return source;
    }

    public String networkCallId() {
        return networkCallId;
    }

    public Instant offeredAt() {
        return offeredAt;
    }

    // The bean properties that expressions in routes use, beside the accessors above. Never both x() and getX(): Camel
    // calls that ambiguous, or not, as the JVM happens to list them.

    /**
     * Who calls: of a trusted source the asserted identity when there is one, else From; a subscriber is who they have
     * proved to be, whatever From says.
     */
    public String getCallerNumber() {
        if (source.subscriber() != null && !source.trusted()) return source.subscriber();
        Party asserted = parties.assertedIdentity();
        return (asserted != null ? asserted : parties.caller()).numberOrUser();
    }

    /** The caller asks not to be known, or is not: nobody but us and records may show who they are. */
    public boolean isCallerWithheld() {
        return parties.withheld() || parties.caller().isAnonymous();
    }

    public @Nullable String getCallerName() {
        return parties.caller().displayName();
    }

    public String getCalledNumber() {
        return parties.called().numberOrUser();
    }

    /** The user of the Request-URI as it was dialled. */
    public String getCalledUser() {
        return parties.called().user();
    }

    public List<Diversion> getDiversions() {
        return parties.diversions();
    }

    /** Who forwarded the call last, or null. */
    public @Nullable String getForwardedFrom() {
        return parties.diversions().isEmpty()
                ? null
                : parties.diversions().get(0).party().numberOrUser();
    }

    public @Nullable String getSubscriber() {
        return source.subscriber();
    }

    public boolean isTrusted() {
        return source.trusted();
    }
}
