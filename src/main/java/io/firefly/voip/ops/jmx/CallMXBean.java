package io.firefly.voip.ops.jmx;

import org.jspecify.annotations.Nullable;

/** One call that is alive. */
@Described("One call that is alive; gone when it is over")
public interface CallMXBean {
    @Described("Our id of the call, as in the log, the records and the recordings")
    String getId();

    @Described("Call-ID of the SIP dialog")
    String getNetworkCallId();

    @Described("Who calls")
    String getFrom();

    @Described("Who was called")
    String getTo();

    @Described("Who forwarded the call here, when somebody did")
    @Nullable
    String getForwardedFrom();

    @Described("Where the call came from: transport, address and port")
    String getSource();

    @Described("Whether that address is trusted")
    boolean isTrusted();

    @Described("The subscriber that proved itself, when one did")
    @Nullable
    String getSubscriber();

    @Described("Whose number was called")
    @Nullable
    String getTenant();

    @Described("The call flow that serves the call")
    @Nullable
    String getFlow();

    @Described("The voice agent that was connected last")
    @Nullable
    String getAgent();

    @Described("OFFERED, RINGING, ANSWERED, TALKING or ENDING")
    String getState();

    @Described("When the INVITE came, ISO 8601")
    String getOfferedAt();

    @Described("Milliseconds since the answer; 0 before it")
    long getDurationMillis();

    @Described("Codec of the sound, once it is agreed")
    @Nullable
    String getCodec();

    @Described("RTP packets from the caller")
    long getPacketsReceived();

    @Described("RTP packets to the caller")
    long getPacketsSent();

    @Described("RTP packets of the caller that never came")
    long getPacketsLost();

    @Described("RTP packets of the caller that came too late to be played")
    long getPacketsLate();

    @Described("Interarrival jitter of the caller's packets, milliseconds (RFC 3550)")
    double getJitterMillis();

    @Described("Ends the call at once: 480 before the answer, BYE after it")
    void hangUp(@Described(name = "reason", value = "Why, for the log; 3 to 200 characters") String reason);
}
