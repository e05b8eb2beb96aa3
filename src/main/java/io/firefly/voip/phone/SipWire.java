package io.firefly.voip.phone;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.util.concurrent.BlockingQueue;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Carries SIP messages to and from one address, by UDP or TCP. What arrives goes into a queue. */
final class SipWire implements AutoCloseable {
    private static final int CONNECT_MILLIS = 5_000;
    private static final int MAX_MESSAGE_BYTES = 65_535;
    private static final Pattern CONTENT_LENGTH =
            Pattern.compile("(?im)^(?:content-length|l)[ \\t]*:[ \\t]*(\\d{1,6})[ \\t]*$");

    /**
     * Something the call has to look at.
     *
     * @param message what arrived, null when the wire broke or the user wants to stop
     * @param failure why the wire broke
     */
    record Event(@Nullable SipMessage message, @Nullable IOException failure) {
        static final Event STOP = new Event(null, null);
    }

    private final @Nullable DatagramSocket udp;
    private final @Nullable Socket tcp;
    private final BlockingQueue<Event> events;
    private volatile boolean closed;

    private SipWire(@Nullable DatagramSocket udp, @Nullable Socket tcp, BlockingQueue<Event> events) {
        this.udp = udp;
        this.tcp = tcp;
        this.events = events;
    }

    /** @throws IOException when nobody listens there */
    static SipWire open(String transport, InetSocketAddress peer, BlockingQueue<Event> events) throws IOException {
        if (peer.isUnresolved()) throw new IOException("no address for host '" + peer.getHostString() + "'");
        SipWire wire = transport.equals("tcp")
                ? new SipWire(null, connectTcp(peer), events)
                : new SipWire(connectUdp(peer), null, events);
        Thread reader = new Thread(wire::readAll, "phone-sip");
        reader.setDaemon(true);
        reader.start();
        return wire;
    }

    /** Connected, so that the system tells us when the port is closed. */
    private static DatagramSocket connectUdp(InetSocketAddress peer) throws SocketException {
        DatagramSocket socket = new DatagramSocket();
        try {
            socket.connect(peer);
        } catch (SocketException e) {
            socket.close();
            throw e;
        }
        return socket;
    }

    private static Socket connectTcp(InetSocketAddress peer) throws IOException {
        Socket socket = new Socket();
        try {
            socket.setTcpNoDelay(true);
            socket.connect(peer, CONNECT_MILLIS);
        } catch (IOException e) {
            socket.close();
            throw e;
        }
        return socket;
    }

    /** Our end, as Via, Contact and SDP show it. */
    InetSocketAddress local() {
        return (InetSocketAddress) (udp != null ? udp.getLocalSocketAddress() : socket().getLocalSocketAddress());
    }

    boolean isReliable() {
        return tcp != null;
    }

    void send(String message) throws IOException {
        byte[] bytes = message.getBytes(StandardCharsets.UTF_8);
        if (udp != null) {
            udp.send(new DatagramPacket(bytes, bytes.length));
        } else {
            socket().getOutputStream().write(bytes);
        }
    }

    private Socket socket() {
        if (tcp == null) throw new IllegalStateException("neither UDP nor TCP");
        return tcp;
    }

    private void readAll() {
        try {
            if (udp != null) {
                readDatagrams(udp);
            } else {
                readStream(new BufferedInputStream(socket().getInputStream()));
            }
        } catch (IOException e) {
            if (!closed) events.offer(new Event(null, e));
        }
    }

    private void readDatagrams(DatagramSocket socket) throws IOException {
        DatagramPacket packet = new DatagramPacket(new byte[MAX_MESSAGE_BYTES], MAX_MESSAGE_BYTES);
        while (!closed) {
            socket.receive(packet);
            take(new String(packet.getData(), 0, packet.getLength(), StandardCharsets.UTF_8));
        }
    }

    private void readStream(InputStream in) throws IOException {
        while (!closed) {
            StringBuilder head = new StringBuilder();
            while (head.indexOf("\r\n\r\n") < 0) {
                int next = in.read();
                if (next < 0) throw new EOFException("the connection was closed");
                head.append((char) next);
                // RFC 5626 3.5.1: empty lines between messages keep the connection alive.
                if (head.toString().equals("\r\n")) head.setLength(0);
                if (head.length() > MAX_MESSAGE_BYTES) throw new IOException("a header of more than 64 KB");
            }
            Matcher length = CONTENT_LENGTH.matcher(head);
            byte[] body = in.readNBytes(length.find() ? Integer.parseInt(length.group(1)) : 0);
            byte[] raw = head.toString().getBytes(StandardCharsets.ISO_8859_1);
            take(new String(raw, StandardCharsets.UTF_8) + new String(body, StandardCharsets.UTF_8));
        }
    }

    private void take(String text) {
        if (text.isBlank()) return;
        try {
            events.offer(new Event(SipMessage.parse(text), null));
        } catch (ParseException e) {
            System.err.println("dropped a message that is not SIP: " + e.getMessage());
        }
    }

    @Override
    public void close() throws IOException {
        closed = true;
        if (udp != null) udp.close();
        if (tcp != null) tcp.close();
    }
}
