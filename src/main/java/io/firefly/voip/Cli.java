package io.firefly.voip;

import io.firefly.voip.agent.simulator.SimulatorCommand;
import io.firefly.voip.phone.CallCommand;
import io.firefly.voip.routes.RoutesCommand;
import io.firefly.voip.speech.SpeechServerCommand;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Dispatches the verbs that need no Spring. No verb, {@code serve} or a Spring option ({@code --key=value}) starts the
 * exchange.
 */
final class Cli {
    private static final int USAGE = 2;
    private static final Map<String, ToIntFunction<String[]>> VERBS = new TreeMap<>(Map.of(
            "call",
            CallCommand::run,
            "routes",
            RoutesCommand::run,
            "simulator",
            SimulatorCommand::run,
            "speech-server",
            SpeechServerCommand::run));
    private static final Set<String> HELP = Set.of("-h", "--help", "help");
    private static final Set<String> VERSION = Set.of("-V", "--version", "version");

    private Cli() {}

    static boolean takes(String[] args) {
        if (args.length == 0 || args[0].equals("serve")) return false;
        return HELP.contains(args[0]) || VERSION.contains(args[0]) || !args[0].startsWith("--");
    }

    static int run(String[] args) {
        if (HELP.contains(args[0])) {
            System.out.print(help());
            return 0;
        }
        if (VERSION.contains(args[0])) {
            System.out.println(version());
            return 0;
        }
        ToIntFunction<String[]> verb = VERBS.get(args[0]);
        if (verb == null) {
            System.err.println("firefly: no verb '" + args[0] + "'; known are serve, "
                    + String.join(", ", VERBS.keySet()) + meant(args[0]));
            return USAGE;
        }
        return verb.applyAsInt(Arrays.copyOfRange(args, 1, args.length));
    }

    private static String help() {
        return """
                Examples:
                  java -jar firefly.jar
                  java -jar firefly.jar serve --firefly.sip.port=5070
                  java -jar firefly.jar call sip:echo@127.0.0.1
                  java -jar firefly.jar routes explain --to echo
                  java -jar firefly.jar simulator --script trouble.yaml

                Verbs (VERB --help says more):
                  serve          start the exchange; the default, takes Spring options (--key=value)
                  call           place a test call and measure it
                  routes         check, explain, test and draw route files
                  simulator      speak the OpenAI Realtime protocol without a key, and go wrong by script
                  speech-server  speak and recognise on this machine, to try out the pipeline

                  --version, --help
                """;
    }

    private static String version() {
        @Nullable String version = Cli.class.getPackage().getImplementationVersion();
        return "firefly " + (version == null ? "(not packaged)" : version) + ", Java " + Runtime.version();
    }

    /** A verb that differs by a letter or two is offered. */
    private static String meant(String typed) {
        return VERBS.keySet().stream()
                .filter(verb -> distance(typed, verb) <= 2)
                .findFirst()
                .map(verb -> " (did you mean '" + verb + "'?)")
                .orElse("");
    }

    private static int distance(String a, String b) {
        if (a.isEmpty() || b.isEmpty() || Math.abs(a.length() - b.length()) > 2)
            return Math.max(a.length(), b.length());
        int same = distance(a.substring(1), b.substring(1)) + (a.charAt(0) == b.charAt(0) ? 0 : 1);
        int shorter = Math.min(distance(a.substring(1), b), distance(a, b.substring(1))) + 1;
        return Math.min(same, shorter);
    }
}
