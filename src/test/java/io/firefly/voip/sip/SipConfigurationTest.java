package io.firefly.voip.sip;

import static org.assertj.core.api.Assertions.assertThat;

import io.firefly.voip.call.LegDialer;
import java.net.InetAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

class SipConfigurationTest {
    private final ApplicationContextRunner spring = new ApplicationContextRunner()
            .withUserConfiguration(Wiring.class)
            .withPropertyValues("firefly.sip.bind=127.0.0.1", "firefly.sip.port=0");

    @EnableConfigurationProperties(SipProperties.class)
    @org.springframework.context.annotation.Import(SipConfiguration.class)
    static class Wiring {}

    @Test
    void theFrontDoorIsOpenWhileTheContextLives() {
        spring.withPropertyValues("firefly.sip.trusted-addresses=192.0.2.0/24,2001:db8::/32,198.51.100.7")
                .run(context -> {
                    assertThat(context.getBean(SipFront.class).ports()).containsOnlyKeys("udp", "tcp");
                    assertThat(context.getBean(LegDialer.class).openLegs()).isZero();
                    SipProperties properties = context.getBean(SipProperties.class);
                    assertThat(properties.trusts(InetAddress.getByName("192.0.2.200")))
                            .isTrue();
                    assertThat(properties.trusts(InetAddress.getByName("2001:db8:1::1")))
                            .isTrue();
                    assertThat(properties.trusts(InetAddress.getByName("198.51.100.7")))
                            .isTrue();
                    assertThat(properties.trusts(InetAddress.getByName("198.51.100.8")))
                            .isFalse();
                    assertThat(properties.trusts(InetAddress.getByName("192.0.3.1")))
                            .isFalse();
                });
    }

    @Test
    void nobodyIsTrustedByDefault() {
        spring.run(context -> assertThat(context.getBean(SipProperties.class).trusts(InetAddress.getLoopbackAddress()))
                .isFalse());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "port=70000 | firefly.sip.port must be 0 to 65535, not 70000",
                "trusted-addresses=example.com | firefly.sip.trusted-addresses holds 'example.com'; write 192.0.2.0/24",
                "trusted-addresses=10.0.0.0/33 | firefly.sip.trusted-addresses holds '10.0.0.0/33'",
                "advertise=1.2.3.4:5060 | firefly.sip.advertise must be a host name or an address without port",
                "limits.burst=0 | firefly.sip.limits.burst must be positive, not 0",
                "prot=5060 | prot",
            })
    void aWrongSettingStopsTheStartWithItsName(String setting, String sentence) {
        spring.withPropertyValues("firefly.sip." + setting)
                .run(context -> assertThat(context).getFailure().hasStackTraceContaining(sentence));
    }
}
