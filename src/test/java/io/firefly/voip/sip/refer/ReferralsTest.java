package io.firefly.voip.sip.refer;

import static org.assertj.core.api.Assertions.assertThat;

import io.firefly.voip.call.CallLeg.Referral;
import io.firefly.voip.call.CallLeg.Referred;
import io.firefly.voip.sip.header.HeaderLines;
import io.firefly.voip.sip.header.HeaderSyntaxException;
import io.firefly.voip.sip.refer.Referrals.Reply;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** RFC 3515 and RFC 4488, without a network. */
class ReferralsTest {
    private static final String SIPFRAG = "message/sipfrag";

    private final Phone phone = new Phone();
    private final Referrals referrals = new Referrals(phone);
    private final List<Integer> progress = new ArrayList<>();

    @Test
    void theReferNamesTargetAndReferrer() {
        assertThat(refer()).isNotDone();

        assertThat(phone.sent)
                .isEqualTo(
                        "Refer-To: <sip:sales@pbx.example>\r\nReferred-By: <sip:us@here>\r\nContact: <sip:us@here>\r\n");
    }

    @Test
    void progressIsToldAndTheFinalStatusIsTheOutcome() {
        CompletableFuture<Referred> outcome = refer();
        phone.answer(202, "");

        assertThat(notify("refer", "active;expires=60", "SIP/2.0 100 Trying")).isEqualTo(200);
        assertThat(notify("refer;id=7", "active", "SIP/2.0 180 Ringing\r\n")).isEqualTo(200);
        assertThat(outcome).isNotDone();
        assertThat(notify("refer", "terminated;reason=noresource", "SIP/2.0 200 OK\r\nContact: <sip:x@y>\r\n"))
                .isEqualTo(200);

        assertThat(outcome).isCompletedWithValue(new Referred(true, 200));
        assertThat(progress).containsExactly(100, 180);
        assertThat(phone.alarm).as("no alarm is left").isNull();
    }

    @Test
    void aRefusedReferIsNotAcceptedAndABusyTargetIs() {
        CompletableFuture<Referred> declined = refer();
        phone.answer(603, "");
        assertThat(declined).isCompletedWithValue(new Referred(false, 603));

        CompletableFuture<Referred> busy = refer();
        phone.answer(202, "");
        notify("refer", "terminated", "SIP/2.0 486 Busy Here");
        assertThat(busy).isCompletedWithValue(new Referred(true, 486));
    }

    @Test
    void aChallengeIsAnsweredOnceAndTheOutcomeIsThatOfTheSecondRefer() {
        CompletableFuture<Referred> outcome = refer();
        phone.challenge("Authorization: Digest x\r\n");

        assertThat(phone.sent)
                .startsWith("Refer-To: <sip:sales@pbx.example>\r\n")
                .endsWith("Authorization: Digest x\r\n");
        assertThat(outcome).isNotDone();
        phone.answer(202, "");
        assertThat(notify("refer;id=7", "active", "SIP/2.0 180 Ringing"))
                .as("of the REFER that was not accepted")
                .isEqualTo(481);
        assertThat(notify("refer;id=8", "terminated", "SIP/2.0 200 OK")).isEqualTo(200);
        assertThat(outcome).isCompletedWithValue(new Referred(true, 200));

        CompletableFuture<Referred> doubted = refer();
        phone.challenge("Authorization: Digest x\r\n");
        phone.challenge("Authorization: Digest y\r\n");
        assertThat(doubted).isCompletedWithValue(new Referred(false, 401));
    }

    @Test
    void aChallengeThatCannotBeAnsweredIsARefusal() {
        CompletableFuture<Referred> outcome = refer();
        phone.challenge(null);

        assertThat(outcome).isCompletedWithValue(new Referred(false, 401));
        assertThat(phone.sent).doesNotContain("Authorization");
    }

    @Test
    void withoutNotifyTheOutcomeIsNoAnswerWhenPatienceEnds() {
        CompletableFuture<Referred> outcome = refer();
        phone.answer(202, "");

        Objects.requireNonNull(phone.alarm).run();

        assertThat(outcome).isCompletedWithValue(new Referred(true, 408));
        assertThat(notify("refer", "terminated", "SIP/2.0 200 OK"))
                .as("late, and taken")
                .isEqualTo(200);
    }

    @Test
    void whoSaysThatNobodyWillTellIsBelieved() {
        CompletableFuture<Referred> outcome = refer();

        phone.answer(202, "false");

        assertThat(outcome).isCompletedWithValue(new Referred(true, 0));
    }

