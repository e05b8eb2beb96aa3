package io.firefly.voip.phone;

import io.firefly.voip.audio.AudioFormat;
import io.firefly.voip.audio.Sound;
import io.firefly.voip.phone.PhoneSdp.FarMedia;
import io.firefly.voip.phone.SipWire.Event;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;

/** The story of one test call, from INVITE to the last answer. {@link #run} on one thread, {@link #stop} on any. */
final class TestCall {
    private static final int T1_MILLIS = 500;
    private static final int T2_MILLIS = 4_000;
    private static final int FIRST_ANSWER_MILLIS = 8_000;
    private static final int GOODBYE_MILLIS = 2_000;

    private enum Phase {
        CALLING,
        RINGING,
        TALKING,
        LEAVING,
        OVER
    }

    private final CallSettings settings;
    private final Ladder ladder;
    private final BlockingQueue<Event> events = new ArrayBlockingQueue<>(256);
    private final CallReport.Facts facts = new CallReport.Facts();

    private Phase phase = Phase.CALLING;
    private double giveUpAt;
    private double repeatAt;
    private int repeatMillis;
    private String repeated = "";
    private boolean cancelled;
    private boolean inviteChallenged;
    private boolean byeChallenged;
    private int sdpVersion = 1;
    private String lastAnswered = "";
    private String lastAnswer = "";

    TestCall(CallSettings settings, Ladder ladder) {
        this.settings = settings;
        this.ladder = ladder;
    }

    /** Ends the call politely, as soon as it can. */
    void stop() {
        events.offer(Event.STOP);
    }

    CallReport run() throws InterruptedException {
        Target target = settings.target();
        InetSocketAddress peer = new InetSocketAddress(target.host(), target.port());
        try (SipWire wire = SipWire.open(settings.transport(), peer, events);
                RtpPhone phone = new RtpPhone(wire.local().getAddress())) {
            facts.phone = phone;
            new Conversation(wire, phone).hold();
        } catch (IOException e) {
            facts.end(
                    Outcome.UNREACHABLE,
                    "cannot reach " + target.host() + ":" + target.port() + " by " + settings.transport() + ": "
                            + why(e));
        }
        return CallReport.of(settings, facts, ladder);
    }

    /** What was heard; after {@link #run}. */
    Sound heard() {
        return facts.phone == null
                ? new Sound(AudioFormat.NARROWBAND, new short[0])
                : facts.phone.heard().sound();
    }

    private static String why(IOException failure) {
        boolean closedPort = failure instanceof PortUnreachableException || failure instanceof ConnectException;
        return closedPort ? "nobody listens there" : String.valueOf(failure.getMessage());
    }

    /** What needs the open wire. */
    private final class Conversation {
        private final SipWire wire;
        private final RtpPhone phone;
        private final Dialog dialog;

        Conversation(SipWire wire, RtpPhone phone) {
            this.wire = wire;
            this.phone = phone;
            this.dialog = new Dialog(settings, wire.local());
        }

        void hold() throws IOException, InterruptedException {
            giveUpAt = ladder.millisSinceStart() + FIRST_ANSWER_MILLIS;
            sendRepeatedly(dialog.invite(ourSdp("sendrecv"), null));
            while (phase != Phase.OVER) {
                double wait = Math.max(0, Math.min(giveUpAt, repeatAt) - ladder.millisSinceStart());
                Event event = events.poll((long) (wait * 1_000) + 1, TimeUnit.MICROSECONDS);
                if (event == null) {
                    onTime();
                } else {
                    on(event);
                }
            }
        }

        private void on(Event event) throws IOException {
            if (event.failure() != null) {
                broken(event.failure());
            } else if (event.message() == null) {
                facts.end(Outcome.INTERRUPTED, "interrupted");
                leave();
            } else if (event.message().isRequest()) {
                onRequest(event.message());
            } else if (dialog.owns(event.message())) {
                onResponse(event.message());
            }
        }

