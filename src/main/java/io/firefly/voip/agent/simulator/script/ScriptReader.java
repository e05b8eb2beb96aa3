package io.firefly.voip.agent.simulator.script;

import io.firefly.voip.agent.simulator.script.Fault.At;
import io.firefly.voip.agent.simulator.script.Step.Heard;
import io.firefly.voip.agent.simulator.script.Step.When;
import io.firefly.voip.agent.simulator.script.Visit.Afterwards;
import io.firefly.voip.agent.simulator.script.Visit.Handshake;
import io.firefly.voip.agent.simulator.script.Visit.Terms;
import io.firefly.voip.agent.simulator.script.Visit.Welcome;
import io.firefly.voip.audio.Sound;
import io.firefly.voip.audio.WavFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Reads a script. All mistakes are told at once. */
public final class ScriptReader {
    private static final List<String> TEMPO =
            List.of("response-delay", "first-audio-delay", "jitter", "tool-delay", "speed");
    private static final Set<String> VISIT = keys(
            TEMPO,
            "steps",
            "handshake",
            "handshake-delay",
            "retry-after",
            "created-after",
            "session-limit",
            "tokens-per-minute",
            "ping-interval",
            "extra-fields",
            "shuffle",
            "afterwards",
            "faults");
    private static final Set<String> TOP = keys(List.copyOf(VISIT), "name", "seed", "connections");
    private static final Set<String> STEP = keys(
            TEMPO,
            "when",
            "contains",
            "heard",
            "heard-after",
            "heard-fails",
            "unfinished",
            "say",
            "sound",
            "call",
            "arguments",
            "late-deltas",
            "faults");
    private static final Set<String> CALL = keys(List.of(), "tool", "arguments");
    private static final int MAX_VISITS = 1_000;

    private final Path folder;

    private ScriptReader(Path folder) {
        this.folder = folder;
    }

    /** @param file in UTF-8; sounds it names are looked for beside it */
    public static Script read(Path file) throws IOException, ScriptFormatException {
        Path folder = file.toAbsolutePath().getParent();
        return read(file.toString(), Files.readString(file), folder == null ? Path.of("") : folder);
    }

    /**
     * @param name how mistakes call the text
     * @param folder where sounds are looked for
     */
    public static Script read(String name, String yaml, Path folder) throws ScriptFormatException {
        ScriptText text = new ScriptText(name, yaml);
        ScriptFields top = text.top(TOP);
        Script script = top == null ? Script.NONE : new ScriptReader(folder).script(top);
        text.throwIfWrong();
        return script;
    }

    /** One fault, to be done now: a mapping with one deed. */
    public static Consumer<Victim> deed(String name, String yaml) throws ScriptFormatException {
        ScriptText text = new ScriptText(name, yaml);
        ScriptFields top = text.top(FaultReader.keys());
        Consumer<Victim> deed = top == null ? victim -> {} : FaultReader.deed(top);
        text.throwIfWrong();
        return deed;
    }

    private Script script(ScriptFields top) {
        List<Visit> visits = new ArrayList<>();
        if (top.has("connections")) {
            top.names().stream()
                    .filter(VISIT::contains)
                    .forEach(name -> top.mistake(
                            name, "'" + name + "' beside 'connections' is for nobody; write it into the connections."));
            for (ScriptFields entry : top.entries("connections", VISIT)) visits.add(visit(entry));
            if (visits.isEmpty()) top.mistake("connections", "'connections' needs at least one entry.");
            if (visits.size() > MAX_VISITS) top.mistake("connections", "at most " + MAX_VISITS + " connections.");
        } else {
            visits.add(visit(top));
        }
        long seed = top.integer("seed", -1, 0, Integer.MAX_VALUE);
        return new Script(top.text("name", ""), seed, visits.isEmpty() ? List.of(Visit.ORDINARY) : visits);
    }

    private Visit visit(ScriptFields fields) {
        List<Step> steps = new ArrayList<>();
        for (ScriptFields entry : fields.entries("steps", STEP)) steps.add(step(entry));
        Terms terms = new Terms(
                fields.millis("created-after", 0),
                fields.millis("session-limit", -1),
                fields.integer("tokens-per-minute", 0, 1, 100_000_000),
                fields.millis("ping-interval", 0),
                fields.flag("extra-fields"),
                fields.flag("shuffle"));
        Afterwards afterwards = fields.oneOf("afterwards", Afterwards.RECEPTIONIST, List.of(Afterwards.values()));
        if (afterwards == Afterwards.REPEAT && steps.isEmpty()) {
            fields.mistake("afterwards", "there are no 'steps' to repeat.");
        }
        return new Visit(
                handshake(fields),
                terms,
                tempo(fields),
                steps,
                afterwards,
                FaultReader.read(fields, At.OPEN, List.of(At.OPEN)));
    }

