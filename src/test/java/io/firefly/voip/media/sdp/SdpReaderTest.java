package io.firefly.voip.media.sdp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.firefly.voip.audio.G711;
import java.net.InetAddress;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SdpReaderTest {
    private static final String GOOD =
            "v=0\no=- 1 1 IN IP4 192.0.2.5\ns=-\nc=IN IP4 192.0.2.5\nt=0 0\nm=audio 4000/2 RTP/AVP 0 8\na=ptime:20\n";

    @ParameterizedTest
    @ValueSource(strings = {"\r\n", "\n", "\r", "\n\n"})
    void everyLineEndIsRead(String lineEnd) {
        SessionDescription read = read(GOOD.replace("\n", lineEnd));
        assertThat(read.media()).hasSize(1);
        assertThat(read.media().get(0).port()).isEqualTo(4000);
        assertThat(read.media().get(0).value("ptime")).isEqualTo("20");
    }

    @Test
    void theLinesNobodyNeedsMayBeMissing() {
        assertThat(read("c=IN IP4 192.0.2.5\nm=audio 4000 RTP/AVP 0").media()).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({
        "'hello', 1, not of the form",
        "'v=1', 1, only 0 exists",
        "'v=0|c=192.0.2.5', 2, IN IP4",
        "'v=0|c=IN IP4 192.0.2.5|m=audio', 3, media line",
        "'v=0|m=audio 65536 RTP/AVP 0', 2, port",
        "'v=0|m=audio -1 RTP/AVP 0', 2, port",
        "'v=0|m=audio 4000 RTP/AVP zero', 2, payload type",
        "'v=0|m=audio 4000 RTP/AVP 128', 2, payload type",
        "'v=0||m=audio 99999999999 RTP/AVP 0', 3, port",
    })
    void whatIsMalformedNamesItsLine(String sdp, int line, String reason) {
        SdpReader.Malformed malformed = malformed(sdp.replace("|", "\r\n"));
        assertThat(malformed.line()).isEqualTo(line);
        assertThat(malformed.reason()).contains(reason);
    }

    @Test
    void limitsAreKept() {
        assertThat(malformed("a=" + "x".repeat(SdpReader.MAX_LENGTH)).line()).isZero();
        assertThat(malformed("m=audio 4000 RTP/AVP 0\n".repeat(17)).line()).isEqualTo(17);
        String many = IntStream.range(0, 65).mapToObj(i -> " " + i).collect(Collectors.joining());
        assertThat(malformed("m=audio 4000 RTP/AVP" + many).reason()).contains("64");
        assertThat(malformed(" ").reason()).isEqualTo("empty");
        assertThat(malformed("v=0\0").line()).isEqualTo(1);
    }

    @Test
    void foreignTextComesOutShortAndClean() {
        String reason = malformed("m=audio 4\u001b[31m" + "9".repeat(500) + " RTP/AVP 0")
                .reason();
        assertThat(reason.length()).isLessThan(80);
        assertThat(reason).doesNotContain("\u001b");
    }

    @Test
    void noTextMakesItThrow() {
        Random random = new Random(3264);
        for (int round = 0; round < 20_000; round++) {
            StringBuilder text = new StringBuilder(GOOD);
            for (int change = 0; change <= random.nextInt(6); change++) {
                int at = random.nextInt(text.length());
                switch (random.nextInt(3)) {
                    case 0 -> text.deleteCharAt(at);
                    case 1 -> text.insert(at, (char) random.nextInt(256));
                    default -> text.setCharAt(at, "=:/ \r\n09".charAt(random.nextInt(8)));
                }
            }
            assertThatCode(() -> new SdpNegotiator(new LocalAudio(
                                    remote -> InetAddress.getLoopbackAddress(), 16_400, List.of(G711.PCMU)))
                            .answer(text.toString()))
                    .as(text.toString())
                    .doesNotThrowAnyException();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "'0 PCMU/8000', 0, PCMU, 8000",
        "'101  telephone-event/8000', 101, telephone-event, 8000",
        "'8 PCMA/8000/1', 8, PCMA, 8000",
    })
    void codecsAreRead(String value, int payloadType, String encoding, int clockHz) {
        assertThat(RtpMap.parse(value)).isEqualTo(new RtpMap(payloadType, encoding, clockHz));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "0", "0 ", "0 PCMU", "x PCMU/8000", "128 PCMU/8000", "96 opus/48000/2", "0 PCMU/"})
    void whatIsNoCodecOfOursIsPassedOver(String value) {
        assertThat(RtpMap.parse(value)).isNull();
    }

    private static SessionDescription read(String text) {
        assertThat(SdpReader.read(text)).isInstanceOf(SdpReader.Read.class);
        return ((SdpReader.Read) SdpReader.read(text)).description();
    }

    private static SdpReader.Malformed malformed(String text) {
        assertThat(SdpReader.read(text)).isInstanceOf(SdpReader.Malformed.class);
        return (SdpReader.Malformed) SdpReader.read(text);
    }
}
