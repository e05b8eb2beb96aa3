package io.firefly.voip.routes;

import io.firefly.voip.camel.rehearsal.Rehearsal.RefusedRoutesException;
import io.firefly.voip.tenant.DirectoryFormatException;
import java.io.UncheckedIOException;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The verb {@code routes}: looks at route files, plays calls through them and runs their tests, without an exchange. */
@Command(
        name = "routes",
        sortOptions = false,
        header = {
            "Examples:",
            "  routes check routes",
            "  routes explain --from +15550100 --to echo",
            "  routes test",
            "  routes graph --format mermaid",
            ""
        },
        description = {
            "Works on the files of a folder, as they are. No call is placed, no port is opened, nothing is written.",
            ""
        },
        subcommands = {ExplainCommand.class, CheckCommand.class, TestCommand.class, GraphCommand.class})
public final class RoutesCommand implements Runnable {
    static final int GOOD = 0;
    static final int BAD = 1;
    static final int USAGE = 2;

    @CommandLine.Option(
            names = {"-h", "--help"},
            usageHelp = true,
            scope = CommandLine.ScopeType.INHERIT,
            description = "show this")
    @SuppressWarnings("unused") // picocli looks at it
    private boolean help;

    /** Runs the verb with what follows it on the command line. */
    public static int run(String[] arguments) {
        quietLogs();
        return new CommandLine(new RoutesCommand())
                .setParameterExceptionHandler((wrong, args) -> {
                    System.err.println(wrong.getMessage());
                    System.err.println(
                            "'" + wrong.getCommandLine().getCommandSpec().qualifiedName()
                                    + " --help' shows what can be said.");
                    return USAGE;
                })
                .setExecutionExceptionHandler((failure, command, parsed) -> told(failure))
                .execute(arguments);
    }

    /** Mistakes in files and words are sentences, not stack traces. */
    private static int told(Exception failure) throws Exception {
        boolean isTheFiles = failure instanceof RefusedRoutesException || failure instanceof DirectoryFormatException;
        boolean isTheWords = failure instanceof IllegalArgumentException || failure instanceof UncheckedIOException;
        if (!isTheFiles && !isTheWords && !(failure instanceof IllegalStateException)) throw failure;
        System.err.println(failure.getMessage());
        return isTheWords ? USAGE : BAD;
    }

    /** What routes log while they are played is not the answer; a system property of one's own wins. */
    private static void quietLogs() {
        String key = "logback.configurationFile";
        if (System.getProperty(key) == null) System.setProperty(key, "logback-routes.xml");
    }

    @Override
    public void run() {
        throw new CommandLine.ParameterException(
                new CommandLine(this), "routes: what shall be done? check, explain, test or graph");
    }
}