    @Test
    void aNotifyMayOvertakeThe202() {
        CompletableFuture<Referred> outcome = refer();

        assertThat(notify("refer", "terminated", "SIP/2.0 200 OK")).isEqualTo(200);
        phone.answer(202, "");

        assertThat(outcome).isCompletedWithValue(new Referred(true, 200));
    }

    @Test
    void aDialogThatEndsInBetweenEndsTheReferralToo() {
        CompletableFuture<Referred> accepted = refer();
        phone.answer(202, "");
        referrals.close();
        assertThat(accepted).isCompletedWithValue(new Referred(true, 0));

        CompletableFuture<Referred> unanswered = refer();
        referrals.close();
        referrals.close();
        assertThat(unanswered).isCompletedWithValue(new Referred(false, 481));
    }

    @Test
    void aSubscriptionThatEndsWithoutAFinalStatusIsNoAnswer() {
        CompletableFuture<Referred> outcome = refer();
        phone.answer(202, "");

        assertThat(notify("refer", "terminated;reason=timeout", "SIP/2.0 180 Ringing"))
                .isEqualTo(200);

        assertThat(outcome).isCompletedWithValue(new Referred(true, 408));
    }

    @ParameterizedTest(name = "{0} {1} {2} hears {3}")
    @CsvSource(
            nullValues = "-",
            value = {
                "presence, message/sipfrag, SIP/2.0 200 OK, 489",
                "-, message/sipfrag, SIP/2.0 200 OK, 489",
                "refer;id=8, message/sipfrag, SIP/2.0 200 OK, 481",
                "refer, text/plain, SIP/2.0 200 OK, 415",
                "refer, message/sipfrag, HTTP/1.1 200 OK, 400",
                "refer, message/sipfrag, SIP/2.0 999 Odd, 400",
                "refer, message/sipfrag, SIP/2.0 2000 Odd, 400"
            })
    void whatIsNotAboutThisReferralIsRefusedAndChangesNothing(
            @Nullable String event, String type, String body, int status) {
        CompletableFuture<Referred> outcome = refer();
        phone.answer(202, "");

        assertThat(referrals.notified(lines(event, "active"), type, body)).isEqualTo(status);

        assertThat(outcome).isNotDone();
    }

    @Test
    void nobodyIsToldOfWhatWasNeverAsked() {
        assertThat(notify("refer", "active", "SIP/2.0 100 Trying")).isEqualTo(481);
    }

    @Test
    void oneReferralAtATimeAndNoneWithoutADialog() {
        CompletableFuture<Referred> first = refer();
        assertThat(refer()).isCompletedWithValue(new Referred(false, 491));
        assertThat(first).isNotDone();

        phone.up = false;
        assertThat(new Referrals(phone).refer(wanted()).toCompletableFuture())
                .isCompletedWithValue(new Referred(false, 481));
    }

    private Referral wanted() {
        return new Referral("sip:sales@pbx.example", Duration.ofSeconds(20), progress::add);
    }

    private CompletableFuture<Referred> refer() {
        return referrals.refer(wanted()).toCompletableFuture();
    }

    private int notify(String event, String state, String body) {
        return referrals.notified(lines(event, state), SIPFRAG, body);
    }

    private static HeaderLines lines(@Nullable String event, String state) {
        String text = "NOTIFY sip:us@here SIP/2.0\r\nVia: SIP/2.0/UDP a;branch=z9hG4bK1\r\nFrom: <sip:a@b>;tag=1\r\n"
                + "To: <sip:us@here>;tag=2\r\nCall-ID: c\r\nCSeq: 2 NOTIFY\r\n"
                + (event == null ? "" : "Event: " + event + "\r\n") + "Subscription-State: " + state + "\r\n\r\n";
        try {
            return HeaderLines.parse(text.getBytes(StandardCharsets.UTF_8));
        } catch (HeaderSyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private static final class Phone implements Referrals.Line {
        private boolean up = true;
        private String sent = "";
        private long cseq = 7;
        private @Nullable Consumer<Reply> waiting;
        private @Nullable Runnable alarm;

        void answer(int status, String referSub) {
            Objects.requireNonNull(waiting).accept(new Reply(status, referSub, null));
        }

        void challenge(@Nullable String authorization) {
            Objects.requireNonNull(waiting).accept(new Reply(401, "", authorization));
        }

        @Override
        public boolean isUp() {
            return up;
        }

        @Override
        public String contact() {
            return "<sip:us@here>";
        }

        @Override
        public long send(String headerLines, Consumer<Reply> then) {
            sent = headerLines;
            waiting = then;
            return cseq++;
        }

        @Override
        public void alarm(Duration delay, Runnable work) {
            alarm = work;
        }

        @Override
        public void quiet() {
            alarm = null;
        }
    }
}
