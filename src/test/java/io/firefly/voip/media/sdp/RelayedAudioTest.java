package io.firefly.voip.media.sdp;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RelayedAudioTest {
    private static final String SESSION = "v=0\r\no=- 1 1 IN IP4 192.0.2.5\r\ns=-\r\nc=IN IP4 192.0.2.5\r\nt=0 0\r\n";

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "m=audio 4000 RTP/AVP 8 101|a=rtpmap:101 telephone-event/8000; PCMA",
                "m=audio 4000 RTP/AVP 101 13 0|a=rtpmap:101 telephone-event/8000; PCMU",
                "m=audio 4000 RTP/AVP 111|a=rtpmap:111 opus/48000/2; OPUS",
                "m=audio 4000 RTP/SAVP 9; G722",
                "m=video 4000 RTP/AVP 96|m=audio 0 RTP/AVP 0|m=audio 4000 RTP/AVP 8; PCMA",
                "m=audio 4000 RTP/AVP 97; ?",
            })
    void theFirstCodecOfTheSoundCounts(String lines, String codec) {
        RelayedAudio says = RelayedAudio.of(SESSION + lines.replace("|", "\r\n"));
        assertThat(says).isEqualTo(new RelayedAudio(codec, Direction.SENDRECV));
    }

    @ParameterizedTest
    @CsvSource({"sendonly, SENDONLY", "recvonly, RECVONLY", "inactive, INACTIVE"})
    void theDirectionIsTheWriters(String attribute, Direction direction) {
        RelayedAudio says = RelayedAudio.of(SESSION + "m=audio 4000 RTP/AVP 8\r\na=" + attribute);
        assertThat(says).isEqualTo(new RelayedAudio("PCMA", direction));
    }

    @Test
    void theOldHoldDoesNotReceive() {
        String held = SESSION.replace("c=IN IP4 192.0.2.5", "c=IN IP4 0.0.0.0") + "m=audio 4000 RTP/AVP 8";
        assertThat(RelayedAudio.of(held)).isEqualTo(new RelayedAudio("PCMA", Direction.SENDONLY));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "nonsense", "m=audio", "m=audio 0 RTP/AVP 8", "m=image 4000 udptl t38"})
    void withoutSoundThereIsNothing(String lines) {
        assertThat(RelayedAudio.of(SESSION + lines)).isNull();
    }

    @Test
    void ofOurOfferOneLawIsLeft() {
        String offer = SESSION + "m=audio 4000 RTP/AVP 8 0 101\r\na=rtpmap:8 PCMA/8000\r\na=rtpmap:0 PCMU/8000\r\n"
                + "a=rtpmap:101 telephone-event/8000\r\n";
        assertThat(RelayedAudio.only("PCMU", offer))
                .contains("m=audio 4000 RTP/AVP 0 101\r\n")
                .contains("a=rtpmap:0 PCMU/8000")
                .doesNotContain("PCMA");
        assertThat(RelayedAudio.only("OPUS", offer)).isEqualTo(offer);
        String only = offer.replace(" 8 0 101", " 8 101");
        assertThat(RelayedAudio.only("PCMU", only)).isEqualTo(only);
    }

    @Test
    void aVersionAloneSaysNothingNew() {
        String one = SESSION + "m=audio 4000 RTP/AVP 8\r\n";
        assertThat(RelayedAudio.sayTheSame(one, one.replace("o=- 1 1", "o=- 1 2")))
                .isTrue();
        assertThat(RelayedAudio.sayTheSame(one, one.replace("4000", "4002"))).isFalse();
    }

    @Test
    void anOfferThatMayEndAHoldIsForBothDirections() {
        assertThat(RelayedAudio.inBothDirections(SESSION + "m=audio 4000 RTP/AVP 8\r\na=recvonly\r\n"))
                .isEqualTo(SESSION + "m=audio 4000 RTP/AVP 8\r\na=sendrecv\r\n");
    }

    @Test
    void oneWayOfSoundIsShownAsItIs() {
        String one = SESSION + "m=audio 4000 RTP/AVP 8\r\n";
        assertThat(RelayedAudio.Shown.of(one)).isSameAs(RelayedAudio.Shown.ALL);
        assertThat(RelayedAudio.Shown.ALL.fromCaller(one)).isEqualTo(one);
    }

    @Test
    void ofTwoWaysTheCallerSeesThePlainOne() {
        String secure = "m=audio 4002 RTP/SAVP 8 101\r\na=crypto:1 X inline:abc\r\n";
        String plain = "m=audio 4000 RTP/AVP 8 101\r\na=sendrecv\r\n";
        RelayedAudio.Shown shown = RelayedAudio.Shown.of(SESSION + secure + plain);
        assertThat(shown.toCaller(SESSION + secure + plain)).isEqualTo(SESSION + plain);
        assertThat(shown.fromCaller(SESSION + plain)).isEqualTo(SESSION + "m=audio 0 RTP/SAVP 8\r\n" + plain);
    }
}
