package io.firefly.voip.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.DatagramChannel;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Makes calls and registers phones over one UDP socket of loopback: just enough of RFC 3261 for a server that answers.
 * Nothing is sent again; what stays without an answer is counted by who waits for it. Orders from any thread.
 */
final class SipCaller implements AutoCloseable {
    private static final AtomicLong NEXT = new AtomicLong();
    private static final Pattern STATUS = Pattern.compile("SIP/2\\.0 (\\d{3})");
    private static final Pattern MEDIA_PORT = Pattern.compile("(?m)^m=audio (\\d+)");

    private final DatagramChannel channel;
    private final InetSocketAddress server;
    private final int port;
    private final Map<String, Call> calls = new ConcurrentHashMap<>();
    private final Map<String, CompletableFuture<Answer>> requests = new ConcurrentHashMap<>();
    private final LongAdder endedByServer = new LongAdder();
    private final LongAdder repeated = new LongAdder();

    /**
     * A final response.
     *
     * @param nanos from the request to here
     */
    record Answer(int status, String text, long nanos) {
        boolean isSuccess() {
            return status / 100 == 2;
        }

        String header(String name) {
            return SipCaller.header(text, name);
        }
    }

    SipCaller(int serverPort) throws IOException {
        InetAddress here = InetAddress.getLoopbackAddress();
        this.server = new InetSocketAddress(here, serverPort);
        this.channel = DatagramChannel.open()
                .setOption(StandardSocketOptions.SO_RCVBUF, 4 << 20)
                .bind(new InetSocketAddress(here, 0));
        this.port = ((InetSocketAddress) channel.getLocalAddress()).getPort();
        Thread receiver = new Thread(this::receive, "bench-sip");
        receiver.setDaemon(true);
        receiver.start();
    }

    /** Sends an INVITE with an offer of A-law; completes with its final response, after the ACK. */
    Call invite(String user, int rtpPort) {
        Call call = new Call(user, "b" + NEXT.incrementAndGet() + "-" + System.nanoTime());
        calls.put(call.id, call);
        String body = "v=0\r\no=bench 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio " + rtpPort
                + " RTP/AVP 8\r\na=rtpmap:8 PCMA/8000\r\na=ptime:20\r\n";
        call.sentNanos = System.nanoTime();
        send(call.request("INVITE", 1, "Content-Type: application/sdp\r\n", body));
        return call;
    }

    /** Sends any request that makes no dialog; the headers end with CRLF. */
    CompletableFuture<Answer> request(String method, String uri, String callId, int sequence, String headers) {
        String branch = "z9hG4bK" + NEXT.incrementAndGet();
        CompletableFuture<Answer> answered = new CompletableFuture<>();
        long begin = System.nanoTime();
        requests.put(branch, answered);
        send(method + " " + uri + " SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:" + port + ";branch=" + branch
                + ";rport\r\nMax-Forwards: 70\r\nCall-ID: " + callId + "\r\nCSeq: " + sequence + " " + method + "\r\n"
                + headers + "Content-Length: 0\r\n\r\n");
        return answered.thenApply(answer -> new Answer(answer.status, answer.text, answer.nanos - begin));
    }

    int port() {
        return port;
    }

    /** Calls that the other side ended. */
    long endedByServer() {
        return endedByServer.sum();
    }

    /** Answers that came a second time. */
    long repeated() {
        return repeated.sum();
    }

    /** One call; its orders are carried out at once. */
    final class Call {
        private final String user;
        private final String id;
        private final CompletableFuture<Answer> answered = new CompletableFuture<>();
        private final CompletableFuture<Answer> ended = new CompletableFuture<>();
        private volatile long sentNanos;
        private volatile long byeNanos;
        private volatile String toTag = "";
        private volatile String target;

        private Call(String user, String id) {
            this.user = user;
            this.id = id;
            this.target = "sip:" + user + "@127.0.0.1:" + server.getPort();
        }

        CompletableFuture<Answer> answered() {
            return answered;
        }

