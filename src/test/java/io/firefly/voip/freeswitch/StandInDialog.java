package io.firefly.voip.freeswitch;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** One SIP dialog of the stand-in, always begun by the far end. On the stand-in's own thread only. */
final class StandInDialog {
    final SipText invite;
    final java.net.InetSocketAddress peer;
    final String tag = UUID.randomUUID().toString().substring(0, 8);
    final StandInChannel channel;
    /** The last response to an INVITE, for repetitions. */
    String lastResponse = "";

    boolean answered;
    boolean acknowledged;
    boolean over;
    boolean referAuthorized;
    String referTo = "";
    int version = 1;
    private int cseq = 123_079_600;

    StandInDialog(SipText invite, java.net.InetSocketAddress peer, StandInChannel channel) {
        this.invite = invite;
        this.peer = peer;
        this.channel = channel;
    }

    String callId() {
        return invite.header("call-id");
    }

    /** A response to the INVITE that began it, or to a later request. */
    String response(SipText request, String status, int sipPort, @Nullable String sdp) {
        String contact = "Contact: <sip:" + invite.calledUser() + "@127.0.0.1:" + sipPort + ";transport=udp>\r\n";
        return "SIP/2.0 " + status + "\r\n" + request.mirrored(tag)
                + (status.startsWith("1") || status.startsWith("2") ? contact : "")
                + "User-Agent: firefly-freeswitch\r\n"
                + "Allow: INVITE, ACK, BYE, CANCEL, OPTIONS, MESSAGE, INFO, UPDATE, REFER, NOTIFY\r\n"
                + (sdp == null ? "" : "Content-Type: application/sdp\r\n")
                + "Content-Length: " + (sdp == null ? 0 : sdp.length()) + "\r\n\r\n" + (sdp == null ? "" : sdp);
    }

    /** BYE as FreeSWITCH sends it. */
    String bye(int sipPort, int q850, String cause) {
        String reason = cause.equals("MEDIA_TIMEOUT")
                ? "SIP;cause=804;text=\"MEDIA_TIMEOUT\""
                : "Q.850;cause=" + q850 + ";text=\"" + cause + "\"";
        return request("BYE", sipPort, "Reason: " + reason + "\r\n");
    }

    /** REFER as FreeSWITCH sends it: parameters of the address become such of the header. */
    String refer(int sipPort, String to) {
        referTo = to;
        String authorization = referAuthorized ? "Proxy-Authorization: Digest username=\"none\"\r\n" : "";
        int parameters = to.indexOf(';') < 0 ? to.length() : to.indexOf(';');
        return request(
                "REFER",
                sipPort,
                "Refer-To: <" + to.substring(0, parameters) + ">" + to.substring(parameters)
                        + "\r\nReferred-By: <sip:127.0.0.1:" + sipPort + ">\r\nContact: <sip:127.0.0.1:" + sipPort
                        + ">\r\n" + authorization);
    }

    private String request(String method, int sipPort, String headerLines) {
        String target = SipText.find("<([^>]+)>", invite.header("contact"));
        String to = invite.header("from");
        String from = invite.header("to").contains(";tag=") ? invite.header("to") : invite.header("to") + ";tag=" + tag;
        return method + " " + (target.isEmpty() ? invite.header("contact") : target)
                + " SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:"
                + sipPort + ";rport;branch=z9hG4bK" + UUID.randomUUID() + "\r\nMax-Forwards: 70\r\nFrom: " + from
                + "\r\nTo: " + to + "\r\nCall-ID: " + callId() + "\r\nCSeq: " + ++cseq
                + " " + method + "\r\nUser-Agent: firefly-freeswitch\r\n" + headerLines
                + "Content-Length: 0\r\n\r\n";
    }
}
