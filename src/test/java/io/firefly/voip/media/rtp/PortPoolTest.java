package io.firefly.voip.media.rtp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.firefly.voip.media.MediaUnavailableException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PortPoolTest {
    private long nowNanos;

    @Test
    void aPortRestsBeforeItIsUsedAgain() {
        PortPool pool =
                new PortPool(RtpSettings.with(23_000, 23_003, Duration.ZERO, Duration.ofSeconds(30)), () -> nowNanos);
        PortPool.Lease first = pool.lease();
        first.close();
        first.close();
        assertThat(pool.leased()).isZero();
        try (PortPool.Lease second = pool.lease()) {
            assertThat(second.port()).isNotEqualTo(first.port());
            assertThatThrownBy(pool::lease)
                    .isInstanceOf(MediaUnavailableException.class)
                    .hasMessageContaining("1 pairs in use, 1 in quarantine for 30 s");
            nowNanos += Duration.ofSeconds(30).toNanos();
            try (PortPool.Lease third = pool.lease()) {
                assertThat(third.port()).isEqualTo(first.port());
            }
        }
    }

    @Test
    void givingBackWaitsForNobodyWhoLeases() throws InterruptedException {
        PortPool pool = new PortPool(RtpSettings.loopback(23_500, 23_503), () -> nowNanos);
        PortPool.Lease lease = pool.lease();
        Thread media = new Thread(lease::close);
        synchronized (pool) { // what a lease that tries one port after the other holds
            media.start();
            media.join(2_000);
            assertThat(media.isAlive()).isFalse();
        }
        assertThat(pool.leased()).isZero();
    }

    @Test
    void portsAreEvenAndCannotBeGuessed() {
        PortPool pool = new PortPool(RtpSettings.loopback(23_100, 23_499), () -> nowNanos);
        List<PortPool.Lease> leases = new ArrayList<>();
        for (int i = 0; i < 20; i++) leases.add(pool.lease());
        Set<Integer> steps = new HashSet<>();
        for (int i = 1; i < 20; i++) {
            steps.add(leases.get(i).port() - leases.get(i - 1).port());
        }
        leases.forEach(PortPool.Lease::close);
        assertThat(leases).allMatch(lease -> lease.port() % 2 == 0 && lease.port() >= 23_100 && lease.port() < 23_499);
        assertThat(steps).hasSizeGreaterThan(5);
    }
}
