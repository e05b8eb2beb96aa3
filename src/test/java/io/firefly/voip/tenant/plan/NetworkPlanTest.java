package io.firefly.voip.tenant.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.firefly.voip.tenant.plan.NetworkPlan.Network;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NetworkPlanTest {
    private final NetworkPlan<String> plan = new NetworkPlan<>();

    @ParameterizedTest
    @CsvSource({
        "203.0.113.7, one host",
        "203.0.113.8, office",
        "203.0.114.1, carrier",
        "203.1.0.0,",
        "2001:db8:1::5, v6 office",
        "2001:db8:2::5, v6",
        "::ffff:203.0.113.8, office",
        "0.0.0.1,",
    })
    void theNarrowestNetworkWins(String address, String expected) throws UnknownHostException {
        plan.add(network("203.0.0.0/16"), "carrier");
        plan.add(network("203.0.113.0/24"), "office");
        plan.add(network("203.0.113.7"), "one host");
        plan.add(network("2001:db8::/32"), "v6");
        plan.add(network("2001:db8:1::/48"), "v6 office");

        assertThat(plan.find(InetAddress.getByName(address))).isEqualTo(expected);
    }

    @Test
    void everythingIsANetwork() throws UnknownHostException {
        plan.add(network("0.0.0.0/0"), "v4");

        assertThat(plan.find(InetAddress.getByAddress(new byte[] {-1, -1, -1, -1})))
                .isEqualTo("v4");
        assertThat(plan.find(InetAddress.getByAddress(new byte[16]))).isNull();
    }

    @Test
    void theSameNetworkKeepsItsFirstTarget() {
        plan.add(network("10.0.0.0/8"), "first");

        assertThat(plan.add(network("10.9.9.9/8"), "second")).isEqualTo("first");
    }

    @ParameterizedTest
    @CsvSource({
        "203.0.113.9/24, 203.0.113.0/24",
        "255.1.2.3, 255.1.2.3/32",
        "0.0.0.0/0, 0.0.0.0/0",
        "2001:db8::1/64, 2001:db8:0:0:0:0:0:0/64"
    })
    void aNetworkIsShownAsItCounts(String written, String shown) {
        assertThat(network(written).written()).isEqualTo(shown);
    }

    @Test
    void aWideNetworkCoversANarrowOne() {
        assertThat(network("10.0.0.0/8").covers(network("10.1.0.0/16"))).isTrue();
        assertThat(network("10.1.0.0/16").covers(network("10.0.0.0/8"))).isFalse();
        assertThat(network("0.0.0.0/0").covers(network("::1"))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "carrier.example",
                "10.0.0.0/33",
                "::/129",
                "10.0.0.0/",
                "10.0.0/8",
                "300.1.1.1",
                "10.0.0.0/-1",
                ":",
                ""
            })
    void aNameOrNonsenseIsNoNetwork(String written) {
        assertThat(Network.parse(written)).isNull();
    }

    private static Network network(String written) {
        return Objects.requireNonNull(Network.parse(written));
    }
}
