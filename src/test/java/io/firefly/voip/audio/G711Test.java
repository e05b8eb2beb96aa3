package io.firefly.voip.audio;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class G711Test {
    /** Values of ITU-T G.191 scaled to 16 bit; the extremes and around zero. */
    @ParameterizedTest
    @CsvSource({
        "PCMU, 0xFF, 0",
        "PCMU, 0x00, -32124",
        "PCMU, 0x80, 32124",
        "PCMU, 0x7E, -8",
        "PCMU, 0xFE, 8",
        "PCMA, 0xD5, 8",
        "PCMA, 0x55, -8",
        "PCMA, 0xAA, 32256",
        "PCMA, 0x2A, -32256"
    })
    void codesHaveTheValuesOfTheStandard(G711 law, String code, int value) {
        assertThat(law.decode((byte) (int) Integer.decode(code))).isEqualTo((short) value);
    }

    @ParameterizedTest
    @EnumSource
    void decodingAndEncodingGivesTheSameByte(G711 law) {
        for (int code = 0; code < 256; code++) {
            byte again = law.encode(law.decode((byte) code));
            boolean negativeZero = law == G711.PCMU && code == 0x7F;
            assertThat(again & 0xFF).isEqualTo(negativeZero ? 0xFF : code);
        }
    }

    @ParameterizedTest
    @EnumSource
    void noSampleIsFurtherFromItsCodeThanHalfAStep(G711 law) {
        for (int sample = -32_124; sample <= 32_124; sample += 7) {
            int error = Math.abs(law.decode(law.encode((short) sample)) - sample);
            assertThat(error).as("sample %d", sample).isLessThanOrEqualTo(8 + Math.abs(sample) / 32);
        }
    }

    @Test
    void silenceIsTheCodeOfZero() {
        assertThat(G711.PCMU.encode((short) 0)).isEqualTo((byte) 0xFF);
        assertThat(G711.PCMA.encode((short) 0)).isEqualTo((byte) 0xD5);
    }
}
