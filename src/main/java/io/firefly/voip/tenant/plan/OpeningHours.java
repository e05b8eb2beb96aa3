package io.firefly.voip.tenant.plan;

import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.MonthDay;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * When somebody is there, in one time zone. Immutable.
 *
 * @param week a day that is not in it is closed
 * @param daysOff closed once, whatever the day of the week says
 * @param yearlyDaysOff closed every year
 */
public record OpeningHours(
        ZoneId zone, Map<DayOfWeek, List<Span>> week, Set<LocalDate> daysOff, Set<MonthDay> yearlyDaysOff) {
    private static final int DAY = 24 * 60;

    public OpeningHours {
        week = Map.copyOf(week);
        daysOff = Set.copyOf(daysOff);
        yearlyDaysOff = Set.copyOf(yearlyDaysOff);
    }

    /**
     * From one minute of the day to before another.
     *
     * @param to more than 1440 when it is on the next day
     */
    public record Span(int from, int to) {
        private static final Pattern WRITTEN = Pattern.compile("(\\d{2}):([0-5]\\d) ?- ?(\\d{2}):([0-5]\\d)");

        /** {@code 09:00-17:30}; {@code 22:00-06:00} ends on the next day. Null for anything else. */
        public static @Nullable Span parse(String written) {
            Matcher matcher = WRITTEN.matcher(written);
            if (!matcher.matches()) return null;
            int from = 60 * Integer.parseInt(matcher.group(1)) + Integer.parseInt(matcher.group(2));
            int to = 60 * Integer.parseInt(matcher.group(3)) + Integer.parseInt(matcher.group(4));
            if (from >= DAY || to > DAY || from == to) return null;
            return new Span(from, to > from ? to : to + DAY);
        }

        boolean has(int minute) {
            return from <= minute && minute < to;
        }
    }

    /** The same hours somewhere else. */
    public OpeningHours in(ZoneId other) {
        return new OpeningHours(other, week, daysOff, yearlyDaysOff);
    }

    public boolean isOpenAt(Instant at) {
        ZonedDateTime there = at.atZone(zone);
        int minute = 60 * there.getHour() + there.getMinute();
        LocalDate today = there.toLocalDate();
        return has(today, minute) || has(today.minusDays(1), minute + DAY);
    }

    private boolean has(LocalDate day, int minute) {
        if (daysOff.contains(day) || yearlyDaysOff.contains(MonthDay.from(day))) return false;
        for (Span span : week.getOrDefault(day.getDayOfWeek(), List.of())) {
            if (span.has(minute)) return true;
        }
        return false;
    }
}
