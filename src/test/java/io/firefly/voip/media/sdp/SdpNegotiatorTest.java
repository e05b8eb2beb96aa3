package io.firefly.voip.media.sdp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.firefly.voip.audio.G711;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SdpNegotiatorTest {
    private static final String SHORT =
            crlf("v=0|c=IN IP4 192.0.2.5|m=audio 4000 RTP/AVP 0 101|a=rtpmap:101 telephone-event/8000|");

    private final SdpNegotiator negotiator = negotiator(List.of(G711.PCMA, G711.PCMU), "192.0.2.1");

    @ParameterizedTest
    @CsvSource({
        "baresip.sdp,      PCMU 0 events 101 /127.0.0.1:20052 rtcp /127.0.0.1:20053 ptime 20",
        "linphone.sdp,     PCMU 0 events 100 /192.168.1.20:7078 rtcp /192.168.1.20:7079 ptime 20",
        "sipp.sdp,         PCMU 0 events -1 /127.0.1.1:6000 rtcp /127.0.1.1:6001 ptime 20",
        "microsip.sdp,     PCMA 8 events 101 /10.0.0.7:4016 rtcp /10.0.0.7:4017 ptime 20",
        "carrier.sdp,      PCMA 8 events 96 /203.0.113.10:36120 rtcp /203.0.113.10:36121 ptime 30",
        "fax-and-srtp.sdp, PCMU 0 events -1 /198.51.100.4:5004 rtcp /198.51.100.4:5004 ptime 20",
    })
    void offersOfRealPhonesAreUnderstood(String file, String understood) {
        AudioAgreement audio = agreed(negotiator.answer(resource(file))).audio();
        assertThat(audio.codec() + " " + audio.payloadType() + " events " + audio.eventPayloadType() + " "
                        + audio.remote() + " rtcp " + audio.remoteRtcp() + " ptime " + audio.ptimeMillis())
                .isEqualTo(understood);
        assertThat(audio.direction()).isEqualTo(Direction.SENDRECV);
    }

    /** RFC 3605; an address of somebody else would make us send our reports to anybody. */
    @ParameterizedTest
    @CsvSource({
        "5300,                     /192.0.2.5:5300",
        "5300 IN IP4 192.0.2.5,    /192.0.2.5:5300",
        "53 IN IP4 198.51.100.99,  /192.0.2.5:4001",
        "53 IN IP4 name.example,   /192.0.2.5:4001",
        "0,                        /192.0.2.5:4001",
    })
    void reportsGoToTheHostOfTheSoundOnly(String rtcp, String expected) {
        AudioAgreement audio =
                agreed(negotiator.answer(SHORT + "a=rtcp:" + rtcp + "\r\n")).audio();
        assertThat(audio.remoteRtcp()).hasToString(expected);
    }

    @ParameterizedTest
    @CsvSource({"150, 20", "20, 20", "10, 10", "15, 10", "0, 20", "x, 20"})
    void thePacketsWeSendAreNoLongerThanTheOtherSideTakes(String maxptime, int sendMillis) {
        AudioAgreement audio = agreed(negotiator.answer(SHORT + "a=maxptime:" + maxptime + "\r\n"))
                .audio();
        assertThat(audio.sendMillis()).isEqualTo(sendMillis);
        assertThat(agreed(negotiator.answer(SHORT)).audio().sendMillis()).isEqualTo(20);
    }

    @Test
    void theAnswerKeepsEveryMediaLineInItsPlace() {
        String answer = agreed(negotiator.answer(resource("fax-and-srtp.sdp"))).sdp();
        assertThat(answer.lines().filter(line -> line.startsWith("m=")))
                .containsExactly(
                        "m=image 0 udptl t38",
                        "m=audio 0 RTP/SAVP 0",
                        "m=audio 16400 RTP/AVP 0",
                        "m=application 0 UDP/BFCP *");
        assertThat(answer).contains("a=rtcp-mux\r\n");
    }

    @Test
    void theAnswerSpeaksWithTheNumbersAndTheProfileOfTheOffer() {
        assertThat(agreed(negotiator.answer(resource("linphone.sdp"))).sdp())
                .contains("m=audio 16400 RTP/AVPF 0 100\r\n")
                .contains("a=rtpmap:100 telephone-event/8000\r\n")
                .contains("a=fmtp:100 0-15\r\n")
                .contains("a=ptime:20\r\n")
                .contains("m=video 0 RTP/AVPF 96\r\n")
                .doesNotContain("a=rtcp-mux");
    }

    @Test
    void ourWritingIsStrict() {
        String id = agreed(negotiator.answer(SHORT)).sdp().split(" ", -1)[1];
        assertThat(agreed(negotiator.answer(SHORT)).sdp())
                .isEqualTo(crlf("v=0|o=- " + id + " 1 IN IP4 192.0.2.1|s=-|c=IN IP4 192.0.2.1|t=0 0|"
                        + "m=audio 16400 RTP/AVP 0 101|a=rtpmap:0 PCMU/8000|a=rtpmap:101 telephone-event/8000|"
                        + "a=fmtp:101 0-15|a=ptime:20|a=sendrecv|"));
    }

    @ParameterizedTest
    @CsvSource({
        "192.0.2.5, sendrecv, SENDRECV",
        "192.0.2.5, sendonly, RECVONLY",
        "192.0.2.5, recvonly, SENDONLY",
        "192.0.2.5, inactive, INACTIVE",
        "0.0.0.0,   sendrecv, RECVONLY",
        "0.0.0.0,   sendonly, RECVONLY",
        "0.0.0.0,   inactive, INACTIVE",
        "0.0.0.0,   recvonly, INACTIVE",
    })
    void holdIsAnsweredFromTheOtherSide(String address, String theirs, Direction ours) {
        String offer = SHORT.replace("192.0.2.5", address) + "a=" + theirs + "\r\n";
        SdpNegotiation.Agreed agreed = agreed(negotiator.answer(offer));
        assertThat(agreed.audio().direction()).isEqualTo(ours);
        assertThat(agreed.sdp()).contains("a=" + ours.attribute() + "\r\n");
    }

    @Test
    void aDirectionOfTheSessionHoldsForItsMedia() {
        String offer = SHORT.replace("m=audio", "a=inactive\r\nm=audio");
        assertThat(agreed(negotiator.answer(offer)).audio().direction()).isEqualTo(Direction.INACTIVE);
    }

    @Test
    void theVersionGrowsOnlyWithAChange() {
        assertThat(originOf(negotiator.answer(SHORT))).endsWith(" 1 IN IP4 192.0.2.1");
        assertThat(originOf(negotiator.answer(SHORT))).endsWith(" 1 IN IP4 192.0.2.1");
        String held = originOf(negotiator.answer(SHORT + "a=sendonly\r\n"));
        assertThat(held).endsWith(" 2 IN IP4 192.0.2.1");
        String back = originOf(negotiator.answer(SHORT));
        assertThat(back).endsWith(" 3 IN IP4 192.0.2.1");
        assertThat(back.split(" ", -1)[1]).isEqualTo(held.split(" ", -1)[1]);
    }

    @Test
    void ourOfferIsReadByTheOtherSideAndAnswered() {
        SdpNegotiator phone = negotiator(List.of(G711.PCMU), "192.0.2.9");
        String offer = negotiator.offer();
        assertThat(offer).contains("m=audio 16400 RTP/AVP 8 0 101\r\n").contains("a=sendrecv\r\n");

        SdpNegotiation.Agreed theirs = agreed(phone.answer(offer));
        SdpNegotiation.Agreed ours = agreed(negotiator.accept(theirs.sdp()));

        assertThat(ours.sdp()).isEqualTo(offer);
        assertThat(ours.audio().codec()).isEqualTo(G711.PCMU);
        assertThat(ours.audio().eventPayloadType()).isEqualTo(101);
        assertThat(ours.audio().rtcpMux()).isTrue();
        assertThat(ours.audio().remote()).isEqualTo(new InetSocketAddress("192.0.2.9", 16400));
        assertThat(ours.audio().remoteRtcp()).isEqualTo(ours.audio().remote());
    }

    @Test
    void anOfferInARunningCallKeepsTheLinesThatStand() {
        negotiator.answer(resource("fax-and-srtp.sdp"));
        assertThat(negotiator.offer().lines().filter(line -> line.startsWith("m=")))
                .containsExactly(
                        "m=image 0 udptl t38",
                        "m=audio 0 RTP/SAVP 0",
                        "m=audio 16400 RTP/AVP 8 0 101",
                        "m=application 0 UDP/BFCP *");
    }

    @Test
    void anAnswerNobodyAskedForIsAMistake() {
        assertThatThrownBy(() -> negotiator.accept(SHORT)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void ipv6IsAnsweredInIpv6() {
        SdpNegotiator ipv6 = negotiator(List.of(G711.PCMU), "2001:db8::2");
        SdpNegotiation.Agreed agreed = agreed(ipv6.answer(resource("ipv6.sdp")));
        assertThat(agreed.sdp()).contains("c=IN IP6 2001:db8:0:0:0:0:0:2\r\n");
        assertThat(agreed.audio().remote()).isEqualTo(new InetSocketAddress("2001:db8::1", 5004));
    }

    @Test
    void theOtherFamilyOfAddressesIsRefused() {
        assertThat(refused(negotiator.answer(resource("ipv6.sdp")))).contains("other IP family");
    }

    @Test
    void srtpIsRefused() {
        assertThat(refused(negotiator.answer(resource("srtp-only.sdp")))).contains("not RTP/AVP");
    }

    @ParameterizedTest
    @CsvSource({
        "'v=0|c=IN IP4 192.0.2.5|m=audio 4000 RTP/AVP 9 18', no common codec",
        "'v=0|c=IN IP4 192.0.2.5|m=video 4000 RTP/AVP 31', no audio line",
        "'v=0|c=IN IP4 192.0.2.5|m=audio 0 RTP/AVP 0', switched off",
        "'v=0|m=audio 4000 RTP/AVP 0', connection line",
        "'v=0|c=IN IP4 phone.example.com|m=audio 4000 RTP/AVP 0', not an IP address",
        "'v=0|c=IN IP4 224.2.1.1/127|m=audio 4000 RTP/AVP 0', multicast",
        "'v=0|c=IN IP4 1.2.3.4.5|m=audio 4000 RTP/AVP 0', not an IP address",
        "'v=0|c=IN IP6 ::zz|m=audio 4000 RTP/AVP 0', not an IP address",
    })
    void whatCannotBeServedIsRefusedWithTheReason(String sdp, String reason) {
        assertThat(refused(negotiator.answer(sdp.replace("|", "\n")))).contains(reason);
    }

    @Test
    void aRefusedOfferChangesNothing() {
        String standing = agreed(negotiator.answer(SHORT)).sdp();
        refused(negotiator.answer(resource("srtp-only.sdp")));
        assertThat(agreed(negotiator.answer(SHORT)).sdp()).isEqualTo(standing);
    }

    private static SdpNegotiator negotiator(List<G711> codecs, String address) {
        InetAddress own = new InetSocketAddress(address, 0).getAddress();
        return new SdpNegotiator(new LocalAudio(remote -> own, 16_400, codecs));
    }

    private static SdpNegotiation.Agreed agreed(SdpNegotiation negotiation) {
        assertThat(negotiation).isInstanceOf(SdpNegotiation.Agreed.class);
        return (SdpNegotiation.Agreed) negotiation;
    }

    private static String refused(SdpNegotiation negotiation) {
        assertThat(negotiation).isInstanceOf(SdpNegotiation.Refused.class);
        return ((SdpNegotiation.Refused) negotiation).reason();
    }

    private static String originOf(SdpNegotiation negotiation) {
        return agreed(negotiation)
                .sdp()
                .lines()
                .filter(line -> line.startsWith("o="))
                .findFirst()
                .orElseThrow();
    }

    private static String crlf(String lines) {
        return lines.replace("|", "\r\n");
    }

    private static String resource(String file) {
        try (InputStream stream = SdpNegotiatorTest.class.getResourceAsStream("/sdp/" + file)) {
            if (stream == null) throw new IllegalArgumentException("no resource " + file);
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
