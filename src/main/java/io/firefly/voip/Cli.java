package io.firefly.voip;

import java.util.Set;

/** Dispatches the verbs that need no Spring. No verb, {@code serve} or a Spring option starts the exchange. */
final class Cli {
    private static final Set<String> VERBS = Set.of();

    private Cli() {}

    static boolean takes(String[] args) {
        return args.length > 0 && VERBS.contains(args[0]);
    }

    static int run(String[] args) {
        System.err.println("firefly: no verb '" + args[0] + "'");
        return 2;
    }
}
