package io.firefly.voip.sip.header;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.firefly.voip.call.Diversion;
import io.firefly.voip.call.Party;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SipHeadersTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            value = {
                "sip:bob@example.com;tag=1 | bob | example.com | sip:bob@example.com | -",
                "<sip:bob@example.com>;tag=1 | bob | example.com | sip:bob@example.com | -",
                "Bob <sip:bob@example.com> | bob | example.com | sip:bob@example.com | Bob",
                "Bob B. <sips:bob@example.com:5061> | bob | example.com | sips:bob@example.com:5061 | Bob B.",
                "<SIP:Bob@Example.com> | Bob | Example.com | SIP:Bob@Example.com | -",
                "<tel:+1-555-0100;phone-context=x> | +1-555-0100 | '' | tel:+1-555-0100;phone-context=x | -",
                "tel:+15550100;tag=7 | +15550100 | '' | tel:+15550100 | -",
                "<sip:%2B1555@h> | +1555 | h | sip:%2B1555@h | -",
                "<sip:a%0d%0aX:1@h> | a%0d%0aX | h | sip:a%0d%0aX:1@h | -",
                "<sip:a%zz@h> | a%zz | h | sip:a%zz@h | -",
                "<sip:h%C3%A9l%C3%A8ne@h> | hélène | h | sip:h%C3%A9l%C3%A8ne@h | -",
                "<sip:1001;phone-context=+1@h;user=phone> | 1001 | h | sip:1001;phone-context=+1@h;user=phone | -",
                "<sip:bob:secret@h> | bob | h | sip:bob:secret@h | -",
                "<sip:h> | '' | h | sip:h | -",
                "<sip:bob@[2001:db8::1]:5070;transport=tcp> | bob | [2001:db8::1] | sip:bob@[2001:db8::1]:5070;transport=tcp | -",
            })
    void addressesAreRead(String value, String user, String host, String uri, String name) {
        Party party = SipHeaders.parseParty(value);

        assertThat(party).isEqualTo(new Party(user, host, uri, name));
    }

    @Test
    void aQuotedNameKeepsWhatItsEscapesHide() {
        Party party = SipHeaders.parseParty("\"Smith, \\\"Bob\\\" <boss>\" <sip:bob@h>;tag=\"x;y\"");

        assertThat(party.displayName()).isEqualTo("Smith, \"Bob\" <boss>");
        assertThat(party.user()).isEqualTo("bob");
        assertThat(SipHeaders.tag("\"a;tag=no\" <sip:bob@h>;tag=yes")).isEqualTo("yes");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "   ",
                "<",
                ">",
                "\"open",
                "\"name\"",
                "<sip:>",
                "<sip:bob@>",
                "<sip:bob@h:0>",
                "<sip:bob@h:99999>",
                "<http://x>",
                "mailto:a@b",
                "<sip:b ob@h>",
                "<tel:>",
                "<sip:bob@h",
                "sip:bob@h o",
                ";;;",
                "<sip:bob@[::1>",
            })
    void whatIsNoAddressIsNobodyAndCounted(String value) {
        long before = SipHeaders.skipped();

        assertThat(SipHeaders.parseParty(value)).isEqualTo(Party.ANONYMOUS);
        assertThat(SipHeaders.skipped()).isGreaterThan(before);
    }

    @Test
    void diversionsComeNewestFirstFromSeveralHeadersAndCommas() {
        List<Diversion> diversions = SipHeaders.parseDiversions(List.of(
                "\"Sales, EU\" <sip:+15550101@a;user=phone>;reason=no-answer;counter=2;privacy=full, "
                        + "<tel:+15550102>;reason=\"User-Busy\"",
                "<sips:+15550103@a>;privacy=off;counter=0"));

        assertThat(diversions).hasSize(3);
        assertThat(diversions.get(0).party().displayName()).isEqualTo("Sales, EU");
        assertThat(diversions.get(0).party().number()).isEqualTo("+15550101");
        assertThat(diversions.get(0).reason()).isEqualTo("no-answer");
        assertThat(diversions.get(0).counter()).isEqualTo(2);
        assertThat(diversions.get(0).privateAddress()).isTrue();
        assertThat(diversions.get(1).party().number()).isEqualTo("+15550102");
        assertThat(diversions.get(1).reason()).isEqualTo("user-busy");
        assertThat(diversions.get(1).counter()).isEqualTo(1);
        assertThat(diversions.get(2).reason()).isNull();
        assertThat(diversions.get(2).counter()).isEqualTo(1);
        assertThat(diversions.get(2).privateAddress()).isFalse();
    }

    @Test
    void aBadDiversionIsSkippedAndTheOthersStay() {
        List<Diversion> diversions = SipHeaders.parseDiversions(
                List.of("<sip:1@a>, garbage, <sip:2@a>;counter=many", "<nonsense>", "<sip:3@a>;reason=;;=x"));

        assertThat(diversions).extracting(diversion -> diversion.party().user()).containsExactly("1", "2", "3");
    }

    @Test
    void tooManyDiversionsAreCutOff() {
        List<String> values =
                IntStream.range(0, 500).mapToObj(i -> "<sip:" + i + "@a>").toList();

        assertThat(SipHeaders.parseDiversions(values)).hasSize(32);
    }

    @Test
    void historyIsOrderedByItsIndexAndNamesWhoForwarded() {
        List<HistoryEntry> history = SipHeaders.parseHistory(List.of(
                "<sip:c@h>;index=1.10, <sip:b@h?Reason=SIP%3Bcause%3D486%3Btext%3D%22Busy%22&Privacy=history>;index=1.2",
                "<sip:a@h?Reason=SIP%3Bcause%3D302>;index=1"));

        assertThat(history).extracting(entry -> entry.party().user()).containsExactly("a", "b", "c");
        assertThat(history).extracting(HistoryEntry::privateAddress).containsExactly(false, true, false);
        assertThat(SipHeaders.diversionsOf(history))
                .extracting(diversion -> diversion.party().user() + " " + diversion.reason())
                .containsExactly("b user-busy", "a unconditional");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<sip:+44@x;user=phone>;index=1, <sip:+49@x;user=phone;cause=302>;index=1.1",
                "<sip:+44@x>;index=1, <sip:+49@x;cause=302>;index=1.1;mp=1",
                "<sip:+44@x>;index=1, <sip:device@10.0.0.1>;index=1.1;rc=1, <sip:+49@x;cause=302>;index=1.2;mp=1",
                "<sip:+44@x>;index=1, <tel:+49;cause=302>;index=2",
                "<sip:+49@x;cause=302>;index=1.1, <sip:+44@x>;index=1",
                "<sip:+44@x>, <sip:+49@x;cause=302>",
            })
    void theEntryBeforeOneWithACauseDiverted(String value) {
        assertThat(SipHeaders.diversionsOf(SipHeaders.parseHistory(List.of(value))))
                .extracting(diversion -> diversion.party().user() + " " + diversion.reason())
                .containsExactly("+44 unconditional");
    }

    @Test
    void aChainOfCausesIsTheChainOfDiversionsNewestFirst() {
        List<HistoryEntry> history = SipHeaders.parseHistory(List.of(
                "<sip:a@h>;index=1, <sip:b@h;cause=486>;index=1.1;mp=1", "<sip:c@h;cause=408>;index=1.1.1;mp=1.1"));

        assertThat(SipHeaders.diversionsOf(history))
                .extracting(diversion -> diversion.party().user() + " " + diversion.reason())
                .containsExactly("b no-answer", "a user-busy");
    }

    @Test
    void aCauseThatDivertsNobodyIsNoDiversion() {
        for (String value : List.of(
                "<sip:a@h;cause=302>;index=1",
                "<sip:a@h;cause=302>",
                "<sip:a@h>;index=1, <sip:b@h;cause=380>;index=1.1",
                "<sip:a@h>;index=1, <sip:b@h;cause=x>;index=1.1"))
            assertThat(SipHeaders.diversionsOf(SipHeaders.parseHistory(List.of(value))))
                    .as(value)
                    .isEmpty();
    }

    @Test
    void historyWithoutIndexStaysAsItCame() {
        assertThat(SipHeaders.parseHistory(List.of("<sip:b@h>;index=x", "<sip:a@h>;index=1")))
                .extracting(entry -> entry.party().user())
                .containsExactly("b", "a");
    }

    @Test
    void theAssertedIdentityIsTheNumber() {
        Party number = SipHeaders.parseAssertedIdentity(List.of("\"Bob\" <sip:bob@example.com>, <tel:+15550100>"));

        assertThat(number).isEqualTo(new Party("+15550100", "", "tel:+15550100", null));
        assertThat(SipHeaders.parseAssertedIdentity(List.of("<sip:bob@h>"))).isNotNull();
        assertThat(SipHeaders.parseAssertedIdentity(List.of("nobody"))).isNull();
    }

    @Test
    void noInputMakesAnException() {
        Random random = new Random(4711);
        String alphabet = "<>\"\\,;:@%=?&[]sipte l+0123456789abc\t\u00e9";
        for (int i = 0; i < 20_000; i++) {
            StringBuilder text = new StringBuilder();
            for (int c = random.nextInt(60); c > 0; c--)
                text.append(alphabet.charAt(random.nextInt(alphabet.length())));
            List<String> values = List.of(text.toString());
            SipHeaders.parseDiversions(values);
            SipHeaders.parseHistory(values);
            SipHeaders.parseAssertedIdentity(values);
            SipHeaders.parseParty(values.get(0));
            SipHeaders.parseUri(values.get(0));
        }
    }

    @Test
    void headerLinesAreUnfoldedAndExpanded() throws Exception {
        HeaderLines lines = HeaderLines.parse(("OPTIONS sip:a SIP/2.0\r\nv: SIP/2.0/UDP h\r\ni : 1\r\n"
                        + "Authorization: Digest\r\n  username=\"a\"\r\nl: 0\r\n\r\nbody: no header")
                .getBytes(java.nio.charset.StandardCharsets.UTF_8));

        assertThat(lines.startLine()).isEqualTo("OPTIONS sip:a SIP/2.0");
        assertThat(lines.first("via")).isEqualTo("SIP/2.0/UDP h");
        assertThat(lines.first("call-id")).isEqualTo("1");
        assertThat(lines.first("authorization")).isEqualTo("Digest username=\"a\"");
        assertThat(lines.contentLength()).isZero();
        assertThat(lines.first("body")).isNull();
        assertThat(lines.missing()).containsExactly("from", "to", "cseq");
    }

    @Test
    void tooManyOrTooLongHeadersAreRefused() {
        String many = "OPTIONS sip:a SIP/2.0\r\n" + "X: 1\r\n".repeat(HeaderLines.MAX_HEADERS + 1) + "\r\n";
        String longOne = "OPTIONS sip:a SIP/2.0\r\nX: " + "1".repeat(HeaderLines.MAX_HEADER_BYTES) + "\r\n\r\n";

        assertThatThrownBy(() -> HeaderLines.parse(many.getBytes(java.nio.charset.StandardCharsets.UTF_8)))
                .hasMessageContaining("more than 128 headers");
        assertThatThrownBy(() -> HeaderLines.parse(longOne.getBytes(java.nio.charset.StandardCharsets.UTF_8)))
                .hasMessageContaining("header longer than 8192");
    }
}
