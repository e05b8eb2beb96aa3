package io.firefly.voip.registrar;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class NonceCountsTest {
    private final NonceCounts counts = new NonceCounts(2, 1000);

    @Test
    void countsWithinTheWindowAreTakenOnceAndOlderOnesNever() {
        assertThat(counts.take("n", 0, 100, 0)).isTrue();
        assertThat(counts.take("n", 0, 37, 0)).isTrue();
        assertThat(counts.take("n", 0, 37, 0)).isFalse();
        assertThat(counts.take("n", 0, 36, 0)).isFalse();
        assertThat(counts.take("n", 0, 0xffff_ffffL, 0)).isTrue();
        assertThat(counts.take("n", 0, 100, 0)).isFalse();
    }

    @Test
    void aNonceThatFellOutOfTheFullTableCannotBeReplayed() {
        counts.take("first", 10, 1, 10);
        counts.take("second", 20, 1, 20);
        counts.take("third", 30, 1, 30);

        assertThat(counts.size()).isEqualTo(2);
        assertThat(counts.evicted()).isEqualTo(1);
        assertThat(counts.take("first", 10, 1, 31)).isFalse();
        assertThat(counts.take("fourth", 40, 1, 40)).isTrue();
    }

    @Test
    void expiredNoncesLeaveWithoutBeingCountedAsEvicted() {
        counts.take("first", 0, 1, 0);
        counts.take("second", 0, 1, 0);
        counts.take("third", 1000, 1, 1000);

        assertThat(counts.size()).isEqualTo(1);
        assertThat(counts.evicted()).isZero();
    }
}
