package io.firefly.voip.freeswitch;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** SIP by UDP, callee's side only. Thread {@code stand-in-sip} reads and hands over to the stand-in's own. */
final class StandInSip implements AutoCloseable {
    private static final String ADDRESS_OF_THE_EXCHANGE = "127.0.0.1";
    private static final int REPETITIONS = 8;

    private final FreeSwitchStandIn stand;
    private final DatagramSocket socket;
    private final int port;
    private final Thread reader;
    private final Map<String, StandInDialog> dialogs = new HashMap<>();

    StandInSip(FreeSwitchStandIn stand, int port) throws IOException {
        this.stand = stand;
        this.socket = new DatagramSocket(port, InetAddress.getLoopbackAddress());
        this.port = socket.getLocalPort();
        reader = new Thread(this::read, "stand-in-sip");
        reader.setDaemon(true);
        reader.start();
    }

    int port() {
        return port;
    }

    private void read() {
        while (!socket.isClosed()) {
            DatagramPacket packet = new DatagramPacket(new byte[65_536], 65_536);
            try {
                socket.receive(packet);
            } catch (SocketException closed) {
                return;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            String text = new String(packet.getData(), 0, packet.getLength(), UTF_8);
            InetSocketAddress from = (InetSocketAddress) packet.getSocketAddress();
            if (text.startsWith("SIP/2.0 ") || text.contains(" SIP/2.0\r\n"))
                stand.run(() -> arrived(SipText.parse(text), from));
        }
    }

    private void arrived(SipText message, InetSocketAddress from) {
        StandInDialog dialog = dialogs.get(message.header("call-id"));
        if (message.isResponse()) {
            if (dialog != null && message.method().equals("REFER")) StandInReferral.answered(stand, dialog, message);
            return;
        }
        switch (message.method()) {
            case "INVITE" -> {
                if (dialog == null) invited(message, from);
                else reinvited(dialog, message, from);
            }
            case "ACK" -> acknowledged(dialog, message);
            case "BYE" -> saidBye(dialog, message, from);
            case "CANCEL" -> cancelled(dialog, message, from);
            case "INFO" -> info(dialog, message, from);
            case "NOTIFY" -> notified(dialog, message, from);
            default -> plain(message, from, "200 OK");
        }
    }

    private void invited(SipText invite, InetSocketAddress from) {
        FreeSwitchStandIn.Mood mood = stand.mood();
        if (mood.deaf()) return;
        if (!from.getAddress().getHostAddress().equals(ADDRESS_OF_THE_EXCHANGE)) plain(invite, from, "403 Forbidden");
        else if (mood.refuseWith() != null) plain(invite, from, mood.refuseWith());
        else if (!invite.body().isEmpty() && StandInSdp.read(invite.body()) == null)
            plain(invite, from, "488 Not Acceptable Here");
        else begin(invite, from);
    }

    private void begin(SipText invite, InetSocketAddress from) {
        StandInChannel[] made = new StandInChannel[1];
        try {
            StandInRtp rtp = new StandInRtp(
                    (digit, samples) -> stand.run(() -> stand.calls().key(made[0], digit, samples)));
            made[0] = new StandInChannel(invite, rtp);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        StandInDialog dialog = new StandInDialog(invite, from, made[0]);
        dialogs.put(dialog.callId(), dialog);
        respond(dialog, invite, "100 Trying", null);
        stand.calls().add(made[0]);
        String called = invite.calledUser();
        if (called.equals("9999")) made[0].rtp.echo(true);
        if (called.equals("9999") || called.startsWith("firefly")) {
            answer(dialog);
            if (!called.equals("9999")) stand.calls().park(made[0]);
        } else if (!stand.sockets().handOver(made[0], stand.trunkLeadsTo())) {
            refuse(dialog, "503 Service Unavailable");
        }
    }

    void ring(StandInChannel channel) {
        StandInDialog dialog = of(channel);
        if (!dialog.answered) respond(dialog, dialog.invite, "180 Ringing", null);
    }

    void answer(StandInChannel channel) {
        StandInDialog dialog = of(channel);
        if (!dialog.answered) answer(dialog);
    }

    private void answer(StandInDialog dialog) {
        StandInRtp rtp = dialog.channel.rtp;
        StandInSdp offer = StandInSdp.read(dialog.invite.body());
        if (offer != null) rtp.speak(offer.codec(), offer.payloadType(), offer.far());
        String sdp = offer == null ? StandInSdp.offer(rtp.port(), 1) : offer.answer(rtp.port(), 1);
        dialog.channel.variables.put("rtp_local_sdp_str", sdp);
        dialog.answered = true;
        respond(dialog, dialog.invite, "200 OK", sdp);
        repeat(dialog, dialog.lastResponse, REPETITIONS);
        stand.calls().answered(dialog.channel);
    }

    /** RFC 3261 13.3.1.4: the 200 again and again until the ACK is there. */
    private void repeat(StandInDialog dialog, String response, int left) {
        stand.later(500, () -> {
            if (dialog.acknowledged || dialog.over || left == 0 || !dialog.lastResponse.equals(response)) return;
            send(response, dialog.peer);
            repeat(dialog, response, left - 1);
        });
    }

    private void reinvited(StandInDialog dialog, SipText invite, InetSocketAddress from) {
        if (invite.header("cseq").equals(dialog.invite.header("cseq"))) {
            send(dialog.lastResponse, from);
            return;
        }
        StandInSdp offer = StandInSdp.read(invite.body());
        if (!invite.body().isEmpty() && offer == null) {
            plain(invite, from, "488 Not Acceptable Here");
            return;
        }
        int port = dialog.channel.rtp.port();
        dialog.version++;
        if (offer == null) {
            send(dialog.response(invite, "200 OK", port(), StandInSdp.offer(port, dialog.version)), from);
            return;
        }
        dialog.channel.rtp.speak(offer.codec(), offer.payloadType(), offer.far());
        send(dialog.response(invite, "200 OK", port(), offer.answer(port, dialog.version)), from);
        stand.calls().held(dialog.channel, offer.holds());
    }

    private void acknowledged(@Nullable StandInDialog dialog, SipText ack) {
        if (dialog == null) return;
        dialog.acknowledged = true;
        StandInSdp answer = StandInSdp.read(ack.body());
        if (answer != null) dialog.channel.rtp.speak(answer.codec(), answer.payloadType(), answer.far());
    }

    private void saidBye(@Nullable StandInDialog dialog, SipText bye, InetSocketAddress from) {
        if (dialog == null) {
            plain(bye, from, "481 Call/Transaction Does Not Exist");
            return;
        }
        send(dialog.response(bye, "200 OK", port(), null), from);
        close(dialog);
        stand.calls().over(dialog.channel, "NORMAL_CLEARING");
    }

    private void cancelled(@Nullable StandInDialog dialog, SipText cancel, InetSocketAddress from) {
        if (dialog == null) {
            plain(cancel, from, "481 Call/Transaction Does Not Exist");
            return;
        }
        send(dialog.response(cancel, "200 OK", port(), null), from);
        if (dialog.answered) return;
        respond(dialog, dialog.invite, "487 Request Terminated", null);
        close(dialog);
        stand.calls().over(dialog.channel, "ORIGINATOR_CANCEL");
    }

    private void info(@Nullable StandInDialog dialog, SipText info, InetSocketAddress from) {
        plain(info, from, dialog == null ? "481 Call/Transaction Does Not Exist" : "200 OK");
        String key = SipText.find("^(?:Signal\\s*=\\s*)?([0-9*#A-D])\\s*$", info.body());
        if (dialog != null && !key.isEmpty()) stand.calls().key(dialog.channel, key.charAt(0), 1_280);
    }

    private void notified(@Nullable StandInDialog dialog, SipText notify, InetSocketAddress from) {
        plain(notify, from, dialog == null ? "481 Call/Transaction Does Not Exist" : "200 OK");
        if (dialog != null) StandInReferral.notified(stand, dialog.channel, notify);
    }

    void refer(StandInChannel channel, String to) {
        StandInDialog dialog = of(channel);
        send(dialog.refer(port(), to), dialog.peer);
    }

    /** BYE, while the channel goes on without a caller. */
    void drop(StandInChannel channel) {
        StandInDialog dialog = of(channel);
        if (dialog.over) return;
        send(dialog.bye(port(), 16, "NORMAL_CLEARING"), dialog.peer);
        close(dialog);
    }

    void bye(StandInChannel channel, int q850, String cause) {
        StandInDialog dialog = of(channel);
        if (dialog.over) return;
        if (dialog.answered) {
            String bye = dialog.bye(port(), q850, cause);
            send(bye, dialog.peer);
            close(dialog);
        } else {
            refuse(
                    dialog,
                    q850 == 17
                            ? "486 Busy Here"
                            : q850 == 16 ? "480 Temporarily Unavailable" : "503 Service Unavailable");
        }
    }

    private void refuse(StandInDialog dialog, String status) {
        respond(dialog, dialog.invite, status, null);
        close(dialog);
        stand.calls().over(dialog.channel, "NORMAL_TEMPORARY_FAILURE");
    }

    private void close(StandInDialog dialog) {
        dialog.over = true;
        // A repeated INVITE or ACK of a dialog that is over still finds it for a while.
        stand.later(TimeUnit.SECONDS.toMillis(5), () -> dialogs.remove(dialog.callId(), dialog));
    }

    private StandInDialog of(StandInChannel channel) {
        StandInDialog dialog = dialogs.get(channel.callId());
        if (dialog == null) throw new IllegalStateException("no dialog of channel " + channel.uuid);
        return dialog;
    }

    private void respond(StandInDialog dialog, SipText request, String status, @Nullable String sdp) {
        dialog.lastResponse = dialog.response(request, status, port(), sdp);
        send(dialog.lastResponse, dialog.peer);
    }

    private void plain(SipText request, InetSocketAddress to, String status) {
        send(
                "SIP/2.0 " + status + "\r\n" + request.mirrored("standin")
                        + "User-Agent: firefly-freeswitch\r\nContent-Length: 0\r\n\r\n",
                to);
    }

    private void send(String text, InetSocketAddress to) {
        byte[] bytes = text.getBytes(UTF_8);
        try {
            socket.send(new DatagramPacket(bytes, bytes.length, to));
        } catch (SocketException closed) {
            stand.note("not sent, the socket is closed");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The port is free when this returns: the socket is there until nobody reads from it any more. */
    @Override
    public void close() {
        socket.close();
        try {
            reader.join(2_000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
