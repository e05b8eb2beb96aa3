package io.firefly.voip.camel.freeswitch.esl;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;

/** The event socket of a FreeSWITCH, over a real port, that says what a test wants it to say. */
public final class FakeSwitch implements AutoCloseable {
    /** One command as it came: the line, then its headers. */
    public record Got(String line, Map<String, String> headers) {}

    private final List<Got> got = new CopyOnWriteArrayList<>();
    private final List<Socket> sockets = new CopyOnWriteArrayList<>();
    private final Map<String, Function<Got, String>> answers = new ConcurrentHashMap<>();
    private volatile ServerSocket server;
    private volatile String core = "core-1";
    private volatile boolean rude;
    private volatile boolean mute;
    private volatile String password = "secret";

    private FakeSwitch(ServerSocket server) {
        this.server = server;
        listen(server);
    }

    public static FakeSwitch start() throws IOException {
        return new FakeSwitch(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()));
    }

    public int port() {
        return server.getLocalPort();
    }

    /** What it answers to API commands and sendmsg of that name; in the background, too. */
    public FakeSwitch answer(String command, Function<Got, String> answer) {
        answers.put(command, answer);
        return this;
    }

    public FakeSwitch password(String secret) {
        password = secret;
        return this;
    }

    public FakeSwitch rude(boolean on) {
        rude = on;
        return this;
    }

    /** Takes everything in and says nothing any more. */
    public FakeSwitch mute(boolean on) {
        mute = on;
        return this;
    }

    public FakeSwitch core(String uuid) {
        core = uuid;
        return this;
    }

    public List<Got> got() {
        return got;
    }

    public List<String> lines() {
        return got.stream().map(Got::line).toList();
    }

    public int connections() {
        return (int) sockets.stream().filter(socket -> !socket.isClosed()).count();
    }

    /** The cable is pulled; the port stays open. */
    public void cut() throws IOException {
        for (Socket socket : sockets) socket.close();
        sockets.clear();
    }

    /** FreeSWITCH ends: connections are refused. */
    public void stop() throws IOException {
        server.close();
        cut();
    }

    /** And begins again, at the same port. */
    public void restart() throws IOException {
        ServerSocket again = new ServerSocket();
        again.setReuseAddress(true);
        again.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), server.getLocalPort()), 50);
        server = again;
        listen(again);
    }

    private void listen(ServerSocket door) {
        thread(() -> {
            while (true) {
                Socket socket = door.accept();
                sockets.add(socket);
                thread(() -> serve(socket));
            }
        });
    }

    /** Ends without a word when its socket is closed. */
    private interface Task {
        void run() throws IOException;
    }

    private static void thread(Task task) {
        Thread thread = new Thread(
                () -> {
                    try {
                        task.run();
                    } catch (IOException closed) {
                        Thread.currentThread().interrupt();
                    }
                },
                "fake-switch");
        thread.setDaemon(true);
        thread.start();
    }

    private void serve(Socket socket) throws IOException {
        if (rude) {
            write(socket, "Content-Type: text/rude-rejection\nContent-Length: 24\n\nAccess Denied, go away.\n");
            socket.close();
            return;
        }
        if (mute) return;
        write(socket, "Content-Type: auth/request\n\n");
        BufferedReader reader =
                new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
        List<String> block = new ArrayList<>();
        for (String line = reader.readLine(); line != null; line = reader.readLine()) {
            if (!line.isEmpty()) block.add(line);
            else if (!block.isEmpty()) {
                take(socket, parse(block));
                block.clear();
            }
        }
        sockets.remove(socket);
        socket.close();
    }

    private static Got parse(List<String> block) {
        Map<String, String> headers = new LinkedHashMap<>();
        for (String line : block.subList(1, block.size())) {
            int colon = line.indexOf(": ");
            headers.put(line.substring(0, colon), line.substring(colon + 2));
        }
        return new Got(block.get(0), headers);
    }

    private void take(Socket socket, Got command) throws IOException {
        got.add(command);
        if (mute) return;
        String[] words = command.line().split(" ", 3);
        switch (words[0]) {
            case "auth" -> logIn(socket, command.line().substring(5));
            case "api" -> write(socket, response(answer(words[1], command)));
            case "bgapi" -> {
                String job = command.headers().get("Job-UUID");
                write(socket, reply("+OK Job-UUID: " + job));
                String answer = answer(words[1], command);
                if (!answer.equals("(never)")) write(socket, event("BACKGROUND_JOB", Map.of("Job-UUID", job), answer));
            }
            case "sendmsg" ->
                write(
                        socket,
                        reply(answers.getOrDefault("sendmsg", any -> "+OK").apply(command)));
            default -> write(socket, reply("+OK " + words[0]));
        }
    }

    private void logIn(Socket socket, String tried) throws IOException {
        if (tried.equals(password)) {
            write(socket, reply("+OK accepted"));
            return;
        }
        write(socket, reply("-ERR invalid"));
        write(socket, "Content-Type: text/disconnect-notice\nContent-Length: 24\n\nDisconnected, goodbye.\n\n");
        sockets.remove(socket);
        socket.close();
    }

    private String answer(String command, Got got) {
        if (command.equals("global_getvar")) return core;
        return answers.getOrDefault(command, any -> "+OK " + command).apply(got);
    }

    private static String reply(String text) {
        return "Content-Type: command/reply\nReply-Text: " + text + "\n\n";
    }

    private static String response(String body) {
        return "Content-Type: api/response\nContent-Length: " + body.getBytes(StandardCharsets.UTF_8).length + "\n\n"
                + body;
    }

    /** An event as it is on the wire. */
    public static String event(String name, Map<String, String> values, String body) {
        StringBuilder text = new StringBuilder("Event-Name: " + name + "\n");
        values.forEach((key, value) ->
                text.append(key).append(": ").append(encoded(value)).append('\n'));
        int length = body.getBytes(StandardCharsets.UTF_8).length;
        if (length > 0) text.append("Content-Length: ").append(length).append('\n');
        text.append('\n').append(body);
        return "Content-Length: " + text.toString().getBytes(StandardCharsets.UTF_8).length
                + "\nContent-Type: text/event-plain\n\n" + text;
    }

    private static String encoded(String value) {
        StringBuilder text = new StringBuilder();
        for (byte each : value.getBytes(StandardCharsets.UTF_8)) {
            boolean plain = each > ' ' && "#%&+:;<=>?@[\\]^`{|}\"".indexOf(each) < 0;
            text.append(plain ? String.valueOf((char) each) : String.format("%%%02X", each & 0xff));
        }
        return text.toString();
    }

    /** Tells everybody who is connected. */
    public void tell(String name, Map<String, String> values, String body) throws IOException {
        String text = event(name, values, body);
        for (Socket socket : sockets) write(socket, text);
    }

    public void tell(String name, Map<String, String> values) throws IOException {
        tell(name, values, "");
    }

    /** Sends what a test made up. */
    public void raw(String text) throws IOException {
        for (Socket socket : sockets) write(socket, text);
    }

    private static void write(Socket socket, String text) throws IOException {
        synchronized (socket) {
            OutputStream out = socket.getOutputStream();
            out.write(text.getBytes(StandardCharsets.UTF_8));
            out.flush();
        }
    }

    @Override
    public void close() throws IOException {
        stop();
    }
}
