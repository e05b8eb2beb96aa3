package io.firefly.voip.sip.header;

import io.firefly.voip.call.Diversion;
import io.firefly.voip.call.Party;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.LongAdder;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What the headers of a request say about who is on the line. Every method takes header values as they were on the
 * wire, skips what it cannot read and counts it ({@link #skipped()}). Any thread.
 */
public final class SipHeaders {
    private static final int MAX_ENTRIES = 32;
    private static final int MAX_COUNTER = 100;
    private static final Pattern CAUSE = Pattern.compile("cause\\s*=\\s*\"?([0-9]{3})");
    private static final Pattern INDEX = Pattern.compile("[0-9]{1,5}(\\.[0-9]{1,5}){0,31}");
    private static final LongAdder SKIPPED = new LongAdder();

    private SipHeaders() {}

    /** Entries that could not be read since the start of the process. */
    public static long skipped() {
        return SKIPPED.sum();
    }

    /** From, To or Contact; {@link Party#ANONYMOUS} when it is absent or cannot be read. */
    public static Party parseParty(@Nullable String value) {
        NameAddr address = value == null ? null : tolerant(value);
        return address == null ? Party.ANONYMOUS : address.party();
    }

    /** The Request-URI; {@link Party#ANONYMOUS} when it cannot be read. */
    public static Party parseUri(String uri) {
        NameAddr address = tolerant("<" + uri + ">");
        return address == null ? Party.ANONYMOUS : address.party();
    }

    /** The tag of a From or To value, or null. */
    public static @Nullable String tag(@Nullable String value) {
        NameAddr address = value == null ? null : tolerant(value);
        return address == null ? null : address.tag();
    }

    /** Diversion (RFC 5806), several headers and several entries in one; newest first, as on the wire. */
    public static List<Diversion> parseDiversions(List<String> values) {
        List<Diversion> diversions = new ArrayList<>();
        for (NameAddr address : addresses(values)) {
            diversions.add(new Diversion(
                    address.party(),
                    reason(address),
                    counter(address),
                    isPrivate(address.parameters().get("privacy"))));
        }
        return diversions;
    }

    /** History-Info (RFC 7044), oldest first as the index orders it; an entry without index stays where it came. */
    public static List<HistoryEntry> parseHistory(List<String> values) {
        List<HistoryEntry> entries = new ArrayList<>();
        for (NameAddr address : addresses(values)) {
            String index = address.parameters().getOrDefault("index", "");
            if (!INDEX.matcher(index).matches()) index = "";
            String privacy = address.uri().headers().get("privacy");
            boolean hidden = privacy != null && !privacy.equalsIgnoreCase("none");
            entries.add(new HistoryEntry(address.party(), index, historyReason(address), hidden));
        }
        if (entries.stream().noneMatch(entry -> entry.index().isEmpty()))
            entries.sort(Comparator.comparing(HistoryEntry::index, SipHeaders::compareIndex));
        return entries;
    }

    /** The stations a call was forwarded by as History-Info tells it: entries with a reason, newest first. */
    public static List<Diversion> diversionsOf(List<HistoryEntry> history) {
        List<Diversion> diversions = new ArrayList<>();
        for (HistoryEntry entry : history) {
            if (entry.reason() != null)
                diversions.add(new Diversion(entry.party(), entry.reason(), 1, entry.privateAddress()));
        }
        Collections.reverse(diversions);
        return diversions;
    }

    /** P-Asserted-Identity (RFC 3325): the telephone number of the at most two identities if there is one, or null. */
    public static @Nullable Party parseAssertedIdentity(List<String> values) {
        Party first = null;
        for (NameAddr address : addresses(values)) {
            Party party = address.party();
            if (party.number() != null) return party;
            if (first == null) first = party;
        }
        return first;
    }

    private static List<NameAddr> addresses(List<String> values) {
        List<NameAddr> addresses = new ArrayList<>();
        for (String entry : NameAddr.entries(values, MAX_ENTRIES)) {
            NameAddr address = tolerant(entry);
            if (address != null) addresses.add(address);
        }
        return addresses;
    }

    private static @Nullable NameAddr tolerant(String value) {
        try {
            return NameAddr.parse(value);
        } catch (HeaderSyntaxException unreadable) {
            SKIPPED.increment();
            return null;
        }
    }

    private static @Nullable String reason(NameAddr address) {
        String reason = address.parameters().get("reason");
        return reason == null || reason.isBlank() ? null : reason.trim().toLowerCase(Locale.ROOT);
    }

    private static int counter(NameAddr address) {
        String counter = address.parameters().getOrDefault("counter", "1");
        return counter.matches("[0-9]{1,4}") ? Math.max(1, Math.min(MAX_COUNTER, Integer.parseInt(counter))) : 1;
    }

    private static boolean isPrivate(@Nullable String privacy) {
        return privacy != null && (privacy.equalsIgnoreCase("full") || privacy.equalsIgnoreCase("uri"));
    }

    /** RFC 7044 10.2: a Reason embedded in the address tells why this target was left; RFC 4458 names the causes. */
    private static @Nullable String historyReason(NameAddr address) {
        String reason = address.uri().headers().get("reason");
        if (reason == null) return null;
        Matcher cause = CAUSE.matcher(reason);
        if (!cause.find()) return "unknown";
        return switch (cause.group(1)) {
            case "302" -> "unconditional";
            case "486", "600" -> "user-busy";
            case "408" -> "no-answer";
            case "480", "487" -> "deflection";
            case "503" -> "unavailable";
            default -> "unknown";
        };
    }

    private static int compareIndex(String left, String right) {
        String[] a = left.split("\\.", -1);
        String[] b = right.split("\\.", -1);
        for (int i = 0; i < Math.min(a.length, b.length); i++) {
            int order = Integer.compare(Integer.parseInt(a[i]), Integer.parseInt(b[i]));
            if (order != 0) return order;
        }
        return Integer.compare(a.length, b.length);
    }
}
