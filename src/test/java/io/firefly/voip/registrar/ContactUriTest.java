package io.firefly.voip.registrar;

import static org.assertj.core.api.Assertions.assertThat;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The examples of RFC 3261 19.1.4 and the shapes phones send. */
class ContactUriTest {
    @ParameterizedTest
    @CsvSource({
        "sip:%61lice@atlanta.com;transport=TCP, sip:alice@AtlanTa.CoM;Transport=tcp",
        "sip:carol@chicago.com, sip:carol@chicago.com;newparam=5",
        "sip:carol@chicago.com;security=on, sip:carol@chicago.com;newparam=5",
        "sip:alice@atlanta.com?subject=project%20x&priority=urgent, sip:alice@atlanta.com?priority=urgent&subject=project%20x",
        "sip:bob@[2001:DB8::1]:5070, sip:bob@[2001:db8::1]:5070",
    })
    void theseAreTheSame(String one, String other) {
        assertThat(uri(one).isSameAs(uri(other))).isTrue();
        assertThat(uri(other).isSameAs(uri(one))).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "SIP:ALICE@AtLanTa.CoM;Transport=udp, sip:alice@AtLanTa.CoM;Transport=UDP",
        "sip:bob@biloxi.com, sip:bob@biloxi.com:5060",
        "sip:bob@biloxi.com, sip:bob@biloxi.com;transport=udp",
        "sip:bob@biloxi.com, sip:bob@biloxi.com:6000;transport=tcp",
        "sip:carol@chicago.com, sip:carol@chicago.com?Subject=next%20meeting",
        "sip:carol@chicago.com;security=on, sip:carol@chicago.com;security=off",
        "sip:bob@phone21.boxesbybob.com, sip:bob@192.0.2.4",
        "sip:bob@biloxi.com, sips:bob@biloxi.com",
        "sip:+1@biloxi.com, sip:%201@biloxi.com",
    })
    void theseAreDifferent(String one, String other) {
        assertThat(uri(one).isSameAs(uri(other))).isFalse();
        assertThat(uri(other).isSameAs(uri(one))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "bob", "tel:+49301", "sip:", "sip:bob@", "sip:bob@ho st", "sip:h:0", "sip:h:70000", "sip:h:x"
            })
    void theseAreNoSipAddresses(String text) {
        assertThat(ContactUri.parse(text)).isNull();
    }

    @Test
    void aStrayPercentSignIsKept() {
        assertThat(uri("sip:100%@h").userinfo()).isEqualTo("100%");
    }

    private static ContactUri uri(String text) {
        @Nullable ContactUri uri = ContactUri.parse(text);
        if (uri == null) throw new AssertionError("no SIP URI: " + text);
        return uri;
    }
}
