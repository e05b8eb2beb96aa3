package io.firefly.voip.agent.simulator;

import io.firefly.voip.agent.simulator.SimulatorServer.Options;
import io.firefly.voip.agent.simulator.script.Script;
import io.firefly.voip.agent.simulator.script.ScriptFormatException;
import io.firefly.voip.agent.simulator.script.ScriptReader;
import io.vertx.core.net.PemKeyCertOptions;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The verb {@code simulator}: the realtime server in a process of its own, without Spring. */
@Command(
        name = "simulator",
        sortOptions = false,
        header = {
            "Examples:",
            "  simulator",
            "  simulator --port 8090 --script trouble.yaml",
            "  simulator --script trouble.yaml --check",
            "  simulator --example > trouble.yaml",
            ""
        },
        description = {
            "Speaks the OpenAI Realtime protocol on this machine, with real sound and turn detection, so that routes and"
                    + " clients can be tried without a key. A script says what is said, heard and called, and what"
                    + " goes wrong. Any API key is good.",
            ""
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:--seconds are over, or --check found a good script",
            "1:the script is malformed or cannot be read, or the port is taken",
            "2:the command line is wrong",
            "130:interrupted",
            "143:terminated"
        })
public final class SimulatorCommand implements Callable<Integer> {
    private static final int GOOD = 0;
    private static final int BAD = 1;
    private static final int USAGE = 2;
    private static final int INTERRUPTED = 130;
    private static final int MAX_SECONDS = 86_400;

    @Spec
    private @Nullable CommandSpec spec;

    @Option(names = "--port", defaultValue = "8086", description = "TCP; 0 takes any free one (default: 8086)")
    private int port;

    @Option(names = "--bind", defaultValue = "127.0.0.1", description = "address (default: 127.0.0.1)")
    private String bind = "127.0.0.1";

    @Option(
            names = "--allow-remote",
            description = "needed to --bind to anything but this machine: whoever reaches it may talk to it")
    private boolean allowRemote;

    @Option(names = "--script", paramLabel = "YAML", description = "what is said and what goes wrong")
    private @Nullable Path script;

    @Option(names = "--check", description = "only say whether the script is good")
    private boolean check;

    @Option(names = "--example", description = "only print a script with all that one may say, explained")
    private boolean example;

    @Option(names = "--seconds", defaultValue = "0", description = "end after so long (default: never)")
    private int seconds;

    @Option(
            names = "--clock",
            defaultValue = "real",
            description = "real, or manual: time passes only by POST /control/clock?advance=MS (default: real)")
    private String clock = "real";

    @Option(names = "--certificate", paramLabel = "PEM", description = "speak TLS with it; needs --key")
    private @Nullable Path certificate;

