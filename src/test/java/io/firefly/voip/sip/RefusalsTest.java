package io.firefly.voip.sip;

import static org.assertj.core.api.Assertions.assertThat;

import io.firefly.voip.sip.SipPeer.Dialog;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What RFC 3261 8.2 and 21 want to hear from a called side that cannot do what was asked. */
class RefusalsTest {
    private FrontUnderTest front;
    private SipPeer peer;

    @BeforeEach
    void open() throws Exception {
        front = FrontUnderTest.inAHurry().calling(call -> call.leg().ring());
        front.front.handle(Set.of("OPTIONS"), (request, responder) -> responder.respond(SipResponse.of(200)));
        peer = front.udp();
    }

    @AfterEach
    void close() throws Exception {
        peer.close();
        front.close();
    }

    /** Method, what is replaced by what in a request that is right, and what is heard. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            ignoreLeadingAndTrailingWhitespace = true,
            value = {
                "OPTIONS | Max-Forwards: 70 | Max-Forwards: 0 | 200",
                "INVITE | Max-Forwards: 70 | Max-Forwards: 0 | 483",
                "INVITE | Max-Forwards: 70 | Max-Forwards: 256 | 400",
                "INVITE | Max-Forwards: 70 | Max-Forwards: x | 400",
                "INVITE | Max-Forwards: 70 | Require: foobar, timer | 420",
                "INVITE | application/sdp | text/plain | 415",
                "INVITE | application/sdp | application/sdp;charset=utf-8 | 180",
                "INVITE | Max-Forwards: 70 | Content-Encoding: gzip | 415",
                "INVITE | Max-Forwards: 70 | Accept: text/plain | 406",
                "INVITE | Max-Forwards: 70 | Accept: application/* | 180",
                "INVITE | Contact: | X-Contact: | 400",
                "INVITE | Call-ID: | X-Call: | 400",
                "INVITE | From: | X-From: | 400",
                "INVITE | To: | X-To: | 400",
                "INVITE | CSeq: | X-CSeq: | 400",
                "INVITE | CSeq: 1 | CSeq: 2147483648 | 400",
                "INVITE | CSeq: 1 INVITE | CSeq: 1 OPTIONS | 400",
                "INVITE | CSeq: 1 INVITE | CSeq: one INVITE | 400",
                "INVITE | SIP/2.0\\r\\n | SIP/3.0\\r\\n | 505",
                "INVITE | INVITE sip:4711 | INVITE http:4711 | 416",
                "INVITE | INVITE sip:4711@127.0.0.1: | INVITE tel:+1555; | 180",
                "INVITE | SIP/2.0/UDP | SIP/2.0/TCP | 400",
                "INVITE | Content-Length: | Content-Length: 1 | 400",
                "INVITE | Max-Forwards: 70 | CSeq: 1 INVITE | 400",
                "INVITE | Max-Forwards: 70 | X-Nothing: 1 | 180",
                "INFO | Max-Forwards: 70 | Max-Forwards: 70 | 481",
                "NOTIFY | Max-Forwards: 70 | Event: x\\r\\nSubscription-State: active | 481",
                "MESSAGE | Max-Forwards: 70 | Max-Forwards: 70 | 405",
                "FOOBAR | Max-Forwards: 70 | Max-Forwards: 70 | 501",
                "BYE | Max-Forwards: 70 | Max-Forwards: 70 | 481",
                "UPDATE | Max-Forwards: 70 | Max-Forwards: 70 | 481",
                "PRACK | Max-Forwards: 70 | Max-Forwards: 70 | 481",
                "CANCEL | Max-Forwards: 70 | Max-Forwards: 70 | 481",
                "OPTIONS | To: <sip:4711@127.0.0.1> | To: <sip:4711@127.0.0.1>;tag=gone | 481",
                "INVITE | To: <sip:4711@127.0.0.1> | To: <sip:4711@127.0.0.1>;tag=gone | 481",
                "INFO | To: <sip:4711@127.0.0.1> | To: <sip:4711@127.0.0.1>;tag=gone | 481",
            })
    void everyMistakeHearsItsCode(String method, String from, String to, int status) throws Exception {
        String body = method.equals("INVITE") ? SipPeer.SDP : "";
        String right = peer.dialog().text(method, "", body);
        String wrong = right.replaceFirst(
                java.util.regex.Pattern.quote(from.replace("\\r\\n", "\r\n")),
                java.util.regex.Matcher.quoteReplacement(to.replace("\\r\\n", "\r\n")));

        peer.send(wrong);

        String response = peer.receive();
        assertThat(response).startsWith("SIP/2.0 " + status + " ");
        switch (status) {
            case 420 -> assertThat(SipPeer.header(response, "Unsupported")).isEqualTo("foobar");
            case 415 -> assertThat(SipPeer.header(response, "Accept")).isEqualTo("application/sdp");
            case 405 -> assertThat(SipPeer.header(response, "Allow")).contains("INVITE", "OPTIONS");
            case 481, 400, 505 ->
                assertThat(SipPeer.header(response, "Call-ID")).isNotEmpty();
            default -> assertThat(SipPeer.header(response, "To")).contains("tag=");
        }
    }

    @Test
    void thirtyThreeViasAreTooMany() throws Exception {
        Dialog dialog = peer.dialog();
        String vias = "Via: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bKx\r\n".repeat(32);

        peer.send(dialog.text("OPTIONS", vias, ""));

        assertThat(peer.receive()).startsWith("SIP/2.0 400 ");
    }

    @Test
    void anOlderRequestInADialogHears500() throws Exception {
        front.answering();
        Dialog dialog = peer.dialog();
        dialog.cseq = 10;
        dialog.establish();

        dialog.cseq = 4;
        dialog.request("INFO", "", "");

        assertThat(peer.receive()).startsWith("SIP/2.0 500 ");
    }

    @Test
    void requestsInADialogThatWeDoNotKnowHear405Or481() throws Exception {
        front.answering();
        Dialog dialog = peer.dialog();
        dialog.establish();

        dialog.request("PRACK", "RAck: 1 1 INVITE\r\n", "");
        assertThat(peer.receive("SIP/2.0 4")).startsWith("SIP/2.0 481 ");
        dialog.request("NOTIFY", "Event: refer\r\nSubscription-State: active\r\n", "");
        assertThat(peer.receive("SIP/2.0 4")).startsWith("SIP/2.0 481 ");
        dialog.request("FOOBAR", "", "");
        assertThat(peer.receive("SIP/2.0 5")).startsWith("SIP/2.0 501 ");
        dialog.request("REFER", "Refer-To: <sip:1@h>\r\n", "");
        assertThat(peer.receive("SIP/2.0 4")).startsWith("SIP/2.0 405 ");
        dialog.request("OPTIONS", "", "");
        assertThat(peer.receive("SIP/2.0 2")).startsWith("SIP/2.0 200 ").contains("OPTIONS");
    }

    @Test
    void aControlCharacterInAResponseMakesNoHeader() throws Exception {
        front.front.handle(
                Set.of("MESSAGE"),
                (request, responder) -> responder.respond(new SipResponse(
                        400,
                        "No\r\nX-Evil: 1",
                        Map.of("X-Note", List.of("a\nX-Evil: 2")),
                        "text/a\r\nX-Evil: 3",
                        "b")));

        peer.send(peer.dialog().text("MESSAGE", "", ""));

        assertThat(peer.receive()).startsWith("SIP/2.0 400 Bad request").doesNotContain("X-Evil", "text/a");
    }

    @Test
    void theResponseGoesWhereThePacketCameFrom() throws Exception {
        Dialog dialog = peer.dialog();
        String text = dialog.text("OPTIONS", "", "")
                .replace("127.0.0.1:" + peer.port() + ";branch", "10.255.255.1:5999;branch")
                .replace(";rport", "");

        peer.send(text);

        String response = peer.receive();
        assertThat(response).startsWith("SIP/2.0 200 ");
        assertThat(SipPeer.header(response, "Via")).contains("received=127.0.0.1", "rport=" + peer.port());
    }

    @Test
    void anAckWithoutCallIsSilence() throws Exception {
        peer.send(peer.dialog().text("ACK", "", ""));
        peer.send(peer.dialog().text("ACK", "", "").replace("127.0.0.1>\r\nCall", "127.0.0.1>;tag=x\r\nCall"));

        assertThat(peer.receiveWithin(300)).isNull();
    }
}
