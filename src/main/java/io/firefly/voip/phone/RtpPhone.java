package io.firefly.voip.phone;

import io.firefly.voip.audio.Chirp;
import io.firefly.voip.phone.CallSettings.Voice;
import io.firefly.voip.phone.PhoneSdp.FarMedia;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import org.jspecify.annotations.Nullable;

/** Mouth and ear of the test caller: one UDP socket, a sending and a receiving thread. */
final class RtpPhone implements AutoCloseable {
    private static final int JOIN_MILLIS = 1_000;
    private static final int MAX_DATAGRAM_BYTES = 2_048;
    private static final int WARM_UP_MILLIS = 150;
    private static final int PORT_TRIES = 20;

    private final DatagramSocket socket;
    private final HeardSound heard = new HeardSound();
    private final Thread ear;
    private @Nullable RtpSpeaker speaker;
    private @Nullable Thread mouth;

    /** Listens at once: early media may come before the answer. */
    RtpPhone(InetAddress local) throws SocketException {
        this.socket = evenPort(local);
        this.ear = new Thread(this::listen, "phone-rtp-receive");
        ear.setDaemon(true);
        ear.start();
    }

    /**
     * Talks to itself for a moment. A virtual machine is slow at what it does for the first time; that would be measured
     * as delay and jitter of the other side.
     */
    static void warmUp(Voice voice) throws SocketException, InterruptedException {
        RtpPhone phone = new RtpPhone(InetAddress.getLoopbackAddress());
        try (phone) {
            String sdp = PhoneSdp.describe(phone.local(), voice.codecs(), "sendrecv", 1);
            phone.talkTo(PhoneSdp.parse(sdp, voice.codecs()), voice);
            phone.ear.join(WARM_UP_MILLIS);
        }
        boolean unused = Chirp.find(phone.heard.sound()).isPresent();
    }

    /** RFC 3550 section 11: RTP on an even port. */
    private static DatagramSocket evenPort(InetAddress local) throws SocketException {
        for (int i = 0; i < PORT_TRIES; i++) {
            DatagramSocket candidate = new DatagramSocket(new InetSocketAddress(local, 0));
            if (candidate.getLocalPort() % 2 == 0) return candidate;
            candidate.close();
        }
        throw new SocketException("no even port on " + local.getHostAddress());
    }

    InetSocketAddress local() {
        return (InetSocketAddress) socket.getLocalSocketAddress();
    }

    /** Starts to talk, or goes on to somewhere else. */
    void talkTo(FarMedia far, Voice voice) {
        RtpSpeaker talking = speaker;
        if (talking != null) {
            talking.talkTo(far);
            return;
        }
        RtpSpeaker starting = new RtpSpeaker(socket, voice, far);
        Thread thread = new Thread(starting, "phone-rtp-send");
        thread.setDaemon(true);
        thread.start();
        speaker = starting;
        mouth = thread;
    }

    private void listen() {
        DatagramPacket packet = new DatagramPacket(new byte[MAX_DATAGRAM_BYTES], MAX_DATAGRAM_BYTES);
        while (!socket.isClosed()) {
            try {
                socket.receive(packet);
                heard.take(packet.getData(), packet.getLength(), System.nanoTime());
            } catch (IOException e) {
                if (socket.isClosed()) return;
            }
        }
    }

    @Nullable
    RtpSpeaker speaker() {
        return speaker;
    }

    /** What arrived; complete after {@link #close}. */
    HeardSound heard() {
        return heard;
    }

    @Override
    public void close() throws InterruptedException {
        if (speaker != null) speaker.close();
        if (mouth != null) mouth.join(JOIN_MILLIS);
        socket.close();
        ear.join(JOIN_MILLIS);
    }
}
