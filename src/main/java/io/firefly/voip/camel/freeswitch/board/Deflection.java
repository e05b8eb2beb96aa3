package io.firefly.voip.camel.freeswitch.board;

import io.firefly.voip.call.CallLeg.Referral;
import io.firefly.voip.call.CallLeg.Referred;
import io.firefly.voip.camel.freeswitch.esl.EslEvent;
import io.firefly.voip.camel.freeswitch.esl.EslWorkers;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends the far end of a channel elsewhere by a REFER of FreeSWITCH's own ({@code uuid_deflect}), one at a time. How it goes
 * stands in channel variables and in no event of the channel, so they are asked for now and then.
 *
 * <p>FreeSWITCH takes the end of the REFER's subscription for that of the whole dialog: with the final NOTIFY it says BYE,
 * whatever the NOTIFY said, and keeps a channel without a caller. A caller whose side refuses the REFER stays.
 *
 * <p>On the channel's worker.
 */
final class Deflection {
    private static final Logger LOG = LoggerFactory.getLogger(Deflection.class);
    /** Of the REFER: 100 while it waits for a digest's answer, and sofia-sip's own 9xx. */
    private static final String REFER_STATUS = "sip_refer_status_code";
    /** Of the final NOTIFY. */
    private static final String TARGET_STATUS = "sip_refer_target_status_code";
    /** Of the last NOTIFY before it. */
    private static final String PROGRESS = "sip_refer_target_provisional_status_code";

    private static final String USER = "sip_auth_username";
    /** Without it the channel would end after ten seconds, or with whatever the first final NOTIFY says. */
    private static final String PREPARED = "sip_refer_continue_after_reply=true;" + REFER_STATUS + "=;" + TARGET_STATUS
            + "=;" + PROGRESS + "=;sip_refer_reply=";
    /** FreeSWITCH hangs up on a challenge that it has no credentials for; with wrong ones the REFER is refused, and no more. */
    private static final String NO_CREDENTIALS = ";" + USER + "=none;sip_auth_password=none";

    private static final String UNSET = "_undef_";
    private static final int NO_ANSWER = 408;
    private static final int NOT_AN_ADDRESS = 416;
    private static final int GONE = 481;
    private static final int PENDING = 491;
    private static final int FAILED = 500;
    private static final int SOFIA_NOT_BELIEVED = 904;

    private record Open(Referral wanted, CompletableFuture<Referred> outcome, long untilNanos) {}

    private final EslChannel channel;
    private final EslWorkers workers;
    private final Runnable callerGone;
    private volatile @Nullable Open open;
    private boolean asking;
    private boolean accepted;
    /** A final NOTIFY may come that nobody waits for any more: FreeSWITCH does not tell to which REFER one belongs. */
    private boolean unresolved;

    private int progress;

    /** @param callerGone it was accepted and led nowhere, and there is no caller any more */
    Deflection(EslChannel channel, EslWorkers workers, Runnable callerGone) {
        this.channel = channel;
        this.workers = workers;
        this.callerGone = callerGone;
    }

    /** @return completes always, and never exceptionally */
    CompletionStage<Referred> refer(Referral wanted) {
        CompletableFuture<Referred> outcome = new CompletableFuture<>();
        if (channel.isOver() || channel.wanted() != null) outcome.complete(new Referred(false, GONE));
        else if (open != null) outcome.complete(new Referred(false, PENDING));
        else if (!wanted.to().regionMatches(true, 0, "sip:", 0, 4))
            outcome.complete(new Referred(false, NOT_AN_ADDRESS)); // FreeSWITCH would put "sip:" before it
        else
            begin(new Open(
                    wanted, outcome, System.nanoTime() + wanted.patience().toNanos()));
        return outcome;
    }

    private void begin(Open begun) {
        open = begun;
        accepted = false;
        progress = 0;
        asking = true;
        if (unresolved) then(variable(TARGET_STATUS), begun, status -> beginAfter(number(status), begun));
        else deflect(begun);
    }

    private void beginAfter(int statusBefore, Open begun) {
        unresolved = statusBefore < 200;
        if (unresolved) finish(begun, PENDING);
        else deflect(begun);
    }

    private void deflect(Open begun) {
        CompletionStage<String> deflected = variable(USER)
                .thenCompose(user -> channel.api(
                        "uuid_setvar_multi", channel.uuid() + " " + PREPARED + (isSet(user) ? "" : NO_CREDENTIALS)))
                .thenCompose(set -> channel.api(
                        "uuid_deflect", channel.uuid() + " " + begun.wanted().to()));
        then(deflected, begun, said -> asking = false);
    }

    /** Any thread. */
    boolean isOpen() {
        return open != null;
    }

    /** Asks FreeSWITCH how it goes. */
    void look(long nowNanos) {
        Open begun = open;
        if (begun == null) return;
        if (nowNanos - begun.untilNanos() > 0) {
            unresolved = true;
            finish(begun, NO_ANSWER);
        } else if (!asking) {
            asking = true;
            then(variable(REFER_STATUS), begun, status -> referAnswered(begun, number(status)));
        }
    }

    private void referAnswered(Open begun, int status) {
        if (status >= 300) finish(begun, status < 700 ? status : status == SOFIA_NOT_BELIEVED ? 401 : FAILED);
        else if (status < 200) asking = false;
        else {
            accepted = true;
            then(variable(TARGET_STATUS), begun, target -> notified(begun, number(target)));
        }
    }

    private void notified(Open begun, int status) {
        if (status >= 200) {
            finish(begun, status);
            if (status >= 300) callerGone.run();
        } else then(variable(PROGRESS), begun, told -> progressed(begun, number(told)));
    }

    private void progressed(Open begun, int status) {
        asking = false;
        if (status == progress) return;
        progress = status;
        begun.wanted().progress().accept(status);
    }

    /**
     * The channel is over: whoever accepted has gone where they were sent, as far as anybody knows.
     *
     * @param last its hang-up; null when its end is all that is known
     */
    void over(@Nullable EslEvent last) {
        Open begun = open;
        if (begun == null) return;
        int status = last == null ? 0 : last.number("variable_" + REFER_STATUS);
        int target = last == null ? 0 : last.number("variable_" + TARGET_STATUS);
        accepted |= status >= 200 && status < 300;
        finish(begun, !accepted ? GONE : target >= 200 ? target : 0);
    }

    private CompletionStage<String> variable(String name) {
        return channel.api("uuid_getvar", channel.uuid() + " " + name);
    }

    /** Goes on with the answer, on the channel's worker; without one the referral failed, or its channel is about to end. */
    private void then(CompletionStage<String> asked, Open begun, Consumer<String> heard) {
        var unused = asked.whenComplete((answer, failure) -> workers.execute(channel.uuid(), () -> {
            if (begun.outcome().isDone()) return;
            if (failure == null) heard.accept(answer.strip());
            else failed(begun, failure);
        }));
    }

    private void failed(Open begun, Throwable failure) {
        Throwable reason = failure instanceof CompletionException ? failure.getCause() : failure;
        LOG.info("channel {} cannot be deflected: {}", channel.uuid(), String.valueOf(reason));
        // Its hang-up, which comes behind, knows more.
        unresolved = true;
        if (channel.isOver() || accepted) asking = false;
        else finish(begun, FAILED);
    }

    private void finish(Open begun, int status) {
        open = null;
        begun.outcome().complete(new Referred(accepted, status));
    }

    private static boolean isSet(String value) {
        return !value.isEmpty() && !value.equals(UNSET);
    }

    private static int number(String value) {
        return value.matches("[0-9]{1,9}") ? Integer.parseInt(value) : 0;
    }
}
