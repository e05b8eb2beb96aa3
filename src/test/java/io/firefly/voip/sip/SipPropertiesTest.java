package io.firefly.voip.sip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.firefly.voip.sip.SipProperties.Peer;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class SipPropertiesTest {
    @Test
    void aPasswordIsForTheNetworksOfItsPeerAlone() throws Exception {
        SipProperties settings = with(new Peer(List.of("192.0.2.0/24"), "firefly", "s3cret"));

        assertThat(settings.credentialsFor(InetAddress.getByName("192.0.2.7")))
                .isEqualTo(new SipFront.Credentials("firefly", "s3cret"));
        assertThat(settings.credentialsFor(InetAddress.getByName("198.51.100.7")))
                .isNull();
        assertThat(settings.toString()).doesNotContain("s3cret");
    }

    @Test
    void aPeerWithoutNetworkOrPasswordIsAMistakeWithAName() {
        assertThatThrownBy(() -> new Peer(List.of(), "firefly", "s3cret")).hasMessageContaining("peers[].networks");
        assertThatThrownBy(() -> new Peer(List.of("carrier"), "firefly", "s3cret"))
                .hasMessageContaining("peers[].networks holds 'carrier'");
        assertThatThrownBy(() -> new Peer(List.of("192.0.2.7"), "firefly", ""))
                .hasMessageContaining("peers[].password");
    }

    private static SipProperties with(Peer peer) {
        return new SipProperties(
                "127.0.0.1",
                0,
                null,
                true,
                true,
                List.of(),
                List.of(peer),
                2,
                Duration.ofSeconds(20),
                SipProperties.Limits.DEFAULT);
    }
}
