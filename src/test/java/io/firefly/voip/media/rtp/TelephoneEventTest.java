package io.firefly.voip.media.rtp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TelephoneEventTest {
    private final TelephoneEvent.Receiver receiver = new TelephoneEvent.Receiver();
    private final RtpPacket packet = new RtpPacket();

    /** {@code digit.timestamp.duration}, a capital E behind it for the end; 20 ms apart. */
    @ParameterizedTest
    @CsvSource({
        "three ends,        '5.0.160 5.0.320 5.0.480E 5.0.480E 5.0.480E',   '5 60'",
        "first ones lost,   '5.0.480E',                                     '5 60'",
        "ends lost,         '5.0.160 5.0.320',                              '5 40'",
        "two presses,       '1.0.160E 1.800.160E',                          '1 20,1 20'",
        "end lost and next, '1.0.320 2.800.160 2.800.320E',                 '1 40,2 40'",
        "straggler,         '1.0.160E 2.800.160 1.0.160E 2.800.320E',       '1 20,2 40'",
        "duration zero,     '9.0.0 9.0.160 9.0.160E',                       '9 20'",
        "both at once,      '1.0.320 2.800.160E 2.800.160E',                '1 40,2 20'",
        "segments of 8 s,   '3.0.65520 3.65520.160 3.65520.320E',           '3 8230'",
        "flash,             'F.0.160E',                                     ''",
    })
    void everyPressIsToldOnce(String name, String packets, String expected) {
        List<String> told = new ArrayList<>();
        long nowNanos = 0;
        for (String text : packets.split(" ", -1)) {
            fill(text.split("\\.", -1));
            if (receiver.receive(packet, nowNanos)) tell(told);
            nowNanos += 20_000_000;
        }
        for (int i = 0; i < 10; i++, nowNanos += 20_000_000) {
            if (receiver.tick(nowNanos)) tell(told);
        }
        assertThat(String.join(",", told)).as(name).isEqualTo(expected == null ? "" : expected);
        assertThat(receiver.isActive()).isFalse();
    }

    @Test
    void aPacketThatIsTooShortIsNoPress() {
        packet.writeHeader();
        packet.bytes.put((byte) 5).flip();
        packet.parse();
        assertThat(receiver.receive(packet, 0)).isFalse();
        assertThat(receiver.isActive()).isFalse();
    }

    @Test
    void aDigitTakesSevenPacketsAndAFrameOfAudio() {
        TelephoneEvent.Sender sender = new TelephoneEvent.Sender();
        assertThat(sender.queue(TelephoneEvent.codeOf('*'))).isTrue();
        StringBuilder sent = new StringBuilder();
        for (int i = 0; i < 9; i++) {
            if (sender.takesFrame(1_000 + i * 160)) {
                sender.write(packet);
                packet.bytes.flip();
                packet.parse();
                assertThat(packet.timestamp).isEqualTo(1_000);
                sent.append(packet.marker ? "M" : "")
                        .append(packet.bytes.getShort(14))
                        .append(packet.bytes.get(13) < 0 ? "E " : " ");
            } else {
                sent.append("- ");
            }
            sender.advance();
        }
        assertThat(sent).hasToString("M160 320 480 640 800E 800E 800E - - ");
    }

    @Test
    void onlySixtyFourKeysWait() {
        TelephoneEvent.Sender sender = new TelephoneEvent.Sender();
        for (int i = 0; i < TelephoneEvent.Sender.MAX_WAITING; i++)
            assertThat(sender.queue(1)).isTrue();
        assertThat(sender.queue(1)).isFalse();
    }

    private void tell(List<String> told) {
        told.add(receiver.endedDigit() + " " + receiver.endedMillis());
    }

    private void fill(String[] parts) {
        boolean end = parts[2].endsWith("E");
        packet.ssrc = 7;
        packet.timestamp = Integer.parseInt(parts[1]);
        packet.writeHeader();
        packet.bytes.put((byte) (parts[0].equals("F") ? 16 : TelephoneEvent.codeOf(parts[0].charAt(0))));
        packet.bytes.put((byte) (end ? 0x8A : 0x0A));
        packet.bytes.putShort((short) Integer.parseInt(parts[2].replace("E", "")));
        packet.bytes.flip();
        packet.parse();
    }
}
