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
 * in order. A better source can still take over within {@link #LEARNING_NANOS}; then the latch is locked until the next
 * negotiation. That opens it again for as long: a phone whose NAT has given it another port sends the SDP it sent
 * before. Meanwhile the caller stays the caller, and while it is heard nobody else can prove anything.
 *
 * <p>RTCP is believed from the caller itself, from where the SDP says, and from one more port of that host: the first
 * that is heard. Media thread only; allocates nothing but the guess of a port for RTCP behind a NAT.
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
    private @Nullable InetSocketAddress negotiatedRtcp;
    private @Nullable InetSocketAddress rtcpSource;
    private int rank;
    private long learningSinceNanos;
    private boolean reopened;

    /** @param loopbackAllowed whether an SDP may make us send to this host itself */
    SourceLatch(boolean anywhereWhenPrivate, boolean loopbackAllowed) {
        this.anywhereWhenPrivate = anywhereWhenPrivate;
        this.loopbackAllowed = loopbackAllowed;
        for (int i = 0; i < CANDIDATES; i++) candidates[i] = new Candidate();
    }

    /**
     * Another remote address forgets the caller, the same one lets somebody take its place; none (the old hold) leaves
     * all as it is.
     */
    void negotiated(@Nullable InetSocketAddress remote, @Nullable InetSocketAddress rtcp, long nowNanos) {
        if (remote == null) return;
        if (!remote.equals(negotiated)) {
            negotiated = remote;
            firstTarget = isHarmless(remote) ? remote : null;
            caller = null;
            rank = NOBODY;
        }
        negotiatedRtcp = rtcp;
        rtcpSource = null;
        reopened = caller != null;
        learningSinceNanos = nowNanos;
        forgetCandidates();
    }

    private void forgetCandidates() {
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

    /** Whether RTCP from there is the caller's. */
    boolean isCallersRtcp(InetSocketAddress from) {
        InetSocketAddress target = target();
        if (target == null || !target.getAddress().equals(from.getAddress())) return false;
        if (from.equals(target) || from.equals(negotiatedRtcp)) return true;
        if (isMuxed()) return false;
        if (rtcpSource == null) rtcpSource = from;
        return from.equals(rtcpSource);
    }

    /** Where to send RTCP to; follows the caller, because behind a NAT the address of the SDP leads nowhere. */
    @Nullable
    InetSocketAddress rtcpTarget() {
        InetSocketAddress target = target();
        if (target == null || isMuxed()) return target;
        if (isAsNegotiated()) return negotiatedRtcp;
        InetSocketAddress heard = rtcpSource;
        if (heard != null && heard.getAddress().equals(target.getAddress())) return heard;
        return target.getPort() == 65_535 ? null : new InetSocketAddress(target.getAddress(), target.getPort() + 1);
    }

    private boolean isMuxed() {
        return negotiatedRtcp != null && negotiatedRtcp.equals(negotiated);
    }

    Verdict judge(InetSocketAddress from, RtpPacket packet, boolean audio, long nowNanos) {
        if (from.equals(caller)) {
            if (reopened) forgetCandidates();
            return Verdict.CALLER;
        }
        int itsRank = rankOf(from);
        if (itsRank <= (reopened ? NOBODY : rank) || isLocked(nowNanos)) return Verdict.STRANGER;
        if (itsRank == AS_NEGOTIATED && rank == NOBODY) return believe(from, itsRank, nowNanos);
        // RFC 4733 and comfort noise packets prove too little: anybody can make them.
        if (!audio) return Verdict.ON_PROBATION;
        Candidate candidate = candidateFor(from);
        return candidate.proves(packet) ? believe(from, itsRank, nowNanos) : Verdict.ON_PROBATION;
    }

    private Verdict believe(InetSocketAddress from, int itsRank, long nowNanos) {
        if (rank == NOBODY) learningSinceNanos = nowNanos;
        reopened = false;
        caller = from;
        rank = itsRank;
        return Verdict.CALLER;
    }

    private boolean isLocked(long nowNanos) {
        return rank != NOBODY && nowNanos - learningSinceNanos >= LEARNING_NANOS;
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
