package io.firefly.voip.sip.digest;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DigestHeadersTest {
    private static final String GOOD =
            "Digest username=\"bob\",realm=\"r\",nonce=\"n\",uri=\"sip:r\",response=\"0\",qop=auth,nc=00000001,cnonce=\"c\"";

    @Test
    void namesInAnyCaseAndOrderWithEscapesAndStraySpaceAreRead() {
        DigestCredentials read = value(DigestCredentials.parse(
                "dIGEST  URI = \"sip:a,b\" ,\tRealm=\"x\\\"y\\\\z\",, response=\"ab\" , nonce=\"=+/\", USERNAME=\"b o b\","
                        + " QOP=\"auth\", NC=0000000A, cnonce=\"c\", future=yes"));

        assertThat(read.realm()).isEqualTo("x\"y\\z");
        assertThat(read.uri()).isEqualTo("sip:a,b");
        assertThat(read.username()).isEqualTo("b o b");
        assertThat(read.protection())
                .extracting(DigestCredentials.Protection::nonceCount)
                .isEqualTo(10L);
    }

    @Test
    void whatWeWriteWeReadBack() {
        DigestCredentials read = value(DigestCredentials.parse(GOOD));

        assertThat(DigestCredentials.parse(read.text())).isEqualTo(new HeaderReading.Value<>(read));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\u0001',
            value = {
                "''                                          | the scheme is not Digest",
                "Digest                                      | the scheme is not Digest",
                "Basic dXNlcjpwdw==                          | the scheme is not Digest",
                "Digestive realm=\"r\"                       | the scheme is not Digest",
                "Digest username=\"bob                       | a quoted string is not closed",
                "Digest username=\"bob\\                     | a quoted string is not closed",
                "Digest username                             | name=value expected at position 15",
                "Digest =x                                   | name=value expected at position 7",
                "Digest realm=\"a\" nonce=\"b\"              | ',' expected at position 17",
                "Digest realm=\"a\",realm=\"b\"              | parameter 'realm' is there twice",
                "Digest realm=\"a\"                          | username is missing",
                "Digest username=\"b\",realm=\"r\",nonce=\"n\",uri=\"u\",response=\"0\",qop=auth,nc=1 | qop without cnonce",
                "Digest username=\"b\",realm=\"r\",nonce=\"n\",uri=\"u\",response=\"0\",qop=auth,cnonce=\"c\" | qop without nc",
                "Digest username=\"b\",realm=\"r\",nonce=\"n\",uri=\"u\",response=\"0\",qop=auth,cnonce=\"c\",nc=-1 | nc is not a hexadecimal number of 8 digits",
                "Digest username=\"b\",realm=\"r\",nonce=\"n\",uri=\"u\",response=\"0\",qop=auth,cnonce=\"c\",nc=123456789 | nc is not a hexadecimal number of 8 digits",
            })
    void aMalformedAuthorizationIsAValueWithItsReason(String text, String reason) {
        assertThat(DigestCredentials.parse(text)).isEqualTo(new HeaderReading.Malformed<>(reason));
    }

    @Test
    void controlCharactersAndEndlessHeadersAreMalformed() {
        assertThat(DigestCredentials.parse("Digest username=\"a\r\nb\"")).isInstanceOf(HeaderReading.Malformed.class);
        assertThat(DigestCredentials.parse("Digest a=" + "x".repeat(5000)))
                .isEqualTo(new HeaderReading.Malformed<>("longer than 4096 characters"));
        StringBuilder many = new StringBuilder("Digest a0=0");
        for (int i = 1; i < 100; i++) many.append(",a").append(i).append("=0");
        assertThat(DigestCredentials.parse(many.toString()))
                .isEqualTo(new HeaderReading.Malformed<>("more than 24 parameters"));
    }

    @Test
    void randomDamageNeverThrows() {
        Random random = new Random(42);
        for (int round = 0; round < 5000; round++) {
            StringBuilder damaged = new StringBuilder(GOOD);
            for (int hit = 0; hit < 4; hit++) {
                damaged.setCharAt(random.nextInt(damaged.length()), (char) random.nextInt(256));
            }
            damaged.setLength(random.nextInt(damaged.length()));

            assertThat(DigestCredentials.parse(damaged.toString())).isNotNull();
            assertThat(DigestChallenge.parse(damaged.toString())).isNotNull();
        }
    }

    @Test
    void aChallengeOfOursOffersAuthAndSaysStaleOnlyWhenItIs() {
        DigestChallenge fresh = DigestChallenge.ours("firefly", "abc=", DigestAlgorithm.SHA_256, false);

        assertThat(fresh.text()).isEqualTo("Digest realm=\"firefly\", nonce=\"abc=\", algorithm=SHA-256, qop=\"auth\"");
        assertThat(DigestChallenge.ours("firefly", "abc=", DigestAlgorithm.MD5, true)
                        .text())
                .contains("stale=true");
        assertThat(DigestChallenge.parse(fresh.text())).isEqualTo(new HeaderReading.Value<>(fresh));
    }

    @Test
    void aChallengeMayOfferSeveralQualities() {
        DigestChallenge read =
                value(DigestChallenge.parse("Digest realm=\"r\", nonce=\"n\", qop=\"auth-int, AUTH\", stale=TRUE"));

        assertThat(read.qop()).isEqualTo(List.of("auth-int", "auth"));
        assertThat(read.stale()).isTrue();
        assertThat(DigestChallenge.parse("Digest realm=\"r\""))
                .isEqualTo(new HeaderReading.Malformed<>("nonce is missing"));
    }

    private static <T> T value(HeaderReading<T> reading) {
        return ((HeaderReading.Value<T>) reading).value();
    }
}
