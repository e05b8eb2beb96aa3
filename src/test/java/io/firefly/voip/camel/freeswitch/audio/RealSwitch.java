package io.firefly.voip.camel.freeswitch.audio;

import static org.awaitility.Awaitility.await;

import io.firefly.voip.call.HangupCause;
import io.firefly.voip.freeswitch.RawEsl;
import io.firefly.voip.media.freeswitch.EventSocketException;
import io.firefly.voip.media.freeswitch.SwitchChannel;
import io.firefly.voip.media.freeswitch.SwitchNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;

/**
 * A FreeSWITCH that runs, by {@code FIREFLY_TEST_FREESWITCH=host:eslPort:password:sipPort}, and calls between two of its
 * own channels: one is the caller, whom we never see, the other the channel that is ours.
 */
final class RealSwitch implements SwitchNode, AutoCloseable {
    private final Socket socket;
    private final InputStream in;
    private final String password;
    private final String sipPort;
    private final String profile;
    private final Map<String, SwitchChannel.Listener> listeners = new ConcurrentHashMap<>();
    private final Map<String, CompletableFuture<String>> queued = new ConcurrentHashMap<>();
    private @Nullable RawEsl events;

    private RealSwitch(String[] parts) throws IOException {
        socket = new Socket(parts[0], Integer.parseInt(parts[1]));
        socket.setSoTimeout(10_000);
        in = socket.getInputStream();
        password = parts[2];
        sipPort = parts[3];
        header();
        write("auth " + password);
        if (!header().contains("+OK")) throw new IOException("FreeSWITCH refused the password");
        Matcher found = Pattern.compile("(?m)^\\s*(\\S+)\\s+profile\\s+sip:\\S+:" + sipPort + "\\s")
                .matcher(now("sofia status"));
        if (!found.find()) throw new IOException("no SIP profile has port " + sipPort);
        profile = found.group(1);
    }

    static RealSwitch orSkip() throws IOException {
        return orSkip("FIREFLY_TEST_FREESWITCH");
    }

    static RealSwitch orSkip(String variable) throws IOException {
        String where = System.getenv(variable);
        Assumptions.assumeTrue(
                where != null && where.split(":", -1).length == 4,
                "skipped: " + variable + " is not set (host:eslPort:password:sipPort)");
        return new RealSwitch(where.split(":", -1));
    }

    /** From now on who listens to a channel is told what the module says there, and ends of what was queued are known. */
    void hearEvents() throws IOException {
        RawEsl esl = RawEsl.login(socket.getPort(), password);
        esl.command("event plain CHANNEL_EXECUTE_COMPLETE CUSTOM mod_audio_fork::play_audio");
        Thread reader = new Thread(() -> readEvents(esl), "real-switch-events");
        reader.setDaemon(true);
        reader.start();
        events = esl;
    }

    private void readEvents(RawEsl esl) {
        try {
            while (true) told(esl.read());
        } catch (IOException e) {
            queued.clear();
        }
    }

    private void told(RawEsl.Frame event) {
        CompletableFuture<String> over = queued.remove(event.event("Application-UUID"));
        if (over != null) over.complete(event.event("Application-Response"));
        SwitchChannel.Listener listener = listeners.get(event.event("Unique-ID"));
        if (listener == null || !event.event("Event-Name").equals("CUSTOM")) return;
        String body = event.body();
        listener.custom(event.event("Event-Subclass"), body.substring(body.indexOf("\n\n") + 2));
    }

    /** One call. */
    record Pair(Channel ours, String caller) {}

    Pair call(String codec) throws Exception {
        String ours = UUID.randomUUID().toString();
        // Of our own configuration, or of the laboratory's.
        String user = profile.equals("firefly") ? "firefly" : "appmedia";
        String number = "7" + Integer.toUnsignedString(ours.hashCode());
        String answer = now("originate {origination_uuid=" + ours + ",send_silence_when_idle=-1,absolute_codec_string="
                + codec + ",origination_caller_id_number=" + number + "}sofia/" + profile + "/" + user + "@127.0.0.1:"
                + sipPort + " &park()");
        if (!answer.startsWith("+OK")) throw new IOException("originate: " + answer);
        String caller = await().until(() -> callerOf(number), uuid -> !uuid.isEmpty());
        return new Pair(new Channel(ours), caller);
    }

