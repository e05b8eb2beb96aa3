package io.firefly.voip.media.freeswitch.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.firefly.voip.media.freeswitch.leg.LegDesk;
import io.firefly.voip.media.freeswitch.leg.Strands;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class FreeSwitchMetersTest {
    /** The event socket's own meters begin with the same words: {@code firefly.freeswitch.refused} is one of those. */
    @Test
    void theirNamesAreNotThoseOfTheEventSocket() {
        FakeSwitch freeSwitch = new FakeSwitch();
        freeSwitch.node("one");
        try (Strands strands = new Strands(1)) {
            LegDesk desk = new LegDesk(
                    freeSwitch, freeSwitch, "here", new LegDesk.Patience(Duration.ofSeconds(2), Duration.ZERO));
            ChannelSweep sweep = new ChannelSweep(freeSwitch, desk, uuid -> false, strands.any());
            SimpleMeterRegistry registry = new SimpleMeterRegistry();
            new FreeSwitchMeters(new NodePool(freeSwitch), sweep).bindTo(registry);
            assertThat(registry.getMeters())
                    .extracting(meter -> meter.getId().getName())
                    .containsExactlyInAnyOrder(
                            "firefly.freeswitch.calls",
                            "firefly.freeswitch.no.node",
                            "firefly.freeswitch.retried",
                            "firefly.freeswitch.orphans.ended",
                            "firefly.freeswitch.taken.back");
        }
    }
}
