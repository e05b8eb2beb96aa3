package io.firefly.voip.media.freeswitch.leg;

import io.firefly.voip.call.DialedLeg;
import io.firefly.voip.call.HangupCause;
import io.firefly.voip.media.freeswitch.SwitchChannel;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** One leg of ours to a node. Any thread. */
public final class NodeLeg implements DialedLeg.Listener {
    private static final int TERMINATED = 487;

    private final String callId;
    private final Supplier<CompletionStage<SwitchChannel>> look;
    private final CompletionStage<SwitchChannel> channel;
    private final LegDesk desk;
    private final Owner owner;
    private final CompletableFuture<Final> response = new CompletableFuture<>();
    private final CompletableFuture<DialedLeg> made = new CompletableFuture<>();
    /** An event may come before {@code dial} has returned. */
    private final CompletionStage<DialedLeg> dialed = made;

    /** Hears what becomes of an answered leg, on the leg's signalling thread: hand over and return. */
    public interface Owner {
        /** The node ended it. Once, never after {@link NodeLeg#end}. */
        void over(HangupCause cause, String why);

        /** Our answer to the node's re-INVITE; null refuses. */
        CompletionStage<@Nullable String> reoffered(@Nullable String sdpOffer);
    }

    /**
     * How the INVITE went.
     *
     * @param status 200, or the refusal
     * @param text SDP, or the reason of the refusal
     */
    public record Final(int status, String text) {
        public boolean isAnswer() {
            return status == 200;
        }
    }

    /** @param look waits for the channel with that Call-ID, from now on */
    NodeLeg(String callId, Supplier<CompletionStage<SwitchChannel>> look, LegDesk desk, Owner owner) {
        this.callId = callId;
        this.look = look;
        this.channel = look.get();
        this.desk = desk;
        this.owner = owner;
    }

    void dialed(DialedLeg leg) {
        made.complete(leg);
    }

    /** Its final response; never fails. */
    public CompletionStage<Final> response() {
        return response;
    }

    /** The channel that the INVITE made; fails when the node shows none in time. */
    public CompletionStage<SwitchChannel> channel() {
        return channel;
    }

    /** As {@link #channel}, for an INVITE without offer: FreeSWITCH shows its channel only after the ACK. */
    public CompletionStage<SwitchChannel> lateChannel() {
        return channel.exceptionallyCompose(tooEarly -> look.get());
    }

    public void acknowledge(String sdpAnswer) {
        dialed.thenAccept(leg -> leg.acknowledge(sdpAnswer));
    }

    public CompletionStage<DialedLeg.Reply> reoffer(String sdpOffer) {
        return dialed.thenCompose(leg -> leg.reoffer(sdpOffer));
    }

    /** CANCEL or BYE. May be called twice. */
    public void end(HangupCause cause) {
        response.complete(new Final(TERMINATED, "ended by us"));
        desk.over(callId);
        dialed.thenAccept(leg -> leg.end(cause));
    }

    @Override
    public void answered(String sdp) {
        response.complete(new Final(200, sdp));
    }

    @Override
    public void refused(int status, String reason) {
        desk.over(callId);
        response.complete(new Final(status, reason));
    }

    @Override
    public void hungUp(int q850) {
        gone(causeOf(q850), "BYE" + (q850 == 0 ? "" : " with Q.850 cause " + q850));
    }

    @Override
    public void lost(HangupCause cause) {
        gone(cause, "the dialog is gone (" + cause.label() + ")");
    }

    private void gone(HangupCause cause, String why) {
        boolean alive = desk.isAlive(callId);
        desk.over(callId);
        boolean answered = !response.complete(new Final(503, why));
        if (alive && answered) owner.over(cause, why);
    }

    @Override
    public CompletionStage<@Nullable String> reoffered(@Nullable String sdpOffer) {
        return owner.reoffered(sdpOffer);
    }

    /** ITU-T Q.850, as far as a media server says something with it. */
    static HangupCause causeOf(int q850) {
        return switch (q850) {
            case 0, 16, 31 -> HangupCause.NORMAL;
            case 17 -> HangupCause.BUSY;
            case 21 -> HangupCause.DECLINED;
            case 65, 79, 88 -> HangupCause.NO_COMMON_CODEC;
            case 102 -> HangupCause.MEDIA_TIMEOUT;
            default -> HangupCause.MEDIA_UNAVAILABLE;
        };
    }
}
