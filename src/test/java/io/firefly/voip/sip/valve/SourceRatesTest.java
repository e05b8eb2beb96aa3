package io.firefly.voip.sip.valve;

import static io.firefly.voip.sip.valve.SourceRates.Verdict.BANNED;
import static io.firefly.voip.sip.valve.SourceRates.Verdict.PASS;
import static io.firefly.voip.sip.valve.SourceRates.Verdict.SILENCE;
import static io.firefly.voip.sip.valve.SourceRates.Verdict.SLOW_DOWN;
import static org.assertj.core.api.Assertions.assertThat;

import io.firefly.voip.sip.valve.SourceRates.Rate;
import io.firefly.voip.sip.valve.SourceRates.Verdict;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class SourceRatesTest {
    private static final int FULL = 20_000;

    private final AtomicLong now = new AtomicLong(-5);
    private final SourceRates rates = new SourceRates(new Rate(4, 1, Duration.ofMinutes(5)), now::get);

    private void pass(Duration time) {
        now.addAndGet(time.toNanos());
    }

    private static InetSocketAddress source(int number, int port) {
        byte[] address = {10, (byte) (number >> 16), (byte) (number >> 8), (byte) number};
        try {
            return new InetSocketAddress(InetAddress.getByAddress(address), port);
        } catch (UnknownHostException fourBytesAreRight) {
            throw new IllegalStateException(fourBytesAreRight);
        }
    }

    private Verdict ask(int number, int times, boolean connected) {
        Verdict last = PASS;
        for (int i = 0; i < times; i++) last = rates.ask(source(number, 5060), 1, connected);
        return last;
    }

    @Test
    void aSourceMaySendItsBurstAndThenItsRate() {
        assertThat(ask(1, 4, false)).isEqualTo(PASS);
        assertThat(ask(1, 1, false)).isEqualTo(SLOW_DOWN);
        assertThat(ask(2, 1, false)).isEqualTo(PASS);

        pass(Duration.ofSeconds(1));

        assertThat(ask(1, 1, false)).isEqualTo(PASS);
        assertThat(ask(1, 1, false)).isEqualTo(SLOW_DOWN);
    }

    @Test
    void datagramsAboveTheRateAreSilencedButBanNobody() {
        assertThat(ask(1, 1000, false)).isEqualTo(SILENCE);

        pass(Duration.ofSeconds(1));

        assertThat(ask(1, 1, false)).isEqualTo(PASS);
    }

    @Test
    void aConnectionThatDoesNotStopBansItsAddressForTwiceAsLongEachTime() {
        assertThat(ask(1, 9, true)).isEqualTo(BANNED);
        pass(Duration.ofMinutes(4));
        assertThat(ask(1, 1, false)).isEqualTo(BANNED);
        pass(Duration.ofMinutes(1));
        assertThat(ask(1, 1, true)).isEqualTo(PASS);

        assertThat(ask(1, 9, true)).isEqualTo(BANNED);
        pass(Duration.ofMinutes(6));
        assertThat(ask(1, 1, true)).isEqualTo(BANNED);
    }

    @Test
    void junkFromNextDoorSilencesNeitherADialogNorAProvedFlow() {
        InetSocketAddress phone = source(1, 6000);
        rates.proved(phone);
        assertThat(ask(1, 1000, true)).isEqualTo(BANNED);

        assertThat(rates.askDialog("call", 1)).isEqualTo(PASS);
        assertThat(rates.ask(phone, 1, false)).isEqualTo(PASS);
    }

    @Test
    void dialogsAndFlowsHaveALimitOfTheirOwn() {
        rates.proved(source(1, 5060));

        assertThat(ask(1, 5, true)).isEqualTo(SLOW_DOWN);
        assertThat(ask(1, 1000, true)).isEqualTo(SILENCE);
        for (int i = 0; i < 4; i++) assertThat(rates.askDialog("call", 1)).isEqualTo(PASS);
        assertThat(rates.askDialog("call", 1)).isEqualTo(SLOW_DOWN);
    }

    @Test
    void aFlowIsForgottenWhenNobodyRegistersAnyMore() {
        rates.proved(source(1, 6000));
        pass(Duration.ofHours(2));
        ask(1, 1000, true);

        assertThat(rates.ask(source(1, 6000), 1, false)).isEqualTo(BANNED);
    }

    @Test
    void banThatIsOverMakesRoomForOthers() {
        for (int i = 0; i < FULL; i++) ask(i, 9, true);
        pass(Duration.ofMinutes(6));

        assertThat(ask(FULL + 1, 4, false)).isEqualTo(PASS);
        assertThat(ask(FULL + 2, 4, false)).isEqualTo(PASS);
    }

    @Test
    void aFloodFromForgedAddressesLeavesNewcomersACommonShare() {
        for (int i = 0; i < FULL; i++) ask(i, 2, false);

        assertThat(ask(FULL + 1, 4, false)).isEqualTo(PASS);
        assertThat(ask(FULL + 2, 1, false)).isEqualTo(SLOW_DOWN);
        assertThat(ask(FULL + 3, 100, true)).isEqualTo(SLOW_DOWN);
        pass(Duration.ofSeconds(2));
        assertThat(ask(FULL + 4, 4, false)).isEqualTo(PASS);
    }

    @Test
    void aFullTableCostsAPacketNoMoreThanAnEmptyOne() {
        for (int i = 0; i < FULL; i++) ask(i, 2, false);
        long started = System.nanoTime();

        for (int i = 0; i < 50_000; i++) ask(FULL + i, 1, false);

        // With a scan of the table for each of them it took 20 s and more.
        assertThat(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - started)).isLessThan(3000);
    }
}
