package io.firefly.voip.testkit;

import io.firefly.voip.camel.rehearsal.Described;
import io.firefly.voip.routes.cases.CaseFile;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A call as a test describes it: from a trusted trunk, to nobody's number, unless it says otherwise.
 *
 * <pre>{@code
 * call().from("+15550100").to("+442079460999").diversion("+442079460123")
 * }</pre>
 */
public final class Caller {
    private String from = "+15550100";
    private String to = "+15550199";
    private @Nullable String displayName;
    private final List<String> diversions = new ArrayList<>();
    private @Nullable String asserted;
    private String source = "127.0.0.1";
    private @Nullable Boolean trusted;
    private @Nullable String subscriber;
    private final Map<String, String> headers = new HashMap<>();
    private @Nullable Instant at;

    private Caller() {}

    public static Caller call() {
        return new Caller();
    }

    /** A number, a name or a SIP address. */
    public Caller from(String number) {
        from = number;
        return this;
    }

    /** A number, a name or a SIP address. */
    public Caller to(String number) {
        to = number;
        return this;
    }

    public Caller displayName(String name) {
        displayName = name;
        return this;
    }

    /** Who forwarded the call; the newest is said first. */
    public Caller diversion(String number) {
        diversions.add(number);
        return this;
    }

    /** P-Asserted-Identity. */
    public Caller asserted(String number) {
        asserted = number;
        return this;
    }

    /** The address it comes from; only loopback is trusted unless {@link #trusted} says otherwise. */
    public Caller source(String ipAddress) {
        source = ipAddress;
        return this;
    }

    public Caller trusted(boolean isTrusted) {
        trusted = isTrusted;
        return this;
    }

    /** Somebody outside who proved by their password to be this subscriber. */
    public Caller subscriber(String user) {
        subscriber = user;
        if (trusted == null) trusted = false;
        return this;
    }

    public Caller header(String name, String value) {
        headers.put(name, value);
        return this;
    }

    /** Such as {@code 2026-12-24T18:00} or {@code 2026-12-24T18:00:00Z}. */
    public Caller at(String time) {
        at = CaseFile.instant(time);
        return this;
    }

    Described described() {
        return new Described(from, to, displayName, diversions, asserted, source, trusted, subscriber, headers, at);
    }
}
