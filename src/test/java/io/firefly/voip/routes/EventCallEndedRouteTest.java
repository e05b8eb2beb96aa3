package io.firefly.voip.routes;

import static org.assertj.core.api.Assertions.assertThat;

import io.firefly.voip.cdr.CallDetailRecord;
import io.firefly.voip.cdr.CdrWriter;
import io.firefly.voip.testing.Calls;
import io.firefly.voip.testing.RouteUnderTest;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class EventCallEndedRouteTest {
    @Test
    void theRecordIsWrittenOnce() throws Exception {
        List<CallDetailRecord> written = new ArrayList<>();
        CdrWriter writer = written::add;
        CallDetailRecord detail = Calls.detail("c1");

        try (RouteUnderTest route = new RouteUnderTest("event-call-ended").with("cdrWriter", writer)) {
            route.send("call:ended", detail);
        }

        assertThat(written).containsExactly(detail);
    }
}
