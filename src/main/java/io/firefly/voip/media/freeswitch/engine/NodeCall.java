package io.firefly.voip.media.freeswitch.engine;

import io.firefly.voip.audio.AudioFormat;
import io.firefly.voip.call.CallId;
import io.firefly.voip.call.HangupCause;
import io.firefly.voip.media.freeswitch.ChannelAudio;
import io.firefly.voip.media.freeswitch.SwitchChannel;
import io.firefly.voip.media.freeswitch.leg.LegDesk;
import io.firefly.voip.media.freeswitch.leg.NodeLeg;
import io.firefly.voip.media.freeswitch.leg.Strands.Strand;
import io.firefly.voip.media.sdp.RelayedAudio;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** One try to bring a call to one node: our leg with the caller's SDP, its channel, and the way of sound. Strand only. */
final class NodeCall implements NodeLeg.Owner {
    /** The user that the node's dialplan answers and parks. */
    private static final String USER = "firefly";

    private final CallId call;
    private final NodePool.Place place;
    private final ChannelAudio audio;
    private final Strand strand;
    private final NodeLeg.Owner owner;
    private final CompletableFuture<Reached> result = new CompletableFuture<>();
    private @Nullable NodeLeg leg;

    /** How it went. */
    sealed interface Reached {
        /** @param channel null after an INVITE without offer: it comes after the ACK */
        record Here(
                String sdp,
                RelayedAudio says,
                AudioFormat format,
                @Nullable SwitchChannel channel) implements Reached {}

        record NoCommonCodec(String reason) implements Reached {}

        /** Another node may do better. */
        record NotHere(String reason) implements Reached {}
    }

    /** What is reserved on the node. */
    record Reserved(NodePool.Place place, ChannelAudio audio) {}

    NodeCall(CallId call, Reserved reserved, Strand strand, NodeLeg.Owner owner) {
        this.call = call;
        this.place = reserved.place();
        this.audio = reserved.audio();
        this.strand = strand;
        this.owner = owner;
    }

    NodePool.Place place() {
        return place;
    }

    ChannelAudio audio() {
        return audio;
    }

    /** @throws IllegalStateException before {@link #dial} */
    NodeLeg leg() {
        NodeLeg dialed = leg;
        if (dialed == null) throw new IllegalStateException("call " + call + " was not dialled");
        return dialed;
    }

    /**
     * Once.
     *
     * @param sdpOffer null when FreeSWITCH shall offer
     */
    CompletionStage<Reached> dial(LegDesk desk, @Nullable String sdpOffer) {
        if (leg != null) return result;
        leg = desk.dial(new LegDesk.Wish(call, place.node(), USER, sdpOffer), this);
        leg().response().thenAcceptAsync(response -> responded(response, sdpOffer != null), strand);
        return result;
    }

    private void responded(NodeLeg.Final response, boolean offered) {
        switch (response.status()) {
            case 200 -> answered(response.text(), offered);
            case 415, 488, 606 ->
                result.complete(new Reached.NoCommonCodec("FreeSWITCH: " + response.status() + " " + response.text()));
            default -> notHere(response.status() + " " + response.text());
        }
    }

    private void answered(String sdp, boolean offered) {
        RelayedAudio says = RelayedAudio.of(sdp);
        if (says == null) {
            result.complete(new Reached.NoCommonCodec("FreeSWITCH's description has no sound"));
            return;
        }
        // Which of the codecs of its own offer the caller takes is not known yet.
        CompletionStage<AudioFormat> prepared = offered ? audio.prepare(says.codec()) : audio.prepare();
        CompletionStage<Reached> here = offered
                ? prepared.thenCombine(
                        leg().channel(), (format, channel) -> new Reached.Here(sdp, says, format, channel))
                : prepared.thenApply(format -> new Reached.Here(sdp, says, format, null));
        here.whenCompleteAsync(
                (reached, failure) -> {
                    if (reached != null) result.complete(reached);
                    else notHere(failure == null ? "" : messageOf(failure));
                },
                strand);
    }

    private void notHere(String reason) {
        result.complete(new Reached.NotHere(place.node().name() + ": " + reason));
    }

    static String messageOf(Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        return String.valueOf(cause.getMessage());
    }

    @Override
    public void over(HangupCause cause, String why) {
        strand.execute(() -> {
            notHere(why);
            owner.over(cause, why);
        });
    }

    @Override
    public CompletionStage<@Nullable String> reoffered(@Nullable String sdpOffer) {
        return owner.reoffered(sdpOffer);
    }

    /** Gives everything back. */
    void end(HangupCause cause) {
        if (leg != null) leg.end(cause);
        audio.close();
        place.close();
    }
}
