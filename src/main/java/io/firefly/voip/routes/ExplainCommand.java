package io.firefly.voip.routes;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.firefly.voip.camel.rehearsal.Described;
import io.firefly.voip.camel.rehearsal.Rehearsal;
import io.firefly.voip.camel.rehearsal.Run;
import io.firefly.voip.camel.rehearsal.Scene;
import io.firefly.voip.camel.rehearsal.Script;
import io.firefly.voip.routes.cases.CaseFile;
import java.io.IOException;
import java.nio.file.Path;
import java.time.format.DateTimeParseException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code routes explain}: what would become of this call, and why? */
@Command(
        name = "explain",
        sortOptions = false,
        header = {
            "Examples:",
            "  routes explain --from +15550100 --to echo",
            "  routes explain --to +442079460999 --diversion +442079460123",
            "  routes explain --to chat --source 203.0.113.7 --subscriber linphone -o json",
            "  routes explain --call data/recordings/2026-01-01/abc.json",
            ""
        },
        description = {
            "Plays a call through the real routes without placing one, and prints every step, every condition with the"
                    + " values it saw, whose call it is and why, and what the caller would hear.",
            ""
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:explained", "1:the routes are wrong or did not come to an end", "2:the command line is wrong"
        })
final class ExplainCommand implements Callable<Integer> {
    @Spec
    private @Nullable CommandSpec spec;

    @Option(names = "--to", paramLabel = "NUMBER", description = "whom is called: a number, a name or a SIP address")
    private @Nullable String to;

    @Option(names = "--from", paramLabel = "NUMBER", description = "who calls (default: anonymous)")
    private @Nullable String from;

    @Option(names = "--display-name", paramLabel = "NAME", description = "the name in From")
    private @Nullable String displayName;

    @Option(
            names = "--diversion",
            paramLabel = "NUMBER",
            description = "who forwarded the call, newest first; may be repeated")
    private @Nullable List<String> diversions;

    @Option(names = "--asserted", paramLabel = "NUMBER", description = "P-Asserted-Identity")
    private @Nullable String asserted;

    @Option(names = "--source", paramLabel = "IP", description = "where it comes from (default: 127.0.0.1)")
    private @Nullable String source;

    @Option(
            names = "--trusted",
            negatable = true,
            description = "whether that address may assert identities (default: as firefly.sip.trusted-addresses says)")
    private @Nullable Boolean trusted;

    @Option(names = "--subscriber", paramLabel = "USER", description = "who the caller proved to be")
    private @Nullable String subscriber;

    @Option(names = "--header", paramLabel = "'Name: value'", description = "a SIP header; may be repeated")
    private List<String> headers = List.of();

    @Option(names = "--at", paramLabel = "TIME", description = "when, such as 2026-12-24T18:00 (default: now)")
    private @Nullable String at;

    @Option(
            names = "--call",
            paramLabel = "FILE",
            description = "a recorded call: the JSON beside a recording, or a detail record")
    private @Nullable Path call;

    @Option(names = "--call-id", paramLabel = "ID", description = "which line of a file of detail records")
    private @Nullable String callId;

    @Option(
            names = "--failing",
            paramLabel = "STEP",
            description = "a step that fails, such as agent:reception; may be repeated")
    private List<String> failing = List.of();

    @Option(names = "--dir", defaultValue = "routes", description = "folder of the route files (default: routes)")
    private Path folder = Path.of("routes");

    @Option(
            names = {"-o", "--output"},
            defaultValue = "text",
            description = "text or json (default: text)")
    private String output = "text";

    @Mixin
    private FolderOptions options = new FolderOptions();

    @Override
    public Integer call() throws IOException {
        if (!output.equals("text") && !output.equals("json"))
            throw usage("-o must be text or json, not '" + output + "'");
        Described described = described();
        Script script = Script.NONE;
        for (String step : failing) script = script.failing(step);
        try (Rehearsal rehearsal = Rehearsal.of(options.read(folder))) {
            Run run = rehearsal.run(new Scene.Incoming(described), script);
            System.out.print(output.equals("json") ? json(run) : RunText.of(run));
        }
        return RoutesCommand.GOOD;
    }

    private static String json(Run run) throws JsonProcessingException {
        ObjectMapper json = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);
        return json.writeValueAsString(RunFacts.of(run)) + "\n";
    }

    /** What the recorded call says, and what was said beside it on the command line. */
    private Described described() throws IOException {
        Described base = call == null ? Described.call("anonymous", "") : RecordedCall.read(call, callId);
        if (call == null && to == null) throw usage("--to is missing: whom is called? Or --call with a recorded call");
        return new Described(
                from == null ? base.from() : from,
                to == null ? base.to() : to,
                displayName == null ? base.displayName() : displayName,
                diversions == null ? base.diversions() : diversions,
                asserted == null ? base.asserted() : asserted,
                source == null ? base.source() : source,
                trusted == null ? base.trusted() : trusted,
                subscriber == null ? base.subscriber() : subscriber,
                headerTable(),
                when(base));
    }

    private java.time.@Nullable Instant when(Described base) {
        if (at == null) return base.at();
        try {
            return CaseFile.instant(at);
        } catch (DateTimeParseException e) {
            throw usage("--at '" + at + "' is no time; write 2026-12-24T18:00 or 2026-12-24T18:00:00Z");
        }
    }

    private Map<String, String> headerTable() {
        Map<String, String> table = new LinkedHashMap<>();
        for (String header : headers) {
            int colon = header.indexOf(':');
            if (colon < 1) throw usage("--header '" + header + "' must be 'Name: value'");
            table.put(
                    header.substring(0, colon).strip(),
                    header.substring(colon + 1).strip());
        }
        return table;
    }

    private CommandLine.ParameterException usage(String sentence) {
        CommandLine command = spec == null ? new CommandLine(this) : spec.commandLine();
        return new CommandLine.ParameterException(command, sentence);
    }
}
