package io.firefly.voip.sip.dial;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The ACKs of one dialog: each 2xx to an INVITE of ours hears one, every time it comes (RFC 3261 13.2.2.4), and what we
 * ask for next goes out behind it. Thread of the leg.
 */
final class Acks {
    private static final Logger LOG = LoggerFactory.getLogger(Acks.class);

    private final OutgoingLeg leg;
    private final Queue<Runnable> behind = new ArrayDeque<>();
    private long owedCseq;
    private long lastCseq;
    private String last = "";
    private int leaving;

    Acks(OutgoingLeg leg) {
        this.leg = leg;
    }

    /** A 2xx waits for the answer to its offer. */
    boolean isOwed() {
        return owedCseq != 0;
    }

    /** @param unanswered when nobody answered the offer of the 2xx for as long as it is repeated */
    void owe(long cseq, Runnable unanswered) {
        owedCseq = cseq;
        leg.alarm("acknowledge", leg.timers().limit(), () -> {
            LOG.warn("Call-ID {}: nobody answered the offer of the far end", leg.callId());
            unanswered.run();
        });
    }

    void payIfOwed(@Nullable String answer) {
        if (owedCseq == 0) return;
        leg.quiet("acknowledge");
        long cseq = owedCseq;
        owedCseq = 0;
        send(cseq, answer);
    }

    void send(long cseq, @Nullable String answer) {
        last = leg.far().ack(cseq, answer);
        lastCseq = cseq;
        sendLast();
    }

    /** True when that 2xx has had its ACK, which goes out once more. */
    boolean isRepeated(long cseq) {
        if (cseq != lastCseq) return false;
        sendLast();
        return true;
    }

    private void sendLast() {
        leaving++;
        FarEnd far = leg.far();
        leg.line().sendAck(last, far.peer(), far.otherwise(), () -> leg.run(this::left));
    }

    private void left() {
        leaving--;
        while (leaving == 0 && !behind.isEmpty()) behind.remove().run();
    }

    /** Sends a request of the dialog when all ACKs are on their way. */
    void sendBehind(String request, Consumer<Integer> then) {
        if (leaving == 0) leg.send(leg.far(), request, then);
        else behind.add(() -> leg.send(leg.far(), request, then));
    }
}
