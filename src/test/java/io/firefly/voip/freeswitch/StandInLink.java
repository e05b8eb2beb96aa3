package io.firefly.voip.freeswitch;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One event socket: who connected to the stand-in, or where the stand-in connected to for a call. Reads commands on
 * thread {@code stand-in-link} and hands them over; writes from any.
 */
final class StandInLink implements AutoCloseable {
    /** A command with its headers; the name of a header is in lower case. */
    record Command(String line, Map<String, String> headers, String body) {
        String verb() {
            int space = line.indexOf(' ');
            return space < 0 ? line : line.substring(0, space);
        }

        String argument() {
            int space = line.indexOf(' ');
            return space < 0 ? "" : line.substring(space + 1).strip();
        }

        String header(String name) {
            return headers.getOrDefault(name, "");
        }
    }

    private final Socket socket;
    private final @Nullable StandInChannel channel;
    private final Set<String> names = ConcurrentHashMap.newKeySet();
    private final Set<String> subclasses = ConcurrentHashMap.newKeySet();
    private final List<Map.Entry<String, String>> filters = new ArrayList<>();
    private volatile boolean json;
    private volatile boolean mute;
    private volatile String only = "";
    volatile boolean authenticated;
    volatile boolean connected;
    volatile int lingerSeconds = -1;

    /** @param channel the call of an outbound socket; null for one that connected to us */
    StandInLink(Socket socket, @Nullable StandInChannel channel) {
        this.socket = socket;
        this.channel = channel;
    }

    @Nullable
    StandInChannel channel() {
        return channel;
    }

    /** @param whenClosed runs once, on the reading thread */
    void start(Consumer<Command> commands, Runnable whenClosed) {
        Thread reader = new Thread(
                () -> {
                    try (InputStream in = new BufferedInputStream(socket.getInputStream())) {
                        for (Command next = read(in); next != null; next = read(in)) commands.accept(next);
                    } catch (IOException broken) {
                        whenClosed.run();
                        return;
                    }
                    whenClosed.run();
                },
                "stand-in-link");
        reader.setDaemon(true);
        reader.start();
    }

    void write(String text) {
        if (mute) return;
        try {
            synchronized (socket) {
                socket.getOutputStream().write(text.getBytes(UTF_8));
                socket.getOutputStream().flush();
            }
        } catch (IOException gone) {
            close();
        }
    }

    void reply(String text) {
        write("Content-Type: command/reply\nReply-Text: " + text + "\n\n");
    }

    void answer(String text) {
        write("Content-Type: api/response\nContent-Length: " + text.getBytes(UTF_8).length + "\n\n" + text);
    }

    /** The link stays open and says nothing any more, as behind a cut cable. */
    void freeze() {
        mute = true;
    }

    void subscribe(String argument) {
        List<String> words = new ArrayList<>(List.of(argument.split(" +", -1)));
        String format = words.remove(0);
        json = format.equals("json");
        boolean custom = false;
        for (String word : words) {
            if (custom) subclasses.add(word);
            else names.add(word.toUpperCase(Locale.ROOT));
            custom = custom || word.equalsIgnoreCase("CUSTOM");
        }
    }

    boolean isSubscribed() {
        return !names.isEmpty();
    }

    void unsubscribe(String argument) {
        if (argument.isEmpty()) {
            names.clear();
            subclasses.clear();
        }
        for (String word : argument.split(" +", -1)) names.remove(word);
    }

    void myEvents(String uuid, boolean asJson) {
        only = uuid;
        json = asJson;
        names.addAll(Set.of("MYEVENTS", "DTMF"));
    }

    void filter(String header, String value) {
        synchronized (filters) {
            filters.add(Map.entry(header, value));
        }
    }

    void unfilter() {
        synchronized (filters) {
            filters.clear();
        }
    }

    void offer(StandInEvent event) {
        if (wants(event)) write(json ? event.json() : event.plain());
    }

    private boolean wants(StandInEvent event) {
        String name = event.name();
        boolean asked = names.contains("ALL") || names.contains(name);
        if (name.equals("CUSTOM") && !names.contains("ALL")) asked = subclasses.contains(event.value("Event-Subclass"));
        if (names.contains("MYEVENTS") && name.startsWith("CHANNEL_")) asked = true;
        // As mod_event_socket does with myevents.
        if (!only.isEmpty() && !only.equals(event.value("Unique-ID")) && !only.equals(event.value("Job-Owner-UUID")))
            asked = false;
        synchronized (filters) {
            return asked
                    && (filters.isEmpty()
                            || filters.stream()
                                    .anyMatch(filter -> filter.getValue().equals(event.value(filter.getKey()))));
        }
    }

    private static @Nullable Command read(InputStream in) throws IOException {
        String line = line(in);
        while (line != null && line.isEmpty()) line = line(in);
        if (line == null) return null;
        Map<String, String> headers = new LinkedHashMap<>();
        for (String next = line(in); next != null && !next.isEmpty(); next = line(in)) {
            int colon = next.indexOf(':');
            if (colon > 0)
                headers.put(
                        next.substring(0, colon).toLowerCase(Locale.ROOT),
                        next.substring(colon + 1).strip());
        }
        int length = Integer.parseInt(headers.getOrDefault("content-length", "0"));
        return new Command(line, headers, new String(in.readNBytes(length), UTF_8));
    }

    private static @Nullable String line(InputStream in) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int b = in.read(); b != '\n'; b = in.read()) {
            if (b < 0) return null;
            if (b != '\r') line.write(b);
        }
        return line.toString(UTF_8);
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
