package io.firefly.voip.bench;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The reference: sipp answers calls and sends every packet back as it came. The cheapest server there is. */
final class SippPeer implements ReferencePeer {
    private static final String ANSWER_HEADERS =
            """
            [last_Via:]
            [last_From:]
            [last_To:];tag=[pid]SIPpTag[call_number]
            [last_Call-ID:]
            [last_CSeq:]
            Contact: <sip:[local_ip]:[local_port]>
            """;

    private static final String CALLS =
            """
            <?xml version="1.0" encoding="ISO-8859-1" ?>
            <scenario name="answer and hang up">
            <recv request="INVITE"/>
            <send retrans="500"><![CDATA[

            SIP/2.0 200 OK
            %sContent-Type: application/sdp
            Content-Length: [len]

            v=0
            o=sipp 1 1 IN IP4 [local_ip]
            s=-
            c=IN IP4 [media_ip]
            t=0 0
            m=audio [media_port] RTP/AVP 8
            a=rtpmap:8 PCMA/8000

            ]]></send>
            <recv request="ACK"/>
            <recv request="BYE"/>
            <send><![CDATA[

            SIP/2.0 200 OK
            %sContent-Length: 0

            ]]></send>
            </scenario>
            """
                    .formatted(ANSWER_HEADERS, ANSWER_HEADERS.replaceFirst(";tag=.*", ""));

    private static final String REGISTRATIONS =
            """
            <?xml version="1.0" encoding="ISO-8859-1" ?>
            <scenario name="challenge and accept">
            <recv request="REGISTER"/>
            <send><![CDATA[

            SIP/2.0 401 Unauthorized
            %sWWW-Authenticate: Digest realm="firefly", nonce="0123456789abcdef0123456789abcdef", algorithm=MD5, qop="auth"
            Content-Length: 0

            ]]></send>
            <recv request="REGISTER"/>
            <send><![CDATA[

            SIP/2.0 200 OK
            %sContent-Length: 0

            ]]></send>
            </scenario>
            """
                    .formatted(ANSWER_HEADERS, ANSWER_HEADERS);

    private final MeasuredProcess process;
    private final int port;

    private SippPeer(MeasuredProcess process, int port) {
        this.process = process;
        this.port = port;
    }

    /** Answers INVITE at once and echoes RTP; null, with a printed reason, when there is no sipp. */
    static @Nullable SippPeer forCalls(Path folder, Report report) throws IOException, InterruptedException {
        return start(folder, "calls", CALLS, report);
    }

    /** Challenges every REGISTER, then believes whatever comes. */
    static @Nullable SippPeer forRegistrations(Path folder, Report report) throws IOException, InterruptedException {
        return start(folder, "registrations", REGISTRATIONS, report);
    }

    private static @Nullable SippPeer start(Path folder, String name, String scenario, Report report)
            throws IOException, InterruptedException {
        Path file = Files.writeString(folder.resolve(name + ".xml"), scenario, StandardCharsets.UTF_8);
        int port = free();
        List<String> command = List.of(
                "sipp", "-sf", file.toString(), "-i", "127.0.0.1", "-mi", "127.0.0.1", "-p", "" + port, "-mp",
                "" + (free() & ~1), "-rtp_echo", "-nostdin", "-nd", "-l", "20000", "-buff_size", "4000000");
        try {
            MeasuredProcess process = MeasuredProcess.start(folder, folder.resolve(name + "-sipp.txt"), command);
            TimeUnit.MILLISECONDS.sleep(700);
            if (process.isAlive()) return new SippPeer(process, port);
            report.note("no reference peer: sipp ended at once, see " + folder.resolve(name + "-sipp.txt"));
        } catch (IOException missing) {
            report.note("no reference peer: sipp cannot be started (" + missing.getMessage() + ")");
        }
        return null;
    }

    private static int free() throws IOException {
        try (DatagramSocket socket = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    @Override
    public String name() {
        return "sipp";
    }

    @Override
    public MeasuredProcess process() {
        return process;
    }

    @Override
    public int port() {
        return port;
    }

    /** It takes anybody. */
    @Override
    public String echoUser() {
        return "echo";
    }

    @Override
    public void close() {
        process.close();
    }
}