        /** The port the other side wants sound at. */
        static int mediaPort(Answer answer) {
            Matcher media = MEDIA_PORT.matcher(answer.text());
            if (!media.find()) throw new IllegalStateException("no m=audio in the answer:\n" + answer.text());
            return Integer.parseInt(media.group(1));
        }

        CompletableFuture<Answer> bye() {
            byeNanos = System.nanoTime();
            send(request("BYE", 2, "", ""));
            return ended;
        }

        private void answer(String text, int status, long nanos) {
            if (header(text, "CSeq").endsWith("BYE")) {
                calls.remove(id);
                ended.complete(new Answer(status, text, nanos - byeNanos));
                return;
            }
            if (status < 200) return;
            if (answered.isDone()) repeated.increment();
            toTag = header(text, "To").replaceFirst("^[^>]*>", "");
            String contact = header(text, "Contact");
            if (status < 300 && contact.contains("<")) target = contact.replaceAll("^.*<|>.*$", "");
            send(request("ACK", 1, "", ""));
            answered.complete(new Answer(status, text, nanos - sentNanos));
        }

        private String request(String method, int sequence, String headers, String body) {
            // RFC 3261 17.1.1.3: the ACK of a refusal carries the INVITE's branch; one branch for both hurts no 2xx here.
            String branch = "z9hG4bK" + id + (method.equals("BYE") ? "b" : "i");
            return method + " " + target + " SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:" + port + ";branch=" + branch
                    + ";rport\r\nMax-Forwards: 70\r\nFrom: <sip:bench@127.0.0.1>;tag=" + id + "\r\nTo: <sip:" + user
                    + "@127.0.0.1>" + toTag + "\r\nCall-ID: " + id + "\r\nCSeq: " + sequence + " " + method
                    + "\r\nContact: <sip:bench@127.0.0.1:" + port + ">\r\n" + headers + "Content-Length: "
                    + body.length() + "\r\n\r\n" + body;
        }
    }

    private void receive() {
        ByteBuffer buffer = ByteBuffer.allocate(65_536);
        while (channel.isOpen()) {
            try {
                buffer.clear();
                channel.receive(buffer);
                long now = System.nanoTime();
                take(new String(buffer.array(), 0, buffer.position(), StandardCharsets.UTF_8), now);
            } catch (AsynchronousCloseException closed) {
                return;
            } catch (IOException e) {
                throw new UncheckedIOException("the SIP socket of the bench failed", e);
            }
        }
    }

    private void take(String text, long nanos) {
        Matcher status = STATUS.matcher(text);
        if (!status.lookingAt()) {
            requested(text);
            return;
        }
        int code = Integer.parseInt(status.group(1));
        Call call = calls.get(header(text, "Call-ID"));
        if (call != null) {
            call.answer(text, code, nanos);
            return;
        }
        if (code < 200) return;
        String branch = header(text, "Via").replaceAll("^.*branch=|;.*$", "");
        CompletableFuture<Answer> waiting = requests.remove(branch);
        if (waiting == null) repeated.increment();
        else waiting.complete(new Answer(code, text, nanos));
    }

    /** The server asks: it hangs up, or checks that we are there. Both hear 200. */
    private void requested(String text) {
        if (text.startsWith("BYE")) {
            Call call = calls.remove(header(text, "Call-ID"));
            if (call != null) endedByServer.increment();
        }
        StringBuilder answer = new StringBuilder("SIP/2.0 200 OK\r\n");
        for (String name : new String[] {"Via", "From", "To", "Call-ID", "CSeq"}) {
            answer.append(name).append(": ").append(header(text, name)).append("\r\n");
        }
        send(answer.append("Content-Length: 0\r\n\r\n").toString());
    }

    static String header(String text, String name) {
        int at = text.indexOf("\r\n" + name + ":");
        if (at < 0) return "";
        int end = text.indexOf("\r\n", at + 2);
        return text.substring(at + name.length() + 3, end < 0 ? text.length() : end).strip();
    }

    private void send(String text) {
        try {
            channel.send(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)), server);
        } catch (IOException e) {
            throw new UncheckedIOException("the bench cannot send SIP", e);
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException("the SIP socket of the bench cannot be closed", e);
        }
    }
}
