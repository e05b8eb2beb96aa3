package io.firefly.voip.tenant;

import io.firefly.voip.tenant.Fields.Text;
import io.firefly.voip.tenant.plan.OpeningHours;
import io.firefly.voip.tenant.plan.OpeningHours.Span;
import java.time.DateTimeException;
import java.time.DayOfWeek;
import java.time.LocalDate;
import java.time.MonthDay;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads {@code hours} and {@code time-zone} of one tenant. */
final class HoursReader {
    static final Set<String> FIELDS = Collections.unmodifiableSet(
            new LinkedHashSet<>(List.of("mon-fri", "mon", "tue", "wed", "thu", "fri", "sat", "sun", "holidays")));
    private static final String CLOSED = "closed";

    private final Map<DayOfWeek, List<Span>> week = new EnumMap<>(DayOfWeek.class);
    private final Set<LocalDate> daysOff = new HashSet<>();
    private final Set<MonthDay> yearlyDaysOff = new HashSet<>();

    private HoursReader() {}

    /** What of it is left out comes from {@code otherwise}; other hours are taken as a whole. */
    static @Nullable OpeningHours hours(Fields tenant, @Nullable OpeningHours otherwise, ZoneId zone) {
        Fields fields = tenant.fields("hours", FIELDS);
        if (fields != null) return new HoursReader().read(fields, zone);
        return otherwise == null ? null : otherwise.in(zone);
    }

    static ZoneId zone(Fields tenant, ZoneId otherwise) {
        Text zone = tenant.text("time-zone");
        if (zone == null) return otherwise;
        try {
            return ZoneId.of(zone.value());
        } catch (DateTimeException e) {
            zone.problem("'time-zone' must be a name such as Europe/Berlin, not '" + zone.value() + "'"
                    + Spelling.hint(zone.value(), ZoneId.getAvailableZoneIds()));
            return otherwise;
        }
    }

    private OpeningHours read(Fields fields, ZoneId zone) {
        days(fields, "mon-fri", DayOfWeek.MONDAY, DayOfWeek.FRIDAY);
        // A day of its own wins over mon-fri: fri: 09:00-15:00.
        for (DayOfWeek day : DayOfWeek.values()) days(fields, shortName(day), day, day);
        if (week.isEmpty()) fields.problem("hours", "'hours' needs a day, such as mon-fri: 09:00-17:30.");
        for (Text day : fields.textOrTexts("holidays")) holiday(day);
        return new OpeningHours(zone, week, daysOff, yearlyDaysOff);
    }

    private void days(Fields fields, String name, DayOfWeek first, DayOfWeek last) {
        if (fields.isAbsent(name)) return;
        List<Span> spans = new ArrayList<>();
        for (Text written : fields.textOrTexts(name)) {
            if (written.value().equals(CLOSED)) continue;
            Span span = Span.parse(written.value());
            if (span != null) spans.add(span);
            else
                written.problem(
                        "'" + name + "' must be hours such as 09:00-17:30, or closed, not '" + written.value() + "'.");
        }
        for (int day = first.getValue(); day <= last.getValue(); day++) week.put(DayOfWeek.of(day), List.copyOf(spans));
    }

    private void holiday(Text written) {
        try {
            if (written.value().length() == "12-24".length()) yearlyDaysOff.add(MonthDay.parse("--" + written.value()));
            else daysOff.add(LocalDate.parse(written.value()));
        } catch (DateTimeException e) {
            written.problem("a holiday must be a date such as 2026-12-24, or 12-24 for every year, not '"
                    + written.value() + "'.");
        }
    }

    private static String shortName(DayOfWeek day) {
        return List.of("mon", "tue", "wed", "thu", "fri", "sat", "sun").get(day.getValue() - 1);
    }
}
