package io.firefly.voip.call;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PartyTest {
    @ParameterizedTest
    @CsvSource({
        "echo,              echo",
        "4711,              4711",
        "12345,             12345",
        "anonymous,         anonymous",
        "'',                ''",
        "123456,            ***456",
        "+49 30 123-4567,   +4***567",
        "4915112345678,     49***678",
        "anna.schmidt,      a***",
        "johannes1,         j***",
        "eva@firm.example,  e***",
    })
    void aLogShowsExtensionsAndServicesButNobody(String user, String shown) {
        assertThat(new Party(user, "example.test", "sip:x@example.test", "Anna Schmidt").masked())
                .isEqualTo(shown);
    }
}
