package io.firefly.voip.phone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.firefly.voip.audio.G711;
import io.firefly.voip.phone.PhoneSdp.FarMedia;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.text.ParseException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PhoneMessagesTest {
    private static final List<G711> BOTH = List.of(G711.PCMA, G711.PCMU);

    @Test
    void compactAndFoldedHeadersAreRead() throws ParseException {
        SipMessage message = SipMessage.parse("SIP/2.0 183 Session\r\nv: SIP/2.0/UDP h\r\nf: <sip:a@b>\r\n ;tag=1\r\n"
                + "t: <sip:c@d>\r\ni: id\r\nCSeq: 4 INVITE\r\nm: <sip:c@1.2.3.4>\r\n\r\nbody");
        assertThat(message.status()).isEqualTo(183);
        assertThat(message.must("From")).isEqualTo("<sip:a@b> ;tag=1");
        assertThat(message.must("Contact")).isEqualTo("<sip:c@1.2.3.4>");
        assertThat(message.sequence()).isEqualTo(4);
        assertThat(message.method()).isEqualTo("INVITE");
        assertThat(message.body()).isEqualTo("body");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "GET / HTTP/1.1\r\n\r\n",
                "SIP/2.0 999 X\r\n\r\n",
                "SIP/2.0 200 OK\r\n\r\n",
                "INVITE x SIP/2.0\r\n: y\r\n\r\n",
                "SIP/2.0 200 OK\r\nVia: a\r\nFrom: b\r\nTo: c\r\nCall-ID: d\r\nCSeq: x INVITE\r\n\r\n"
            })
    void whatIsNotSipIsRefused(String text) {
        assertThatThrownBy(() -> SipMessage.parse(text)).isInstanceOf(ParseException.class);
    }

    @ParameterizedTest
    @CsvSource({
        "sip:echo@127.0.0.1, echo, 127.0.0.1, 5060",
        "SIP:+49301234@example.com:5070;transport=tcp, +49301234, example.com, 5070",
        "echo@localhost, echo, localhost, 5060",
        "sip:echo@[::1]:5061, echo, [::1], 5061"
    })
    void addressesAreRead(String text, String user, String host, int port) {
        Target target = Target.parse(text);
        assertThat(target.user()).isEqualTo(user);
        assertThat(target.host()).isEqualTo(host);
        assertThat(target.port()).isEqualTo(port);
        assertThat(target.transport()).isEqualTo(text.contains("tcp") ? "tcp" : null);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "sip:", "tel:+1555", "sips:a@b", "sip:a@b:99999", "sip:a b@c", "sip:a@b\r\nX: y", "sip:a@b>"
            })
    void whatIsNotAnAddressIsRefused(String text) {
        assertThatThrownBy(() -> Target.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void ourDescriptionIsUnderstoodByOurselves() {
        InetSocketAddress rtp = new InetSocketAddress(InetAddress.getLoopbackAddress(), 4_000);
        FarMedia far = PhoneSdp.parse(PhoneSdp.describe(rtp, BOTH, "sendonly", 3), List.of(G711.PCMU));
        assertThat(far).isEqualTo(new FarMedia(rtp, G711.PCMU, 101, "sendonly"));
        assertThat(far.listens()).isFalse();
        assertThat(far.ourDirection()).isEqualTo("recvonly");
    }

    @Test
    void theAddressOfTheMediaCountsMoreThanThatOfTheSession() {
        String sdp = """
                v=0
                o=- 1 1 IN IP4 10.0.0.1
                s=-
                c=IN IP4 10.0.0.1
                t=0 0
                m=audio 4000 RTP/AVP 18 0
                c=IN IP4 10.0.0.2
                a=inactive
                m=video 5000 RTP/AVP 99
                c=IN IP4 10.0.0.3
                """;

        FarMedia far = PhoneSdp.parse(sdp, BOTH);

        assertThat(far.address().getAddress().getHostAddress()).isEqualTo("10.0.0.2");
        assertThat(far.codec()).isEqualTo(G711.PCMU);
        assertThat(far.eventType()).isEqualTo(-1);
        assertThat(far.direction()).isEqualTo("inactive");
    }

    @ParameterizedTest
    @CsvSource({
        "'', no audio",
        "'c=IN IP4 10.0.0.1', no audio",
        "'m=audio 4000 RTP/AVP 0', no audio and address",
        "'c=IN IP4 10.0.0.1|m=audio 0 RTP/AVP 0', refused",
        "'c=IN IP4 10.0.0.1|m=audio 4000 RTP/SAVP 0', RTP/SAVP",
        "'c=IN IP4 10.0.0.1|m=audio 4000 RTP/AVP 18 9', no common codec",
        "'c=IN IP4 evil.example|m=audio 4000 RTP/AVP 0', not an IP address",
        "'c=IN IP4 999.1.1.1|m=audio 4000 RTP/AVP 0', media address"
    })
    void whatWeCannotTalkByIsRefusedWithTheReason(String lines, String reason) {
        assertThatThrownBy(() -> PhoneSdp.parse(lines.replace("|", "\r\n"), BOTH))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(reason);
    }
}
