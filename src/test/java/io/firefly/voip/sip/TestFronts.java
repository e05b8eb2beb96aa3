package io.firefly.voip.sip;

/** Lets tests of other packages open a front door on loopback. */
public final class TestFronts {
    private TestFronts() {}

    /** Trusts loopback. Close it. */
    public static Opened open() {
        return new Opened(FrontUnderTest.inAHurry());
    }

    public record Opened(SipFront front, AutoCloseable closer) implements AutoCloseable {
        Opened(FrontUnderTest underTest) {
            this(underTest.front, underTest);
        }

        /** Sends a request by UDP and returns the final response. */
        public String exchange(String method, String extraHeaders, String body) throws Exception {
            try (SipPeer peer = SipPeer.udp(front.ports().getOrDefault("udp", -1))) {
                SipPeer.Dialog dialog = peer.dialog();
                peer.send(dialog.text(method, extraHeaders, body));
                String response = peer.receive();
                if (method.equals("INVITE") && !response.startsWith("SIP/2.0 2")) dialog.ackRefusal(response);
                return response;
            }
        }

        @Override
        public void close() throws Exception {
            closer.close();
        }
    }
}