        /** A closed port tells itself by ICMP; after the answer only the far end's last words get lost by that. */
        private void broken(IOException failure) throws IOException {
            if (phase == Phase.CALLING || phase == Phase.RINGING) throw failure;
            ladder.note(why(failure));
            if (facts.hungUpBy == null) facts.hungUpBy = "network";
            facts.end(Outcome.FAILED, "the signalling connection broke: " + why(failure));
            phase = Phase.OVER;
        }

        private void onTime() throws IOException {
            if (ladder.millisSinceStart() < giveUpAt) {
                repeat();
                return;
            }
            switch (phase) {
                case CALLING -> {
                    facts.end(Outcome.TIMEOUT, "no response within " + FIRST_ANSWER_MILLIS / 1_000 + " s");
                    phase = Phase.OVER;
                }
                case RINGING -> {
                    facts.end(
                            Outcome.TIMEOUT,
                            "not answered within " + settings.ring().toSeconds() + " s");
                    leave();
                }
                case TALKING -> leave();
                default -> phase = Phase.OVER;
            }
        }

        /** CANCEL before the answer, BYE after it. */
        private void leave() throws IOException {
            giveUpAt = ladder.millisSinceStart() + GOODBYE_MILLIS;
            switch (phase) {
                case CALLING -> phase = Phase.OVER; // RFC 3261 9.1: nothing to cancel before a provisional response
                case RINGING -> {
                    phase = Phase.LEAVING;
                    cancelled = true;
                    sendRepeatedly(dialog.cancel());
                }
                case TALKING -> {
                    facts.hungUp(ladder.millisSinceStart(), "us");
                    phase = Phase.LEAVING;
                    sendRepeatedly(dialog.bye(null));
                }
                default -> {}
            }
        }

        private void onResponse(SipMessage response) throws IOException {
            ladder.received(response.summary());
            switch (response.method()) {
                case "INVITE" -> onInviteResponse(response);
                case "BYE" -> onByeResponse(response);
                default -> stopRepeating();
            }
        }

        private void onByeResponse(SipMessage response) throws IOException {
            if (response.status() < 200) return;
            boolean challenged = response.status() == 401 || response.status() == 407;
            if (challenged && settings.credentials() != null && !byeChallenged) {
                byeChallenged = true;
                sendRepeatedly(dialog.bye(response));
            } else {
                phase = Phase.OVER;
            }
        }

        private void onInviteResponse(SipMessage response) throws IOException {
            if (response.status() < 200) {
                if (!dialog.isCurrent(response)) return;
                if (!cancelled) stopRepeating();
                if (phase == Phase.CALLING) {
                    phase = Phase.RINGING;
                    giveUpAt = ladder.millisSinceStart() + settings.ring().toMillis();
                }
                if (response.status() > 100) facts.ringing(ladder.millisSinceStart());
            } else if (response.status() < 300) {
                onAnswer(response);
            } else {
                send(dialog.ackOfFailure(response));
                if (dialog.isCurrent(response) && phase != Phase.OVER) onRefusal(response);
            }
        }

        private void onAnswer(SipMessage ok) throws IOException {
            send(dialog.establish(ok));
            if (phase == Phase.TALKING || facts.answeredMillis != null) return; // our ACK was lost, that was its repeat
            facts.answered(ladder.millisSinceStart(), System.nanoTime(), ok);
            stopRepeating();
            boolean tooLate = phase == Phase.LEAVING;
            phase = Phase.TALKING;
            Optional<FarMedia> far = read(ok.body());
            if (tooLate || far.isEmpty()) {
                leave();
                return;
            }
            facts.codec = far.get().codec();
            facts.takesDigits = far.get().eventType() >= 0;
            phone.talkTo(far.get(), settings.voice());
            giveUpAt = ladder.millisSinceStart() + settings.talk().toMillis();
        }

