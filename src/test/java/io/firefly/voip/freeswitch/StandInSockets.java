package io.firefly.voip.freeswitch;

import io.firefly.voip.freeswitch.StandInEvents.State;
import io.firefly.voip.freeswitch.StandInLink.Command;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Event sockets both ways. Thread {@code stand-in-accept}; commands are run on the stand-in's own. */
final class StandInSockets implements AutoCloseable {
    private final FreeSwitchStandIn stand;
    private final ServerSocket server;
    private final StandInCommands commands;

    StandInSockets(FreeSwitchStandIn stand, int port) throws IOException {
        this.stand = stand;
        this.commands = new StandInCommands(stand, stand.calls());
        this.server = new ServerSocket(port, 50, InetAddress.getLoopbackAddress());
        Thread acceptor = new Thread(this::accept, "stand-in-accept");
        acceptor.setDaemon(true);
        acceptor.start();
    }

    int port() {
        return server.getLocalPort();
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket socket = server.accept();
                stand.run(() -> greet(socket));
            } catch (SocketException closed) {
                return;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private void greet(Socket socket) {
        StandInLink link = new StandInLink(socket, null);
        boolean allowed = socket.getInetAddress().getHostAddress().equals("127.0.0.1");
        if (stand.mood().rude() || !allowed) {
            link.write(Recording.reply("rude-rejection", Map.of()));
            link.close();
            return;
        }
        stand.events().links().add(link);
        link.write(Recording.reply("greeting", Map.of()));
        link.start(
                command -> stand.run(() -> inbound(link, command)),
                () -> stand.events().links().remove(link));
    }

    private void inbound(StandInLink link, Command command) {
        if (stand.mood().silent()) return;
        if (link.authenticated) serve(link, command);
        else if (!command.verb().equals("auth")) link.write(Recording.reply("not-authenticated", Map.of()));
        else if (command.argument().equals(stand.password())) {
            link.authenticated = true;
            link.write(Recording.reply("auth-ok", Map.of()));
        } else {
            link.write(Recording.reply("auth-wrong", Map.of()));
            close(link);
        }
    }

    /** Connects for a call, as the application {@code socket} does. */
    boolean handOver(StandInChannel channel, String address) {
        int colon = address.lastIndexOf(':');
        try {
            Socket socket = new Socket(address.substring(0, colon), Integer.parseInt(address.substring(colon + 1)));
            StandInLink link = new StandInLink(socket, channel);
            link.authenticated = true;
            channel.link = link;
            channel.application = "socket";
            channel.applicationData = address + " async full";
            stand.events().links().add(link);
            link.start(
                    command -> stand.run(() -> outbound(link, channel, command)),
                    () -> stand.run(() -> lost(link, channel)));
            return true;
        } catch (IOException refused) {
            stand.note("nobody listens at " + address);
            return false;
        }
    }

    /** As the dialplan goes on after {@code socket}: an answered call is parked, another one refused. */
    private void lost(StandInLink link, StandInChannel channel) {
        stand.events().links().remove(link);
        if (channel.link != link) return;
        channel.link = null;
        if (channel.state == State.ACTIVE || channel.state == State.HELD)
            stand.calls().park(channel);
        else if (channel.state == State.RINGING) stand.calls().end(channel, "NORMAL_TEMPORARY_FAILURE");
    }

    private void outbound(StandInLink link, StandInChannel channel, Command command) {
        if (command.verb().equals("connect")) {
            link.connected = true;
            StandInEvent data = stand.events().of("CHANNEL_CREATE", channel);
            StringBuilder text = new StringBuilder();
            data.with("Event-Name", "CHANNEL_DATA")
                    .with("Content-Type", "command/reply")
                    .with("Reply-Text", "+OK\n");
            data.with("Socket-Mode", "async").with("Control", "full").with("Caller-Context", "trunk");
            data.headers().forEach((name, value) -> text.append(name)
                    .append(": ")
                    .append(name.equals("Content-Type") ? value : Recording.encoded(value))
                    .append('\n'));
            link.write(text.append('\n').toString());
        } else if (link.connected) {
            serve(link, command);
        }
    }

    private void serve(StandInLink link, Command command) {
        switch (command.verb()) {
            case "api" -> api(link, command);
            case "bgapi" -> background(link, command);
            case "event" -> {
                link.subscribe(command.argument());
                String format = command.argument().replaceFirst(" .*", "");
                link.reply("+OK event listener enabled " + format);
            }
            case "nixevent", "noevents" -> {
                boolean listened = link.isSubscribed();
                link.unsubscribe(command.argument());
                String reply =
                        command.verb().equals("nixevent") ? "nixevent" : listened ? "noevents" : "noevents-again";
                link.write(Recording.reply(reply, Map.of()));
            }
            case "filter" -> filter(link, command.argument());
            case "myevents" -> myEvents(link, command.argument());
            case "sendmsg" -> message(link, command);
            case "linger" -> {
                link.lingerSeconds = command.argument().isEmpty() ? 5 : Integer.parseInt(command.argument());
                link.reply("+OK will linger " + link.lingerSeconds + " seconds");
            }
            case "nolinger", "divert_events", "resume", "sendevent" -> link.reply("+OK");
            case "log" -> link.write(Recording.reply("log", Map.of()));
            case "nolog" -> link.write(Recording.reply("nolog", Map.of()));
            case "getvar" -> getVariable(link, command.argument());
            case "exit" -> {
                link.write(Recording.reply("exit", Map.of()));
                close(link);
            }
            default -> link.write(Recording.reply("unknown-command", Map.of()));
        }
    }

    private void api(StandInLink link, Command command) {
        if (command.argument().isEmpty()) {
            link.write(Recording.reply("api-alone", Map.of()));
            return;
        }
        String answer = commands.run(command.argument());
        link.answer(answer.isEmpty() ? "-ERR no reply\n" : answer);
    }

    private void background(StandInLink link, Command command) {
        String job = command.header("job-uuid").isEmpty() ? UUID.randomUUID().toString() : command.header("job-uuid");
        link.write("Content-Type: command/reply\nReply-Text: +OK Job-UUID: " + job + "\nJob-UUID: " + job + "\n\n");
        String[] words = command.argument().split(" +", 2);
        String result = commands.run(command.argument());
        StandInChannel own = link.channel();
        StandInEvent done = stand.events()
                .of("BACKGROUND_JOB", Map.of())
                .with("Job-UUID", job)
                .with("Job-Command", words[0])
                .with("Job-Command-Arg", words.length > 1 ? words[1] : "")
                .withBody(result);
        stand.events().tell(own == null ? done : done.with("Job-Owner-UUID", own.uuid));
    }

    private static void filter(StandInLink link, String argument) {
        if (argument.startsWith("delete")) {
            link.unfilter();
            link.write(Recording.reply("filter-deleted", Map.of()));
            return;
        }
        int space = argument.indexOf(' ');
        link.filter(argument.substring(0, space), argument.substring(space + 1));
        link.reply("+OK filter added. [" + argument.substring(0, space) + "]=[" + argument.substring(space + 1) + "]");
    }

    private static void myEvents(StandInLink link, String argument) {
        StandInChannel own = link.channel();
        String uuid = argument.replaceAll("plain|json|xml", "").strip();
        link.myEvents(uuid.isEmpty() && own != null ? own.uuid : uuid, argument.contains("json"));
        link.write(Recording.reply("myevents", Map.of()));
    }

    private static void getVariable(StandInLink link, String name) {
        StandInChannel own = link.channel();
        String value = own == null ? null : own.variable(name);
        if (value == null) link.write(Recording.reply("getvar-unset", Map.of()));
        else link.reply(value);
    }

    private void message(StandInLink link, Command command) {
        StandInChannel channel =
                command.argument().isEmpty() ? link.channel() : stand.calls().channel(command.argument());
        if (channel == null) {
            link.reply("-ERR invalid session id [" + command.argument() + "]");
            return;
        }
        link.write(Recording.reply("sendmsg-execute", Map.of()));
        if (command.header("call-command").equals("hangup")) {
            String cause = command.header("hangup-cause");
            stand.calls().end(channel, cause.isEmpty() ? "NORMAL_CLEARING" : cause);
        } else {
            String argument = command.body().isEmpty() ? command.header("execute-app-arg") : command.body();
            execute(channel, command.header("execute-app-name"), argument, command.header("event-uuid"));
        }
    }

    private void execute(StandInChannel channel, String application, String argument, String id) {
        switch (application) {
            case "answer" -> stand.sip().answer(channel);
            case "ring_ready" -> stand.sip().ring(channel);
            case "set" -> channel.variables.put(argument.replaceFirst("=.*", ""), argument.replaceFirst("[^=]*=", ""));
            case "hangup" -> stand.calls().end(channel, argument.isEmpty() ? "NORMAL_CLEARING" : argument);
            case "park" -> stand.calls().park(channel);
            case "echo" -> channel.rtp.echo(true);
            default -> stand.note("executed without effect: " + application);
        }
        stand.events()
                .tell(executed("CHANNEL_EXECUTE", channel, application, argument, id)
                        .without("Application-Response"));
        stand.events()
                .tell(executed("CHANNEL_EXECUTE_COMPLETE", channel, application, argument, id)
                        .with("Application-Response", application.equals("playback") ? "FILE PLAYED" : "_none_"));
    }

    private StandInEvent executed(String name, StandInChannel channel, String application, String argument, String id) {
        return stand.events()
                .of(name, channel)
                .with("Application", application)
                .with("Application-Data", argument)
                .with("Application-UUID", id.isEmpty() ? UUID.randomUUID().toString() : id);
    }

    /** The call of an outbound socket is over: notices, with or without linger. */
    void endOf(StandInChannel channel) {
        StandInLink link = channel.link;
        if (link == null) return;
        channel.link = null;
        Map<String, String> places = channel.places(stand.events().core(), 0);
        if (link.lingerSeconds < 0) {
            link.write(Recording.reply("notice-disconnect", places));
            close(link);
            return;
        }
        link.write(Recording.reply("notice-linger", places)
                .replace("Linger-Time: 1", "Linger-Time: " + link.lingerSeconds));
        stand.later(TimeUnit.SECONDS.toMillis(link.lingerSeconds), () -> {
            link.write(Recording.reply("notice-disconnect", places));
            close(link);
        });
    }

    private void close(@Nullable StandInLink link) {
        if (link == null) return;
        stand.events().links().remove(link);
        link.close();
    }

    /** Cuts what is there; new connections are taken as before. */
    void cut() {
        stand.events().links().forEach(this::close);
    }

    @Override
    public void close() {
        try {
            server.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        cut();
    }
}
