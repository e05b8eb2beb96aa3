package io.firefly.voip.routes;

import static org.assertj.core.api.Assertions.assertThat;

import io.firefly.voip.cdr.CallDetailRecord;
import io.firefly.voip.cdr.CdrWriter;
import io.firefly.voip.testing.Calls;
import io.firefly.voip.testkit.RouteUnderTest;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class EventCallEndedRouteTest {
    private static final RouteUnderTest ENDED = RouteUnderTest.files("routes", "event-call-ended");

    @Test
    void theRecordIsWrittenOnce() {
        List<CallDetailRecord> written = new ArrayList<>();
        CdrWriter writer = written::add;
        CallDetailRecord detail = Calls.detail("c1");

        ENDED.with("cdrWriter", writer).ended(detail);

        assertThat(written).containsExactly(detail);
    }

    @Test
    void aRecordThatCannotBeWrittenIsTriedAgainThreeTimes() {
        var done =
                ENDED.failing("write-detail-record").ended(Calls.detail("c2")).isServedByPolicy("keep-for-later");

        assertThat(done.run().steps())
                .extracting(step -> step.place().id())
                .containsExactly(
                        "write-detail-record",
                        "write-detail-record",
                        "write-detail-record",
                        "write-detail-record",
                        "say-what-was-not-taken");
    }
}
