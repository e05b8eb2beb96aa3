package io.firefly.voip.sip.digest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

class ClientDigestTest {
    @Test
    void aChallengeWithQopIsAnsweredWithCountAndClientNonce() {
        DigestCredentials answer = answer(
                "Digest realm=\"firefly\", nonce=\"n1\", opaque=\"o\", stale=true, algorithm=SHA-256, qop=\"auth,auth-int\"");

        assertThat(answer.opaque()).isEqualTo("o");
        assertThat(answer.algorithm()).isEqualTo("SHA-256");
        assertThat(answer.protection())
                .extracting(DigestCredentials.Protection::nc)
                .isEqualTo("00000001");
        assertThat(answer.response()).isEqualTo(expected(answer, DigestAlgorithm.SHA_256));
    }

    @Test
    void aChallengeWithoutQopIsAnsweredInTheOldStyle() {
        DigestCredentials answer = answer("Digest realm=\"old\", nonce=\"n2\"");

        assertThat(answer.protection()).isNull();
        assertThat(answer.algorithm()).isNull();
        assertThat(answer.response()).isEqualTo(expected(answer, DigestAlgorithm.MD5));
    }

    @Test
    void everyAnswerHasItsOwnClientNonce() {
        String challenge = "Digest realm=\"r\", nonce=\"n\", qop=\"auth\"";

        assertThat(answer(challenge).protection())
                .isNotEqualTo(answer(challenge).protection());
    }

    @Test
    void whatCannotBeAnsweredSaysWhy() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> answer("Digest realm=\"r\", nonce=\"n\", algorithm=SHA-512-256"))
                .withMessage("challenge wants algorithm 'SHA-512-256'; MD5 and SHA-256 can be answered");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> answer("Digest realm=\"r\", nonce=\"n\", qop=\"auth-int\""))
                .withMessage("challenge wants qop [auth-int]; auth can be answered");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> answer("Bearer x"))
                .withMessage("challenge cannot be read: the scheme is not Digest");
    }

    private static DigestCredentials answer(String challenge) {
        String header = ClientDigest.authorization(challenge, "REGISTER", "sip:firefly", "bob", "secret");
        return ((HeaderReading.Value<DigestCredentials>) DigestCredentials.parse(header)).value();
    }

    private static String expected(DigestCredentials answer, DigestAlgorithm algorithm) {
        return answer.expectedResponse(algorithm, algorithm.ha1("bob", answer.realm(), "secret"), "REGISTER");
    }
}