    /** FreeSWITCH lists a channel some 200 ms after it is there. */
    private String callerOf(String number) throws IOException {
        return now("show channels")
                .lines()
                .filter(line -> line.contains(",inbound,") && line.contains(number))
                .map(line -> line.substring(0, line.indexOf(',')))
                .findFirst()
                .orElse("");
    }

    /** {@code api}, at once. */
    synchronized String now(String command) throws IOException {
        write("api " + command);
        String header = header();
        Matcher length = Pattern.compile("Content-Length: (\\d+)").matcher(header);
        return length.find()
                ? new String(in.readNBytes(Integer.parseInt(length.group(1))), StandardCharsets.UTF_8)
                : header;
    }

    private synchronized void message(String text) throws IOException {
        write(text);
        header();
    }

    private void write(String command) throws IOException {
        socket.getOutputStream().write((command + "\n\n").getBytes(StandardCharsets.UTF_8));
    }

    private String header() throws IOException {
        ByteArrayOutputStream block = new ByteArrayOutputStream();
        while (!block.toString(StandardCharsets.UTF_8).endsWith("\n\n")) {
            int next = in.read();
            if (next < 0) throw new IOException("FreeSWITCH hung up");
            block.write(next);
        }
        return block.toString(StandardCharsets.UTF_8);
    }

    @Override
    public CompletionStage<String> api(String command, String arguments) {
        try {
            String answer = now(command + " " + arguments);
            return answer.startsWith("-ERR")
                    ? CompletableFuture.failedFuture(new EventSocketException(answer.strip()))
                    : CompletableFuture.completedFuture(answer);
        } catch (IOException e) {
            return CompletableFuture.failedFuture(new EventSocketException(String.valueOf(e.getMessage())));
        }
    }

    @Override
    public String name() {
        return "real";
    }

    @Override
    public String sipAddress() {
        return "127.0.0.1:" + sipPort;
    }

    @Override
    public Health health() {
        return new Health(true, false, 0, 0, 100, Instant.now(), "");
    }

    @Override
    public void drain(boolean draining) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void close() throws IOException {
        if (events != null) events.close();
        socket.close();
    }

    final class Channel implements SwitchChannel {
        private final String uuid;

        Channel(String uuid) {
            this.uuid = uuid;
        }

        @Override
        public String uuid() {
            return uuid;
        }

        @Override
        public SwitchNode node() {
            return RealSwitch.this;
        }

        @Override
        public @Nullable String variable(String name) {
            return null;
        }

        @Override
        public void listen(Listener listener) {
            listeners.put(uuid, listener);
        }

        @Override
        public CompletionStage<String> execute(String application, String argument) {
            throw new UnsupportedOperationException();
        }

        @Override
        public CompletionStage<String> queue(String application, String argument) {
            String id = UUID.randomUUID().toString();
            CompletableFuture<String> over = new CompletableFuture<>();
            queued.put(id, over);
            try {
                message("sendmsg " + uuid + "\ncall-command: execute\nexecute-app-name: " + application
                        + "\nexecute-app-arg: " + argument + "\nEvent-UUID: " + id + "\nevent-lock: true");
            } catch (IOException e) {
                over.completeExceptionally(e);
            }
            return over;
        }

        @Override
        public void dropQueued() {
            CompletionStage<String> unused = api("uuid_break", uuid + " all");
        }

        @Override
        public CompletionStage<String> api(String command, String arguments) {
            return RealSwitch.this.api(command, arguments);
        }

        @Override
        public void hangUp(HangupCause cause) {
            CompletionStage<String> unused = api("uuid_kill", uuid);
        }
    }
}
