package io.firefly.voip.media.rtp;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * Decides who the caller is (symmetric RTP, RFC 4961) and thereby who is not (RTP bleed).
 *
 * <p>The address of the SDP is believed at once. Anybody else must be a plausible source, on the same host or, when the
 * SDP shows a private address behind a NAT, anywhere, and must send {@link #PROOF} packets of one SSRC and payload type
 * in order. A better source can still take over within {@link #LEARNING_NANOS}; then the latch is locked until another
 * address is negotiated. Media thread only; allocates nothing.
 */
final class SourceLatch {
    static final int PROOF = 4;
    static final long LEARNING_NANOS = 1_500_000_000;

    private static final int CANDIDATES = 4;
    private static final int NOBODY = 0;
    private static final int ANYWHERE = 1;
    private static final int SAME_HOST = 2;
    private static final int AS_NEGOTIATED = 3;

    enum Verdict {
        CALLER,
        /** Might be the caller, has not proved it yet: not heard, not counted against anybody. */
        ON_PROBATION,
        STRANGER
    }

    private final boolean anywhereWhenPrivate;
    private final boolean loopbackAllowed;
    private final Candidate[] candidates = new Candidate[CANDIDATES];
    private int nextCandidate;
    private @Nullable InetSocketAddress negotiated;
    private @Nullable InetSocketAddress firstTarget;
    private @Nullable InetSocketAddress caller;
    private int rank;
    private long firstHeardNanos;

    /** @param loopbackAllowed whether an SDP may make us send to this host itself */
    SourceLatch(boolean anywhereWhenPrivate, boolean loopbackAllowed) {
        this.anywhereWhenPrivate = anywhereWhenPrivate;
        this.loopbackAllowed = loopbackAllowed;
        for (int i = 0; i < CANDIDATES; i++) candidates[i] = new Candidate();
    }

    /** Another remote address opens the latch; the same one, or none (the old hold), leaves it as it is. */
    void negotiated(@Nullable InetSocketAddress remote) {
        if (remote == null || remote.equals(negotiated)) return;
        negotiated = remote;
        firstTarget = isHarmless(remote) ? remote : null;
        caller = null;
        rank = NOBODY;
        for (Candidate candidate : candidates) candidate.address = null;
    }

    /** Where to send to: the caller, before it is known the negotiated address; null when that must not be. */
    @Nullable
    InetSocketAddress target() {
        return caller != null ? caller : firstTarget;
    }

    /** A description must not aim us at a group, at ourselves or at nobody. */
    private boolean isHarmless(InetSocketAddress remote) {
        InetAddress address = remote.getAddress();
        if (address.isMulticastAddress() || address.isAnyLocalAddress() || remote.getPort() == 0) return false;
        return loopbackAllowed || !address.isLoopbackAddress();
    }

    /** True when the packets come from exactly where the SDP said, or nothing has come yet. */
    boolean isAsNegotiated() {
        return caller == null || rank == AS_NEGOTIATED;
    }

    /** RTCP is believed from the host of the caller only. */
    boolean isCallersHost(InetSocketAddress from) {
        InetSocketAddress target = target();
        return target != null && target.getAddress().equals(from.getAddress());
    }

    Verdict judge(InetSocketAddress from, RtpPacket packet, boolean audio, long nowNanos) {
        if (from.equals(caller)) return Verdict.CALLER;
        int itsRank = rankOf(from);
        if (itsRank <= rank || isLocked(nowNanos)) return Verdict.STRANGER;
        if (itsRank == AS_NEGOTIATED && rank == NOBODY) return believe(from, itsRank, nowNanos);
        // RFC 4733 and comfort noise packets prove too little: anybody can make them.
        if (!audio) return Verdict.ON_PROBATION;
        Candidate candidate = candidateFor(from);
        return candidate.proves(packet) ? believe(from, itsRank, nowNanos) : Verdict.ON_PROBATION;
    }

    private Verdict believe(InetSocketAddress from, int itsRank, long nowNanos) {
        if (rank == NOBODY) firstHeardNanos = nowNanos;
        caller = from;
        rank = itsRank;
        return Verdict.CALLER;
    }

    private boolean isLocked(long nowNanos) {
        return rank != NOBODY && nowNanos - firstHeardNanos >= LEARNING_NANOS;
    }

    private int rankOf(InetSocketAddress from) {
        InetSocketAddress expected = negotiated;
        if (expected == null) return NOBODY;
        if (from.equals(expected)) return AS_NEGOTIATED;
        if (from.getAddress().equals(expected.getAddress())) return SAME_HOST;
        return anywhereWhenPrivate && isPrivate(expected.getAddress()) ? ANYWHERE : NOBODY;
    }

    /** RFC 1918, RFC 6598 (carrier NAT), RFC 4193 and link-local: addresses that mean nothing to us. */
    static boolean isPrivate(InetAddress address) {
        if (address.isSiteLocalAddress() || address.isLinkLocalAddress()) return true;
        byte[] bytes = address.getAddress();
        if (address instanceof Inet4Address) return bytes[0] == 100 && (bytes[1] & 0xC0) == 64;
        return (bytes[0] & 0xFE) == 0xFC;
    }

    private Candidate candidateFor(InetSocketAddress from) {
        for (Candidate candidate : candidates) {
            if (from.equals(candidate.address)) return candidate;
        }
        Candidate fresh = candidates[nextCandidate];
        nextCandidate = (nextCandidate + 1) % CANDIDATES;
        fresh.address = from;
        fresh.inOrder = 0;
        return fresh;
    }

    /** Somebody who may turn out to be the caller. */
    private static final class Candidate {
        private @Nullable InetSocketAddress address;
        private int ssrc;
        private int payloadType;
        private int nextSequence;
        private int inOrder;

        boolean proves(RtpPacket packet) {
            boolean follows = inOrder > 0
                    && packet.ssrc == ssrc
                    && packet.payloadType == payloadType
                    && packet.sequence == nextSequence;
            inOrder = follows ? inOrder + 1 : 1;
            ssrc = packet.ssrc;
            payloadType = packet.payloadType;
            nextSequence = (packet.sequence + 1) & 0xFFFF;
            return inOrder >= PROOF;
        }
    }
}
