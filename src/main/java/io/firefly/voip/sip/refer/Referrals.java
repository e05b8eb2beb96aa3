package io.firefly.voip.sip.refer;

import io.firefly.voip.call.CallLeg.Referral;
import io.firefly.voip.call.CallLeg.Referred;
import io.firefly.voip.sip.header.HeaderLines;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The referrals of one leg, one at a time. Thread of the leg. */
public final class Referrals {
    private static final int OK = 200;
    private static final int NO_ANSWER = 408;
    private static final int GONE = 481;
    private static final int PENDING = 491;
    private static final Pattern STATUS_LINE =
            Pattern.compile("SIP/2\\.0 ([1-6][0-9]{2})(?: [^\r\n]*)?(?:\r?\n.*)?", Pattern.DOTALL);
    private static final Pattern EVENT = Pattern.compile("\\s*([A-Za-z0-9.-]+)\\s*(?:;.*)?");
    private static final Pattern EVENT_ID = Pattern.compile(";\\s*id\\s*=\\s*([0-9]{1,10})");

    /** What a referral needs of its leg. */
    public interface Line {
        /** The dialog stands, or did: one that is over answers for itself. */
        boolean isUp();

        /** Our Contact value. */
        String contact();

        /**
         * Sends REFER.
         *
         * @param then hears of the final response, on the leg's thread
         * @return its CSeq
         */
        long send(String headerLines, Consumer<Reply> then);

        void alarm(Duration delay, Runnable work);

        void quiet();
    }

    /**
     * The final response to a REFER.
     *
     * @param referSub value of Refer-Sub; empty for none
     * @param authorization header line that answers the digest challenge in it; null when there is none that we can answer
     */
    public record Reply(
            int status, String referSub, @Nullable String authorization) {}

    private record Open(Referral wanted, CompletableFuture<Referred> outcome) {}

    private final Line line;
    private @Nullable Open open;
    private boolean accepted;
    private boolean referred;
    private long cseq;

    public Referrals(Line line) {
        this.line = line;
    }

    /** @return completes always, and never exceptionally */
    public CompletionStage<Referred> refer(Referral wanted) {
        CompletableFuture<Referred> outcome = new CompletableFuture<>();
        if (!line.isUp() || open != null) {
            outcome.complete(new Referred(false, open == null ? GONE : PENDING));
            return outcome;
        }
        Open begun = new Open(wanted, outcome);
        open = begun;
        accepted = false;
        referred = true;
        line.alarm(wanted.patience(), () -> finish(begun, NO_ANSWER));
        cseq = line.send(headerLines(wanted), reply -> challengedOrAnswered(begun, reply));
        return outcome;
    }

    private String headerLines(Referral wanted) {
        String contact = line.contact();
        return "Refer-To: <" + wanted.to() + ">\r\nReferred-By: " + contact + "\r\nContact: " + contact + "\r\n";
    }

    /** A challenge is answered once (RFC 3261 22.2): who challenges again does not believe us. */
    private void challengedOrAnswered(Open begun, Reply reply) {
        String authorization = reply.authorization();
        if (begun.outcome().isDone()) return;
        if (authorization == null) answered(begun, reply);
        else cseq = line.send(headerLines(begun.wanted()) + authorization, again -> answered(begun, again));
    }

    private void answered(Open begun, Reply reply) {
        if (begun.outcome().isDone()) return;
        if (reply.status() >= 300) {
            finish(begun, reply.status());
            return;
        }
        accepted = true;
        // RFC 4488: nobody will tell how it goes.
        if (reply.referSub().strip().toLowerCase(Locale.ROOT).startsWith("false")) finish(begun, 0);
    }

    /**
     * A NOTIFY of the far end.
     *
     * @return the status it is answered with
     */
    public int notified(HeaderLines lines, @Nullable String contentType, String body) {
        String event = lines.first("event");
        Matcher named = EVENT.matcher(event == null ? "" : event);
        if (!named.matches() || !named.group(1).equalsIgnoreCase("refer")) return referred ? 489 : GONE;
        Matcher id = EVENT_ID.matcher(event == null ? "" : event);
        if (!referred || (id.find() && Long.parseLong(id.group(1)) != cseq)) return GONE;
        String state = lines.first("subscription-state");
        boolean last = state != null && state.strip().toLowerCase(Locale.ROOT).startsWith("terminated");
        Open begun = open;
        // What comes behind the outcome changes nothing any more.
        if (begun == null) return OK;
        // RFC 3515 2.4.7: a NOTIFY may overtake the 202.
        accepted = true;
        if (body.isBlank()) return ended(begun, last, NO_ANSWER);
        if (!"message/sipfrag".equals(contentType)) return 415;
        Matcher status = STATUS_LINE.matcher(body);
        if (!status.matches()) return 400;
        int told = Integer.parseInt(status.group(1));
        if (told < OK) begun.wanted().progress().accept(told);
        return ended(begun, last || told >= OK, told < OK ? NO_ANSWER : told);
    }

    private int ended(Open begun, boolean isOver, int status) {
        if (isOver) finish(begun, status);
        return OK;
    }

    /** The dialog is over: whoever accepted has gone where they were sent, as far as anybody knows. */
    public void close() {
        Open begun = open;
        if (begun != null) finish(begun, accepted ? 0 : GONE);
    }

    private void finish(Open begun, int status) {
        if (begun.outcome().isDone()) return;
        open = null;
        line.quiet();
        begun.outcome().complete(new Referred(accepted, status));
    }
}
