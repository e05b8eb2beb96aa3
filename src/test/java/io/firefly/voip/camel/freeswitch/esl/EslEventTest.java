package io.firefly.voip.camel.freeswitch.esl;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EslEventTest {
    private static EslEvent event(String text) {
        return EslEvent.parse(text.getBytes(StandardCharsets.UTF_8));
    }

    @ParameterizedTest
    @CsvSource({
        "a+b, a+b",
        "%2B380, +380",
        "100%25, 100%",
        "50%, 50%",
        "5%2, 5%2",
        "%zz, %zz",
        "%D0%9A%D0%B8%D1%97%D0%B2, Київ",
        "sip%3Aa%40b%3Bc%3Dd, sip:a@b;c=d"
    })
    void valuesAreDecodedAndAPlusStaysAPlus(String wire, String value) {
        assertThat(event("X: " + wire + "\n\n").value("x")).isEqualTo(value);
    }

    @Test
    void anEmptyValueIsNone() {
        EslEvent event = event("A: _undef_\nB: \nC: x\n\n");
        assertThat(event.value("a")).isNull();
        assertThat(event.value("b")).isNull();
        assertThat(event.value("absent")).isNull();
        assertThat(event.value("C")).isEqualTo("x");
    }

    @Test
    void anArrayIsAList() {
        EslEvent event = event("variable_sip_i_diversion: ARRAY%3A%3A%3Csip%3A1%40a%3E|%3A%3Csip%3A2%40b%3E\n\n");
        assertThat(event.values("variable_sip_i_diversion")).containsExactly("<sip:1@a>", "<sip:2@b>");
        assertThat(event("A: one\n\n").values("a")).containsExactly("one");
        assertThat(event("A: one\n\n").values("b")).isEmpty();
    }

    @Test
    void theBodyIsWhatFollowsTheEmptyLine() {
        assertThat(event("Event-Name: CUSTOM\nEvent-Subclass: a%3A%3Ab\nContent-Length: 3\n\na%2\n")
                        .body())
                .isEqualTo("a%2\n");
        assertThat(event("Event-Name: CUSTOM\n").body()).isEmpty();
        assertThat(event("").name()).isEmpty();
    }

    @Test
    void numbersThatAreNoneAreZero() {
        EslEvent event = event("A: 12\nB: -3\nC: 99999999999\n\n");
        assertThat(event.number("a")).isEqualTo(12);
        assertThat(event.number("b")).isZero();
        assertThat(event.number("c")).isZero();
    }

    @Test
    void whatIsShownInLogsHasNoNumbersOfPeople() {
        assertThat(event("Event-Name: CHANNEL_ANSWER\nUnique-ID: u1\nCaller-ANI: 380441234567\n\n"))
                .hasToString("CHANNEL_ANSWER of u1");
    }
}