        private void onRefusal(SipMessage response) throws IOException {
            stopRepeating();
            facts.status = response.status();
            boolean challenged = response.status() == 401 || response.status() == 407;
            boolean again = challenged && settings.credentials() != null && !inviteChallenged && !cancelled;
            if (again) {
                inviteChallenged = true;
                try {
                    sendRepeatedly(dialog.invite(ourSdp("sendrecv"), response));
                    return;
                } catch (IllegalArgumentException e) {
                    ladder.note("cannot answer the challenge: " + e.getMessage());
                }
            }
            String hint = challenged && settings.credentials() == null ? "; give --user and --password" : "";
            facts.end(Outcome.ofStatus(response.status()), "refused: " + response.summary() + hint);
            phase = Phase.OVER;
        }

        private void onRequest(SipMessage request) throws IOException {
            boolean known = dialog.owns(request);
            if (request.method().equals("ACK")) {
                if (known && phase == Phase.TALKING) stopRepeating();
                return;
            }
            String key = request.must("Via") + request.must("CSeq");
            if (key.equals(lastAnswered)) {
                wire.send(lastAnswer);
                return;
            }
            ladder.received(request.summary());
            SipMessage answer = known ? answerTo(request) : dialog.answer(481, "Call Does Not Exist", request);
            send(answer);
            lastAnswered = key;
            lastAnswer = answer.text();
            if (known && request.method().equals("INVITE") && answer.status() == 200) repeatLater(lastAnswer);
            if (known && request.method().equals("BYE")) onBye(request);
        }

        private SipMessage answerTo(SipMessage request) {
            return switch (request.method()) {
                case "INVITE", "UPDATE" -> renegotiate(request);
                case "BYE", "OPTIONS", "INFO", "NOTIFY", "MESSAGE" -> dialog.answer(200, "OK", request);
                default -> dialog.answer(501, "Not Implemented", request);
            };
        }

        private SipMessage renegotiate(SipMessage request) {
            if (phase != Phase.TALKING) return dialog.answer(491, "Request Pending", request);
            dialog.retarget(request);
            if (request.body().isBlank()) {
                SipMessage ok = dialog.answer(200, "OK", request);
                return request.method().equals("UPDATE") ? ok : ok.body("application/sdp", ourSdp("sendrecv"));
            }
            try {
                FarMedia far = PhoneSdp.parse(request.body(), settings.voice().codecs());
                phone.talkTo(far, settings.voice());
                return dialog.answer(200, "OK", request).body("application/sdp", ourSdp(far.ourDirection()));
            } catch (IllegalArgumentException e) {
                ladder.note("offer not acceptable: " + e.getMessage());
                return dialog.answer(488, "Not Acceptable Here", request);
            }
        }

        private void onBye(SipMessage bye) {
            facts.hungUp(ladder.millisSinceStart(), "far end");
            facts.byeReason = bye.first("Reason");
            phase = Phase.OVER;
        }

        private Optional<FarMedia> read(String sdp) {
            try {
                return Optional.of(PhoneSdp.parse(sdp, settings.voice().codecs()));
            } catch (IllegalArgumentException e) {
                facts.end(Outcome.FAILED, "answered, but not with sound: " + e.getMessage());
                return Optional.empty();
            }
        }

        private String ourSdp(String direction) {
            return PhoneSdp.describe(phone.local(), settings.voice().codecs(), direction, sdpVersion++);
        }

        private void sendRepeatedly(SipMessage request) throws IOException {
            send(request);
            repeatLater(request.text());
        }

        private void send(SipMessage message) throws IOException {
            ladder.sent(message.summary());
            wire.send(message.text());
        }

        /** RFC 3261 17.1.1.2, 13.3.1.4: over UDP nobody else repeats. */
        private void repeatLater(String text) {
            repeated = text;
            repeatMillis = T1_MILLIS;
            repeatAt = wire.isReliable() ? Double.MAX_VALUE : ladder.millisSinceStart() + repeatMillis;
        }

        private void repeat() throws IOException {
            if (ladder.millisSinceStart() < repeatAt) return;
            wire.send(repeated);
            ladder.note("repeated " + repeated.substring(0, repeated.indexOf(' ')));
            repeatMillis = Math.min(T2_MILLIS, 2 * repeatMillis);
            repeatAt = ladder.millisSinceStart() + repeatMillis;
        }

        private void stopRepeating() {
            repeatAt = Double.MAX_VALUE;
        }
    }
}
