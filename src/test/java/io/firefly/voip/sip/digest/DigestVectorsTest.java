package io.firefly.voip.sip.digest;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** The printed examples of the RFCs. */
class DigestVectorsTest {
    private static final String RFC7616 = "Digest username=\"Mufasa\", realm=\"http-auth@example.org\", "
            + "uri=\"/dir/index.html\", algorithm=%s, "
            + "nonce=\"7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v\", nc=00000001, "
            + "cnonce=\"f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ\", qop=auth, "
            + "response=\"%s\", opaque=\"FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS\"";

    @Test
    void rfc7616Section391WithMd5() {
        verify(RFC7616.formatted("MD5", "8ca523f5e9506fed4657c9700eebdbec"), "Circle of Life");
    }

    @Test
    void rfc7616Section391WithSha256() {
        verify(
                RFC7616.formatted("SHA-256", "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1"),
                "Circle of Life");
    }

    @Test
    void rfc2617Section35() {
        verify("""
                Digest username="Mufasa", realm="testrealm@host.com", nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093",
                  uri="/dir/index.html", qop=auth, nc=00000001, cnonce="0a4f113b",
                  response="6629fae49393a05397450978507c4ef1", opaque="5ccc069c403ebaf9f0171e9517f40e41"
                """, "Circle Of Life");
    }

    @Test
    void rfc2069AnswerWithoutQop() {
        verify("""
                Digest username="Mufasa", realm="testrealm@host.com", nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093",
                  uri="/dir/index.html", response="1949323746fe6a43ef61f9606e7febea"
                """, "CircleOfLife");
    }

    private static void verify(String authorization, String password) {
        DigestCredentials credentials =
                ((HeaderReading.Value<DigestCredentials>) DigestCredentials.parse(authorization)).value();
        DigestAlgorithm algorithm =
                DigestAlgorithm.ofToken(credentials.algorithm()).orElseThrow();
        String ha1 = algorithm.ha1(credentials.username(), credentials.realm(), password);

        assertThat(credentials.expectedResponse(algorithm, ha1, "GET")).isEqualTo(credentials.response());
    }
}
