package io.firefly.voip.sip;

import gov.nist.javax.sip.message.SIPResponse;
import io.firefly.voip.sip.dial.Answer;
import io.firefly.voip.sip.dial.Asked;
import io.firefly.voip.sip.dial.DialedLegs;
import io.firefly.voip.sip.dial.Line;
import io.firefly.voip.sip.dial.Peer;
import io.firefly.voip.sip.dial.Timers;
import io.firefly.voip.sip.header.HeaderLines;
import io.firefly.voip.sip.stack.SafeParser;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import javax.sip.ResponseEvent;
import javax.sip.address.Hop;
import org.jspecify.annotations.Nullable;

/** The legs that we call, on our stack: what they send goes out here, what is meant for them comes in here. */
final class DialLine implements Line {
    private final SipDialog.Switchboard board;
    private final DialedLegs legs;

    DialLine(SipDialog.Switchboard board, SipDialog.Timers timers) {
        this.board = board;
        this.legs = new DialedLegs(
                this,
                new Timers(
                        timers.t1(),
                        timers.t2(),
                        timers.ackLimit(),
                        timers.reofferLimit(),
                        timers.t1().multipliedBy(21).dividedBy(5),
                        timers.t1().multipliedBy(8)));
    }

    DialedLegs legs() {
        return legs;
    }

    /** A response to an INVITE of ours, whether its transaction is still there or not (RFC 3261 13.2.2.4). */
    boolean answered(ResponseEvent event) {
        SIPResponse response = (SIPResponse) event.getResponse();
        String callId = response.getCallId().getCallId();
        String tag = response.getFromTag();
        if (!response.getCSeq().getMethod().equals("INVITE") || !legs.isOurs(callId, tag)) return false;
        if (response.getStatusCode() >= 200) board.clients().settled(event.getClientTransaction());
        legs.answered(callId, tag, answer(response));
        return true;
    }

    private static Answer answer(SIPResponse response) {
        HeaderLines lines = SafeParser.linesOf(response);
        byte[] content = response.getRawContent();
        String type = lines.first("content-type");
        boolean sdp = content != null
                && content.length > 0
                && type != null
                && type.split(";", 2)[0].trim().equalsIgnoreCase("application/sdp");
        return new Answer(
                response.getCSeq().getSeqNumber(),
                response.getStatusCode(),
                response.getReasonPhrase() == null ? "" : response.getReasonPhrase(),
                lines,
                sdp ? new String(content, StandardCharsets.UTF_8) : null,
                source(response));
    }

    private static InetSocketAddress source(SIPResponse response) {
        InetAddress address = response.getPeerPacketSourceAddress();
        if (address != null) return new InetSocketAddress(address, response.getPeerPacketSourcePort());
        // From ourselves: the stack takes a short cut around the network.
        return new InetSocketAddress(response.getRemoteAddress(), Math.max(0, response.getRemotePort()));
    }

    /** A request with a To tag; false when it belongs to none of these legs. */
    boolean asked(InboundRequest request) {
        String tag = request.toTag();
        return tag != null && legs.asked(request.callId(), tag, new InDialog(request));
    }

    @Override
    public void find(String host, Consumer<@Nullable InetAddress> then) {
        board.clients().names().find(host, then);
    }

    @Override
    public String hostPort(String transport, InetSocketAddress peer) {
        return board.transport().hostPort(transport, peer);
    }

    @Override
    public void send(String request, Peer to, Peer otherwise, IntConsumer then) {
        board.clients().send(request, hop(to), hop(otherwise), response -> then.accept(response.status()));
    }

    @Override
    public void sendAck(String ack, Peer to, Peer otherwise, Runnable left) {
        board.clients().sendAck(ack, hop(to), hop(otherwise), left);
    }

    @Override
    public @Nullable String authorization(Answer challenge, Peer called, String uri) {
        SipFront.Credentials ours = board.credentialsFor(new InetSocketAddress(called.host(), called.port()));
        if (ours == null) return null;
        Map<String, List<String>> asked = Map.of(
                "WWW-Authenticate", challenge.lines().all("www-authenticate"),
                "Proxy-Authenticate", challenge.lines().all("proxy-authenticate"));
        return ours.answer(new SipResponse(challenge.status(), null, asked, null, ""), "INVITE", uri);
    }

    @Override
    public void execute(String callId, Runnable work) {
        // The far end may be one on a connection.
        board.handOver(callId, work);
    }

    @Override
    public Future<?> later(String callId, Duration delay, Runnable work) {
        return board.later(callId, delay, work);
    }

    @Override
    public Map<String, List<String>> capabilities() {
        return Map.of("Allow", board.capabilities().getOrDefault("Allow", List.of()));
    }

    @Override
    public void proved(InetSocketAddress flow) {
        board.proved(flow);
    }

    private static Hop hop(Peer peer) {
        return ClientTransactions.hop(peer.host(), peer.port(), peer.transport());
    }

    private static final class InDialog implements Asked {
        private final InboundRequest request;
        private @Nullable SIPResponse sent;

        InDialog(InboundRequest request) {
            this.request = request;
        }

        @Override
        public String method() {
            return request.method();
        }

        @Override
        public long cseq() {
            return request.cseq();
        }

        @Override
        public String fromTag() {
            return request.fromTag();
        }

        @Override
        public HeaderLines lines() {
            return request.lines();
        }

        @Override
        public @Nullable String sdp() {
            return request.sdp();
        }

        @Override
        public InetSocketAddress source() {
            return request.source().address();
        }

        @Override
        public boolean isRefused() {
            SipResponse refusal = request.refusal();
            if (refusal == null && request.hasForeignBody())
                refusal = InboundRequest.unsupportedMediaType("application/sdp");
            if (refusal != null) request.respond(refusal);
            return refusal != null;
        }

        @Override
        public void trying() {
            request.trying();
        }

        @Override
        public void respond(int status, Map<String, List<String>> headers, @Nullable String sdp) {
            String type = sdp == null ? null : "application/sdp";
            sent = request.respond(new SipResponse(status, null, headers, type, sdp == null ? "" : sdp));
        }

        @Override
        public void repeat() {
            if (sent != null) request.repeat(sent);
        }
    }
}
