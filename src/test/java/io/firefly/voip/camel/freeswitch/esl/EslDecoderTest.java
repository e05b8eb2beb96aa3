package io.firefly.voip.camel.freeswitch.esl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.CorruptedFrameException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EslDecoderTest {
    private static final String RESULT = "+OK Grüße\n\nEnd\n";
    private static final String EVENT = "Event-Name: BACKGROUND_JOB\nJob-UUID: job-1\nCaller: %2B380%20x+y\n"
            + "Content-Length: " + bytes(RESULT).length + "\n\n" + RESULT;
    private static final String STREAM = "Content-Type: auth/request\n\n"
            + "Content-Type: command/reply\r\nReply-Text: +OK accepted\r\n\r\n"
            + "Content-Length: " + bytes(EVENT).length + "\nContent-Type: text/event-plain\n\n" + EVENT
            + "Content-Type: api/response\nContent-Length: 0\n\n"
            + "\n\nContent-Type: api/response\nContent-Length: 5\n\n\n\n\n\n\n";

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static List<EslFrame> decode(byte[]... pieces) {
        EmbeddedChannel channel = new EmbeddedChannel(new EslDecoder());
        for (byte[] piece : pieces) channel.writeInbound(Unpooled.wrappedBuffer(piece));
        List<EslFrame> frames = new ArrayList<>();
        for (EslFrame frame = channel.readInbound(); frame != null; frame = channel.readInbound()) frames.add(frame);
        return frames;
    }

    private static void assertWhole(List<EslFrame> frames) {
        assertThat(frames)
                .extracting(EslFrame::contentType)
                .containsExactly("auth/request", "command/reply", "text/event-plain", "api/response", "api/response");
        assertThat(frames.get(1).answer()).isEqualTo("+OK accepted");
        EslEvent event = EslEvent.parse(frames.get(2).body());
        assertThat(event.name()).isEqualTo("BACKGROUND_JOB");
        assertThat(event.text("caller")).isEqualTo("+380 x+y");
        assertThat(event.body()).isEqualTo(RESULT);
        assertThat(frames.get(3).answer()).isEmpty();
        assertThat(frames.get(4).answer()).isEqualTo("\n\n\n\n\n");
    }

    @Test
    void severalMessagesMayComeInOneRead() {
        assertWhole(decode(bytes(STREAM)));
    }

    @Test
    void aMessageMayBeCutAtAnyByte() {
        byte[] whole = bytes(STREAM);
        for (int cut = 1; cut < whole.length; cut++) {
            byte[] first = java.util.Arrays.copyOfRange(whole, 0, cut);
            byte[] second = java.util.Arrays.copyOfRange(whole, cut, whole.length);
            assertWhole(decode(first, second));
        }
    }

    @Test
    void aMessageMayComeByteForByte() {
        byte[] whole = bytes(STREAM);
        byte[][] single = new byte[whole.length][];
        for (int i = 0; i < whole.length; i++) single[i] = new byte[] {whole[i]};
        assertWhole(decode(single));
    }

    @ParameterizedTest
    @ValueSource(strings = {"-1", "many", "33554433", "99999999999", "1 2", "0x10"})
    void aLengthThatIsNoneIsAnErrorThatSaysSo(String length) {
        byte[] frame = bytes("Content-Type: api/response\nContent-Length: " + length + "\n\n");
        assertThatThrownBy(() -> decode(frame))
                .isInstanceOf(CorruptedFrameException.class)
                .hasMessageContaining("Content-Length '" + length)
                .hasMessageContaining("0 to 33554432");
    }

    @Test
    void whatIsNoEventSocketIsRefusedAtItsFirstLine() {
        assertThatThrownBy(() -> decode(bytes("SSH-2.0-OpenSSH_9.2\r\n")))
                .isInstanceOf(CorruptedFrameException.class)
                .hasMessageContaining("SSH-2.0");
    }

    @Test
    void aLineWithoutEndIsRefused() {
        assertThatThrownBy(() -> decode(bytes("x".repeat(300_000))))
                .isInstanceOf(CorruptedFrameException.class)
                .hasMessageContaining("a line longer");
    }
}