    @Option(names = "--key", paramLabel = "PEM", description = "its private key, PKCS #8")
    private @Nullable Path key;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "show this")
    @SuppressWarnings("unused") // picocli looks at it
    private boolean help;

    /** Runs the verb with what follows it on the command line; returns when it is over. */
    public static int run(String[] arguments) {
        return run(arguments, new CommandLine(new SimulatorCommand()));
    }

    static int run(String[] arguments, CommandLine line) {
        String logs = "logback.configurationFile";
        if (System.getProperty(logs) == null) System.setProperty(logs, "logback-routes.xml");
        return line.setParameterExceptionHandler((wrong, args) -> {
                    PrintWriter err = line.getErr();
                    err.println(wrong.getMessage());
                    err.println("'simulator --help' shows what can be said.");
                    err.flush();
                    return USAGE;
                })
                .execute(arguments);
    }

    @Override
    public Integer call() throws InterruptedException {
        require(port >= 0 && port <= 65_535, "--port " + port + ": 0 to 65535");
        require(seconds >= 0 && seconds <= MAX_SECONDS, "--seconds " + seconds + ": 0 to " + MAX_SECONDS);
        require(clock.equals("real") || clock.equals("manual"), "--clock " + clock + ": real or manual");
        require(!check || script != null, "--check needs --script");
        require(
                allowRemote || isLoopback(bind),
                "--bind " + bind + ": any key is good here, so only this machine; if others shall reach it, add"
                        + " --allow-remote");
        try {
            if (example) return printExample();
            Script scenario = script == null ? Script.NONE : ScriptReader.read(script);
            if (!check) return serve(scenario);
            out().println(script + " is good: " + described(scenario));
            out().flush();
            return GOOD;
        } catch (ScriptFormatException e) {
            return failed(String.valueOf(e.getMessage()));
        } catch (IOException e) {
            return failed("cannot read " + script + "; it must be a text file in UTF-8");
        }
    }

    private int printExample() throws IOException {
        try (InputStream in = SimulatorCommand.class.getResourceAsStream("/simulator/example.yaml")) {
            if (in == null) return failed("no example in this build");
            out().print(new String(in.readAllBytes(), StandardCharsets.UTF_8));
            out().flush();
            return GOOD;
        }
    }

    private int serve(Script scenario) throws InterruptedException {
        Options options = new Options(scenario, certificates(), clock.equals("manual"), this::journal);
        SimulatorServer server;
        try {
            server = SimulatorServer.start(SimulatorProperties.defaults().on(bind, port), options);
        } catch (IllegalStateException e) {
            return failed("cannot listen on " + bind + ":" + port + "; is another one running? --port takes another");
        }
        CountDownLatch over = new CountDownLatch(1);
        Runtime.getRuntime().addShutdownHook(new Thread(over::countDown, "simulator-stop"));
        try (server) {
            greet(server, scenario);
            boolean interrupted = over.await(seconds > 0 ? seconds : Long.MAX_VALUE, TimeUnit.SECONDS);
            return interrupted ? INTERRUPTED : GOOD;
        }
    }

    private void greet(SimulatorServer server, Script scenario) {
        String here = isLoopback(bind) ? bind : "127.0.0.1";
        String http = (certificate == null ? "http://" : "https://") + here + ":" + server.port();
        out().println("simulator of the OpenAI Realtime API; Ctrl-C ends it");
        out().println("  listens   " + server.baseUrl() + "/realtime?model=gpt-realtime-2.1, any API key");
        out().println("  Firefly   java -jar firefly.jar --firefly.agent.provider=openai"
                + " --firefly.openai.api-key=any --firefly.openai.base-url=" + server.baseUrl());
        out().println("  control   " + http + "/control (state, frames, fault, script"
                + (isManual() ? ", clock)" : ")"));
        out().println("  plays     " + described(scenario));
        if (isManual()) out().println("  clock     manual: POST " + http + "/control/clock?advance=1000");
        out().flush();
    }

    private boolean isManual() {
        return clock.equals("manual");
    }

    private static String described(Script scenario) {
        if (scenario.equals(Script.NONE)) {
            return "a receptionist: greets, answers each turn, says goodbye at the third if there is a tool to hang up";
        }
        int steps = scenario.visits().stream()
                .mapToInt(visit -> visit.steps().size())
                .sum();
        String name = scenario.name().isEmpty() ? "" : "'" + scenario.name() + "', ";
        return name + "connections: " + scenario.visits().size() + ", steps: " + steps;
    }

    private @Nullable PemKeyCertOptions certificates() {
        require((certificate == null) == (key == null), "--certificate and --key go together");
        if (certificate == null || key == null) return null;
        require(Files.isReadable(certificate), "--certificate " + certificate + ": cannot be read");
        require(Files.isReadable(key), "--key " + key + ": cannot be read");
        return new PemKeyCertOptions().setCertPath(certificate.toString()).setKeyPath(key.toString());
    }

    private void journal(String event) {
        out().println(LocalTime.now(ZoneId.systemDefault()).truncatedTo(ChronoUnit.MILLIS) + "  " + event);
        out().flush();
    }

    private int failed(String sentence) {
        PrintWriter err = commandLine().getErr();
        err.println(sentence);
        err.flush();
        return BAD;
    }

    private PrintWriter out() {
        return commandLine().getOut();
    }

    private CommandLine commandLine() {
        return spec == null ? new CommandLine(this) : spec.commandLine();
    }

    private static boolean isLoopback(String address) {
        try {
            return InetAddress.getByName(address).isLoopbackAddress();
        } catch (UnknownHostException e) {
            return false;
        }
    }

    private void require(boolean fine, String sentence) {
        if (!fine) throw new ParameterException(commandLine(), sentence);
    }
}
