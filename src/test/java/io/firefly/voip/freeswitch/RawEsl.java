package io.firefly.voip.freeswitch;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.util.LinkedHashMap;
import java.util.Map;

/** An event socket as plain as can be, for tests to look at a FreeSWITCH past the product. One thread at a time. */
public final class RawEsl implements AutoCloseable {
    private static final int PATIENCE_MILLIS = 8_000;

    /** One frame; the names of headers are as they came, the values undecoded. */
    public record Frame(Map<String, String> headers, String body) {
        public String header(String name) {
            return headers.getOrDefault(name, "");
        }

        /** A header of an event in {@code text/event-plain}, decoded. */
        public String event(String name) {
            return Recording.decoded(SipText.find("^" + name + ": (.*)$", body));
        }
    }

    private final Socket socket;
    private final InputStream in;

    public RawEsl(Socket socket) throws IOException {
        this.socket = socket;
        socket.setSoTimeout(PATIENCE_MILLIS);
        in = new BufferedInputStream(socket.getInputStream());
    }

    /** Connects from an address of this machine and reads nothing yet. */
    public static RawEsl connect(int port, InetAddress from) throws IOException {
        return new RawEsl(new Socket(InetAddress.getLoopbackAddress(), port, from, 0));
    }

    public static RawEsl login(int port, String password) throws IOException {
        RawEsl esl = connect(port, InetAddress.getLoopbackAddress());
        esl.read();
        Frame reply = esl.command("auth " + password);
        if (!reply.header("Reply-Text").startsWith("+OK")) throw new IOException("not let in: " + reply);
        return esl;
    }

    public void send(String text) throws IOException {
        socket.getOutputStream().write((text + "\n\n").getBytes(UTF_8));
        socket.getOutputStream().flush();
    }

    /** The reply to a command; events that come before it are dropped. */
    public Frame command(String text) throws IOException {
        send(text);
        Frame frame = read();
        while (!frame.header("Content-Type").matches("command/reply|api/response")) frame = read();
        return frame;
    }

    public String api(String command) throws IOException {
        return command("api " + command).body();
    }

    /** The next event of that name. */
    public Frame event(String name) throws IOException {
        Frame frame = read();
        while (!frame.event("Event-Name").equals(name)) frame = read();
        return frame;
    }

    /** @throws IOException when nothing comes for 8 s, or the other side closed */
    public Frame read() throws IOException {
        Map<String, String> headers = new LinkedHashMap<>();
        for (String line = line(); !line.isEmpty() || headers.isEmpty(); line = line()) {
            int colon = line.indexOf(": ");
            if (colon > 0) headers.put(line.substring(0, colon), line.substring(colon + 2));
        }
        int length = Integer.parseInt(headers.getOrDefault("Content-Length", "0"));
        return new Frame(headers, new String(in.readNBytes(length), UTF_8));
    }

    /** True when the other side closes within 8 s. */
    public boolean closes() throws IOException {
        return in.read() < 0;
    }

    private String line() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int b = in.read(); b != '\n'; b = in.read()) {
            if (b < 0) throw new IOException("closed by the other side");
            line.write(b);
        }
        return line.toString(UTF_8);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
