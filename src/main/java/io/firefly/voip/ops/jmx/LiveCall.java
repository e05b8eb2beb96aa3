package io.firefly.voip.ops.jmx;

import io.firefly.voip.call.Call;
import io.firefly.voip.call.CallId;
import io.firefly.voip.call.HangupCause;
import io.firefly.voip.callcontrol.CallController;
import io.firefly.voip.callcontrol.CallController.Standing;
import io.firefly.voip.media.MediaStatistics;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/** Looks the call up each time it is asked, so that a forgotten MBean holds no call. */
final class LiveCall implements CallMXBean {
    private final CallController calls;
    private final CallId id;
    private final Clock clock;
    private final Audit audit;

    LiveCall(CallController calls, CallId id, Clock clock, Audit audit) {
        this.calls = calls;
        this.id = id;
        this.clock = clock;
        this.audit = audit;
    }

    /** @throws IllegalStateException when the call has just ended */
    private Standing standing() {
        return calls.standing(id).orElseThrow(() -> new IllegalStateException("call " + id + " is over"));
    }

    private Call call() {
        return standing().call();
    }

    @Override
    public String getId() {
        return id.value();
    }

    @Override
    public String getNetworkCallId() {
        return call().networkCallId();
    }

    @Override
    public String getFrom() {
        return call().getCallerNumber();
    }

    @Override
    public String getTo() {
        return call().getCalledNumber();
    }

    @Override
    public @Nullable String getForwardedFrom() {
        return call().getForwardedFrom();
    }

    @Override
    public String getSource() {
        var source = call().source();
        return source.transport() + " " + source.address().getAddress().getHostAddress() + ":"
                + source.address().getPort();
    }

    @Override
    public boolean isTrusted() {
        return call().isTrusted();
    }

    @Override
    public @Nullable String getSubscriber() {
        return call().getSubscriber();
    }

    @Override
    public @Nullable String getTenant() {
        return standing().tenant();
    }

    @Override
    public @Nullable String getFlow() {
        return standing().callflow();
    }

    @Override
    public @Nullable String getAgent() {
        return standing().agent();
    }

    @Override
    public String getState() {
        return call().state().name();
    }

    @Override
    public String getOfferedAt() {
        return call().offeredAt().toString();
    }

    @Override
    public long getDurationMillis() {
        Instant answered = standing().answeredAt();
        return answered == null
                ? 0
                : Duration.between(answered, clock.instant()).toMillis();
    }

    @Override
    public @Nullable String getCodec() {
        return standing().codec();
    }

    private long counted(ToLongFunction<MediaStatistics> counter) {
        MediaStatistics statistics = standing().media();
        return statistics == null ? 0 : counter.applyAsLong(statistics);
    }

    @Override
    public long getPacketsReceived() {
        return counted(MediaStatistics::packetsReceived);
    }

    @Override
    public long getPacketsSent() {
        return counted(MediaStatistics::packetsSent);
    }

    @Override
    public long getPacketsLost() {
        return counted(MediaStatistics::packetsLost);
    }

    @Override
    public long getPacketsLate() {
        return counted(MediaStatistics::packetsLate);
    }

    @Override
    public double getJitterMillis() {
        MediaStatistics statistics = standing().media();
        return statistics == null ? 0 : statistics.jitterMillis();
    }

    @Override
    public void hangUp(String reason) {
        Standing alive = standing();
        audit.note("hang up call=" + id + " state=" + alive.call().state(), reason);
        calls.end(id, HangupCause.UNAVAILABLE);
    }
}
