package io.firefly.voip.tenant.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.firefly.voip.tenant.plan.OpeningHours.Span;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.MonthDay;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OpeningHoursTest {
    private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");

    private final OpeningHours hours = new OpeningHours(
            BERLIN,
            Map.of(
                    DayOfWeek.MONDAY, List.of(span("09:00-12:00"), span("13:00-17:30")),
                    DayOfWeek.FRIDAY, List.of(span("22:00-06:00")),
                    DayOfWeek.SUNDAY, List.of(span("00:00-24:00"))),
            Set.of(LocalDate.parse("2026-11-27")),
            Set.of(MonthDay.parse("--12-21")));

    @ParameterizedTest
    @CsvSource({
        // 2026-11-23 is a Monday
        "2026-11-23T08:59:59, false",
        "2026-11-23T09:00, true",
        "2026-11-23T11:59:59, true",
        "2026-11-23T12:00, false",
        "2026-11-23T17:29, true",
        "2026-11-23T17:30, false",
        "2026-11-24T10:00, false",
        "2026-11-20T21:59, false",
        "2026-11-20T22:00, true",
        "2026-11-21T05:59, true",
        "2026-11-21T06:00, false",
        "2026-11-22T00:00, true",
        "2026-11-22T23:59, true",
        // A Friday off, and the night that would follow it.
        "2026-11-27T23:00, false",
        "2026-11-28T03:00, false",
        // Mondays off every year
        "2026-12-21T10:00, false",
        "2026-12-28T10:00, true",
        // The clock goes back on this Sunday: 02:30 is there twice.
        "2026-10-25T02:30, true",
    })
    void whenItIsOpenThere(String there, boolean open) {
        assertThat(hours.isOpenAt(LocalDateTime.parse(there).atZone(BERLIN).toInstant()))
                .isEqualTo(open);
    }

    @Test
    void theTimeZoneDecidesAndFollowsSummerTime() {
        assertThat(hours.isOpenAt(Instant.parse("2026-11-23T08:00:00Z"))).isTrue();
        assertThat(hours.isOpenAt(Instant.parse("2026-07-20T07:00:00Z"))).isTrue();
        assertThat(hours.isOpenAt(Instant.parse("2026-11-23T07:00:00Z"))).isFalse();
        assertThat(hours.in(ZoneId.of("America/New_York")).isOpenAt(Instant.parse("2026-11-23T14:00:00Z")))
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"9:00-17:00", "09:00", "09:00-09:00", "24:00-01:00", "09:60-10:00", "09:00-24:01", "", "closed"})
    void whatIsNoSpanIsNone(String written) {
        assertThat(Span.parse(written)).isNull();
    }

    private static Span span(String written) {
        return Objects.requireNonNull(Span.parse(written));
    }
}
