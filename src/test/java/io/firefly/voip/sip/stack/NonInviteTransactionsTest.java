package io.firefly.voip.sip.stack;

import static org.assertj.core.api.Assertions.assertThat;

import gov.nist.javax.sip.message.SIPRequest;
import gov.nist.javax.sip.message.SIPResponse;
import gov.nist.javax.sip.parser.StringMsgParser;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class NonInviteTransactionsTest {
    private static final long SECOND = 1_000_000_000L;

    private final List<SIPResponse> sent = new ArrayList<>();
    private long nowNanos = 5 * SECOND;
    private final NonInviteTransactions transactions =
            new NonInviteTransactions(3, () -> nowNanos, (request, response) -> sent.add(response));

    private static SIPRequest request(String method, String via, int cseq) throws Exception {
        String text = method + " sip:a@127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/" + via
                + "\r\nFrom: <sip:b@127.0.0.1>;tag=f\r\nTo: <sip:a@127.0.0.1>;tag=t\r\nCall-ID: c\r\nCSeq: " + cseq
                + ' '
                + method + "\r\nMax-Forwards: 70\r\nContent-Length: 0\r\n\r\n";
        return (SIPRequest)
                new StringMsgParser().parseSIPMessage(text.getBytes(StandardCharsets.UTF_8), true, false, null);
    }

    private static SIPRequest bye(String sentBy, String branch) throws Exception {
        return request("BYE", "UDP " + sentBy + ";branch=" + branch, 2);
    }

    private SIPResponse answered(SIPRequest request) throws Exception {
        NonInviteTransactions.Transaction begun = Objects.requireNonNull(transactions.begin(request));
        SIPResponse response = request.createResponse(200);
        begun.answer(request, response);
        return response;
    }

    @Test
    void whoAsksAgainHearsTheSameAnswerAgainAndNothingIsDoneTwice() throws Exception {
        SIPResponse first = answered(bye("1.1.1.1:5060", "z9hG4bK-1"));

        assertThat(transactions.begin(bye("1.1.1.1:5060", "z9hG4bK-1"))).isNull();

        assertThat(sent).containsExactly(first, first);
    }

    @Test
    void whoAsksAgainTooEarlyHearsNothingUntilThereIsAnAnswer() throws Exception {
        SIPRequest request = bye("1.1.1.1:5060", "z9hG4bK-1");
        NonInviteTransactions.Transaction begun = Objects.requireNonNull(transactions.begin(request));

        assertThat(transactions.begin(request)).isNull();
        assertThat(sent).isEmpty();

        begun.answer(request, request.createResponse(200));
        begun.answer(request, request.createResponse(500));
        assertThat(sent).extracting(SIPResponse::getStatusCode).containsExactly(200);
    }

    @Test
    void theSameBranchOfAnotherClientOrMethodIsAnotherTransaction() throws Exception {
        answered(bye("1.1.1.1:5060", "z9hG4bK-1"));

        assertThat(transactions.begin(bye("1.1.1.1:5061", "z9hG4bK-1"))).isNotNull();
        assertThat(transactions.begin(request("INFO", "UDP 1.1.1.1:5060;branch=z9hG4bK-1", 2)))
                .isNotNull();
    }

    @Test
    void aClientOfTheOldRfcIsKnownByItsNumbers() throws Exception {
        answered(request("BYE", "UDP 1.1.1.1:5060", 2));

        assertThat(transactions.begin(request("BYE", "UDP 1.1.1.1:5060", 2))).isNull();
        assertThat(transactions.begin(request("BYE", "UDP 1.1.1.1:5060", 3))).isNotNull();
    }

    @Test
    void allIsForgottenAfterTimerJ() throws Exception {
        answered(bye("1.1.1.1:5060", "z9hG4bK-1"));
        nowNanos += 31 * SECOND;
        answered(bye("1.1.1.1:5060", "z9hG4bK-2"));
        nowNanos += SECOND;

        transactions.sweep();

        assertThat(transactions.size()).isEqualTo(1);
        assertThat(transactions.begin(bye("1.1.1.1:5060", "z9hG4bK-1"))).isNotNull();
        assertThat(transactions.begin(bye("1.1.1.1:5060", "z9hG4bK-2"))).isNull();
    }

    @Test
    void whenThereAreTooManyTheOldestIsForgottenAndNobodyIsRefused() throws Exception {
        for (int i = 1; i <= 5; i++) answered(bye("1.1.1.1:5060", "z9hG4bK-" + i));

        assertThat(transactions.size()).isEqualTo(3);
        assertThat(sent).hasSize(5);
        assertThat(transactions.begin(bye("1.1.1.1:5060", "z9hG4bK-3"))).isNull();
        assertThat(transactions.begin(bye("1.1.1.1:5060", "z9hG4bK-2"))).isNotNull();
    }

    @Test
    void invitesCancelsAndWhatCameByTcpBelongToTheStack() throws Exception {
        assertThat(NonInviteTransactions.takes(bye("1.1.1.1:5060", "z9hG4bK-1")))
                .isTrue();
        assertThat(NonInviteTransactions.takes(request("BYE", "TCP 1.1.1.1:5060;branch=z9hG4bK-1", 2)))
                .isFalse();
        for (String method : List.of("INVITE", "ACK", "CANCEL"))
            assertThat(NonInviteTransactions.takes(request(method, "UDP 1.1.1.1:5060;branch=z9hG4bK-1", 2)))
                    .as(method)
                    .isFalse();
    }
}