    private static Handshake handshake(ScriptFields fields) {
        String word = fields.text("handshake", "accept");
        int status = word.matches("[45]\\d\\d") ? Integer.parseInt(word) : 101;
        Welcome welcome =
                switch (word) {
                    case "accept" -> Welcome.ACCEPT;
                    case "silent" -> Welcome.SILENT;
                    case "invalid-key" -> Welcome.INVALID_KEY;
                    default -> Welcome.STATUS;
                };
        if (welcome == Welcome.STATUS && status == 101) {
            fields.mistake(
                    "handshake", "'handshake' must be accept, silent, invalid-key or an HTTP status from 400 to 599.");
        }
        int retryAfter = (int) Math.min(3_600, fields.millis("retry-after", 0) / 1_000);
        return new Handshake(welcome, status, fields.millis("handshake-delay", 0), retryAfter);
    }

    private static Tempo tempo(ScriptFields fields) {
        return new Tempo(
                fields.millis("response-delay", -1),
                fields.millis("first-audio-delay", -1),
                fields.millis("jitter", -1),
                fields.millis("tool-delay", -1),
                fields.number("speed", -1, 0.1, 1_000));
    }

    private Step step(ScriptFields fields) {
        // What the caller said answers the caller: the greeting does not use such a step up.
        When usual = fields.has("heard") ? When.TURN : When.ANY;
        When when = fields.oneOf("when", usual, List.of(When.values()));
        String contains = fields.text("contains", "");
        if (fields.has("contains") && when != When.TEXT && when != When.TOOL) {
            fields.mistake("contains", "'contains' needs 'when: text' or 'when: tool'.");
        }
        return new Step(
                when,
                contains,
                heard(fields),
                fields.flag("unfinished"),
                lines(fields),
                tempo(fields),
                fields.integer("late-deltas", 0, 0, 20),
                FaultReader.read(fields, At.RESPONSE, List.of(At.TURN, At.RESPONSE, At.AUDIO, At.DONE)));
    }

    private static @Nullable Heard heard(ScriptFields fields) {
        boolean fails = fields.flag("heard-fails");
        if (!fields.has("heard") && !fails) {
            if (fields.has("heard-after")) fields.mistake("heard-after", "'heard-after' needs 'heard'.");
            return null;
        }
        boolean afterResponse = fields.text("heard-after", "").equals("response");
        long afterMillis = afterResponse ? 0 : fields.millis("heard-after", -1);
        return new Heard(fields.text("heard", ""), afterMillis, afterResponse, fails);
    }

    private List<Line> lines(ScriptFields fields) {
        List<Line> lines = new ArrayList<>();
        Sound sound = sound(fields);
        for (String say : fields.texts("say")) lines.add(new Line(say, sound, null, ""));
        if (sound != null && lines.size() != 1) fields.mistake("sound", "'sound' needs one 'say' with its text.");
        if (fields.holdsMappings("call")) {
            for (ScriptFields call : fields.entries("call", CALL)) lines.add(call(call, "tool"));
        } else {
            List<String> tools = fields.texts("call");
            if (tools.size() == 1) lines.add(call(fields, "call"));
            if (tools.size() > 1) tools.forEach(tool -> lines.add(Line.call(tool, "")));
        }
        if (fields.has("arguments") && !fields.has("call")) {
            fields.mistake("arguments", "'arguments' needs 'call' with the name of a tool.");
        }
        return lines;
    }

    private static Line call(ScriptFields fields, String key) {
        String tool = fields.text(key, "");
        if (tool.isBlank()) fields.mistake(key, "'" + key + "' must be the name of a tool.");
        if (!fields.has("arguments")) return Line.call(tool, "");
        // A text stays as it is: so a model's broken JSON can be played too.
        boolean mapping = fields.isMapping("arguments");
        return Line.call(tool, mapping ? String.valueOf(fields.json("arguments")) : fields.text("arguments", ""));
    }

    private @Nullable Sound sound(ScriptFields fields) {
        String name = fields.text("sound", "");
        if (name.isEmpty()) return null;
        try {
            return WavFile.read(folder.resolve(name));
        } catch (IOException | IllegalArgumentException e) {
            fields.mistake("sound", "cannot read the sound: " + e.getMessage());
            return null;
        }
    }

    private static Set<String> keys(List<String> common, String... own) {
        Set<String> keys = new LinkedHashSet<>(List.of(own));
        keys.addAll(common);
        return keys;
    }
}
