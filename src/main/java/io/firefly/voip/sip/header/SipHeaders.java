package io.firefly.voip.sip.header;

import io.firefly.voip.call.Diversion;
import io.firefly.voip.call.Party;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
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
    /** True when a Privacy header asks for more than nothing (RFC 3323 4.2, {@code id} of RFC 3325 9.3). */
    public static boolean asksForPrivacy(List<String> values) {
        return values.stream()
                .flatMap(value -> Stream.of(value.split("[;,]", -1)))
                .map(value -> value.strip().toLowerCase(Locale.ROOT))
                .anyMatch(value -> List.of("id", "user", "header").contains(value));
    }

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
        List<NameAddr> addresses = addresses(values);
        String[] followed = reasonsOfSuccessors(addresses);
        List<HistoryEntry> entries = new ArrayList<>();
        for (int i = 0; i < followed.length; i++) {
            NameAddr address = addresses.get(i);
            String privacy = address.uri().headers().get("privacy");
            boolean hidden = privacy != null && !privacy.equalsIgnoreCase("none");
            String own = historyReason(address);
            entries.add(new HistoryEntry(address.party(), index(address), own != null ? own : followed[i], hidden));
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

    private static String index(NameAddr address) {
        String index = address.parameters().getOrDefault("index", "");
        return INDEX.matcher(index).matches() ? index : "";
    }

    /** RFC 7044 10.2: a Reason embedded in the address tells why this target was left. */
    private static @Nullable String historyReason(NameAddr address) {
        String reason = address.uri().headers().get("reason");
        if (reason == null) return null;
        Matcher cause = CAUSE.matcher(reason);
        return cause.find() ? diversionReason(cause.group(1)) : "unknown";
    }

    /**
     * RFC 7544 5: an entry whose address has {@code ;cause=} (RFC 4458) is where the call was diverted to; the one before
     * it is who diverted it.
     */
    private static @Nullable String[] reasonsOfSuccessors(List<NameAddr> addresses) {
        @Nullable String[] reasons = new @Nullable String[addresses.size()];
        for (int i = 0; i < reasons.length; i++) {
            String cause = addresses.get(i).uri().parameter("cause");
            // RFC 8119: 380 translates a service number, which is no diversion.
            if (cause == null || !cause.matches("[0-9]{3}") || cause.equals("380")) continue;
            int before = predecessor(addresses, i);
            if (before >= 0) reasons[before] = diversionReason(cause);
        }
        return reasons;
    }

    /** The entry that is named by mp, rc or np, else the parent, else the one before; -1 when there is none. */
    private static int predecessor(List<NameAddr> addresses, int of) {
        String index = index(addresses.get(of));
        if (index.isEmpty()) return of - 1;
        Map<String, String> parameters = addresses.get(of).parameters();
        String parent = index.substring(0, Math.max(0, index.lastIndexOf('.')));
        String named =
                parameters.getOrDefault("mp", parameters.getOrDefault("rc", parameters.getOrDefault("np", parent)));
        int before = -1;
        for (int i = 0; i < addresses.size(); i++) {
            String other = index(addresses.get(i));
            if (other.isEmpty() || compareIndex(other, index) >= 0) continue;
            if (other.equals(named)) return i;
            if (before < 0 || compareIndex(other, index(addresses.get(before))) > 0) before = i;
        }
        return before;
    }

    /** The causes of RFC 4458 in the words of RFC 5806. */
    private static String diversionReason(String cause) {
        return switch (cause) {
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
